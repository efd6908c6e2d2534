//! What a registry said about its limits, and the waiting it asked for. Clients that share a governor wait together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What the registry last said about its limits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Remaining calls a second, of `x-ms-ratelimit-remaining-calls-per-second`.
    pub remaining_calls_per_second: Option<f64>,
    /// Until when this client sends nothing, since the Unix epoch, UTC: set by 429 with Retry-After.
    pub throttled_until: Option<Duration>,
}

/// One registry's limits as its clients know them. Clones are the same governor: clients with clones of one wait
/// together once the registry has asked one of them to.
#[derive(Debug, Clone, Default)]
pub struct Governor(Arc<Mutex<RateLimit>>);

impl Governor {
    /// A governor that knows of no limit yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the registry last said about its limits.
    pub(crate) fn limit(&self) -> RateLimit {
        *self.lock()
    }

    /// No client sends until then; a moment since the Unix epoch, UTC.
    pub(crate) fn hold_until(&self, until: Option<Duration>) {
        self.lock().throttled_until = until;
    }

    /// How many calls a second the registry says are left.
    pub(crate) fn note_remaining(&self, calls: f64) {
        self.lock().remaining_calls_per_second = Some(calls);
    }

    fn lock(&self) -> MutexGuard<'_, RateLimit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
