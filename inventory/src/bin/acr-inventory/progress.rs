//! How far the reading of a registry is, on standard error: rewritten on a terminal, line by line with `--verbose` where there is none.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::Duration;

use acr_inventory::scan;

/// Between two reports on a terminal, and elsewhere.
const ON_TERMINAL: Duration = Duration::from_millis(500);
const IN_LINES: Duration = Duration::from_secs(10);

/// Reports to a person who waits.
#[derive(Debug)]
pub(crate) struct Reporter {
    on_terminal: bool,
    is_on: bool,
    due: Duration,
    /// Until when the last wait that was reported lasts.
    waits_until: Duration,
    is_shown: bool,
}

impl Reporter {
    pub(crate) fn new(verbose: bool) -> Self {
        let on_terminal = stderr().is_terminal();
        let is_on = on_terminal || verbose;
        Self { on_terminal, is_on, due: Duration::ZERO, waits_until: Duration::ZERO, is_shown: false }
    }

    /// Whether it is time for a report; making one takes a look at all of the inventory.
    pub(crate) fn is_due(&self, now: Duration) -> bool {
        self.is_on && now >= self.due
    }

    pub(crate) fn report(&mut self, progress: &scan::Progress, now: Duration) {
        let more = if progress.lists_complete { "" } else { " and more" };
        self.show(&format!("{} requests answered, {}{more} to go", progress.done, progress.remaining));
        self.due = now.saturating_add(if self.on_terminal { ON_TERMINAL } else { IN_LINES });
    }

    /// Reports that nothing is sent for a while, once each time; a short wait is not worth a word.
    pub(crate) fn waits(&mut self, wait: Duration, now: Duration) {
        if self.is_on && wait >= Duration::from_secs(2) && now >= self.waits_until {
            self.show(&format!("waiting for {} s before the next request", wait.as_secs()));
            self.waits_until = now.saturating_add(wait);
            self.due = self.waits_until;
        }
    }

    /// Takes the last report off the terminal.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }

    fn show(&mut self, text: &str) {
        // A report that cannot be written is not worth an error.
        let _ = if self.on_terminal {
            self.is_shown = true;
            write!(stderr(), "\r\x1b[Kacr-inventory: {text}").and_then(|()| stderr().flush())
        } else {
            writeln!(stderr(), "acr-inventory: {text}")
        };
    }
}
