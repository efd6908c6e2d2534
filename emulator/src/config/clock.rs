//! The clocks an emulator can run on. Nothing else in the crate reads the system clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::protocol::time::Time;

/// Where an emulator reads the time from.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> Time;
}

/// The machine's clock, made strictly increasing: no two calls answer the same instant, so orders by time are total.
#[derive(Debug, Default)]
pub struct SystemClock {
    last: AtomicU64,
    /// The instant it was set to, and when.
    begun: Option<(Time, Instant)>,
}

impl SystemClock {
    /// A clock that runs as fast as the machine's and begins now at `start`.
    #[must_use]
    pub fn starting_at(start: Time) -> Self {
        Self { last: AtomicU64::default(), begun: Some((start, Instant::now())) }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Time {
        let ticks = match self.begun {
            Some((start, begun)) => start.after(begun.elapsed()).ticks(),
            None => {
                let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Time::default().after(elapsed).ticks()
            }
        };
        let next = |last: u64| ticks.max(last.saturating_add(1));
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        Time::from_ticks(next(last.unwrap_or_default()))
    }
}

/// A clock that moves only by `advance`, for tests of expiry.
#[derive(Debug)]
pub struct ManualClock {
    ticks: AtomicU64,
}

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn new(start: Time) -> Self {
        Self { ticks: AtomicU64::new(start.ticks()) }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let ticks = u64::try_from(by.as_nanos() / 100).unwrap_or(u64::MAX);
        self.ticks.fetch_add(ticks, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        Time::from_ticks(self.ticks.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_never_answers_twice_the_same() {
        let clock = SystemClock::default();
        let first = clock.now();
        assert!(clock.now() > first);
    }

    #[test]
    fn a_clock_starts_at_its_instant_and_runs() {
        let start = Time::from_unix_seconds(1_706_076_984);
        let clock = SystemClock::starting_at(start);
        let first = clock.now();
        assert!(first >= start && first < start.after(Duration::from_secs(3600)));
        assert!(clock.now() > first);
    }
}
