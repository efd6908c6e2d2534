//! When the next request may be sent after errors, and when to give up.

use std::time::Duration;

use acr_client_wasm::{Error, ErrorKind};
use acr_inventory::Next;
use acr_inventory::scan::Outcome;

/// Errors in a row, with no answer in between, after which nothing more is asked for. Those that come while requests are held back count as
/// one: they belong to requests that were under way already.
const MOST_HOLDS: u32 = 6;
/// The first wait after a failure of the registry or of the network; doubled each time.
const BASE: Duration = Duration::from_millis(500);

/// What is known of the registry's willingness to answer. Times are those of the client's environment.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    held_until: Duration,
    holds: u32,
    has_answered: bool,
}

/// How a request that failed ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The scan goes on with the request ended like this.
    GoOn(Outcome),
    /// Nothing more is asked for.
    GiveUp,
}

impl Pace {
    /// How long a request has to wait before it is sent.
    pub(crate) fn wait(&self, now: Duration) -> Duration {
        self.held_until.saturating_sub(now)
    }

    /// Notes that a request was answered.
    pub(crate) fn answered(&mut self) {
        self.holds = 0;
        self.has_answered = true;
    }

    /// Notes that a request failed, and decides how to go on.
    pub(crate) fn failed(&mut self, error: &Error, now: Duration) -> Verdict {
        let outcome = match Next::after(error) {
            // A wait of nothing would count each of several requests at once as a hold of its own.
            Next::Wait(wait) => return self.hold(wait.max(BASE), now, Outcome::Later),
            // Asking again changes nothing where a registry was never reached or refuses the credential.
            Next::Pause if !self.has_answered || error.kind() == ErrorKind::Unauthorized => {
                return Verdict::GiveUp;
            }
            Next::Pause => Outcome::Later,
            Next::Retry => Outcome::Retry,
            Next::Fail => return Verdict::GoOn(Outcome::Failed),
        };
        let wait = BASE.saturating_mul(1_u32.checked_shl(self.holds).unwrap_or(u32::MAX));
        self.hold(wait, now, outcome)
    }

    fn hold(&mut self, wait: Duration, now: Duration, outcome: Outcome) -> Verdict {
        if self.held_until <= now {
            self.holds += 1;
        }
        self.held_until = self.held_until.max(now.saturating_add(wait));
        if self.holds > MOST_HOLDS { Verdict::GiveUp } else { Verdict::GoOn(outcome) }
    }
}
