//! How fast requests may follow each other, and how long the rest takes. Pure: the caller says what time it is.

use acr_inventory::scan::Progress;

/// A budget of requests a minute: a first few at once, then evenly.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    per_minute: f64,
    /// How many may be sent at once after a rest.
    most_saved: f64,
    saved: f64,
    at: Option<i64>,
}

impl Pace {
    /// So many requests a minute, and so many of them at once.
    pub(crate) fn new(per_minute: u32, at_once: u32) -> Self {
        let saved = f64::from(at_once);
        Self { per_minute: f64::from(per_minute.max(1)), most_saved: saved, saved, at: None }
    }

    /// Takes the place of the next request and returns how long that has to wait, in milliseconds; `now` is in milliseconds too. A clock that
    /// is set back saves nothing.
    pub(crate) fn wait(&mut self, now: i64) -> u64 {
        let elapsed = self.at.map_or(0, |at| now.saturating_sub(at).max(0));
        self.at = Some(now);
        let earned = elapsed as f64 * self.per_minute / 60_000.0;
        self.saved = (self.saved + earned).min(self.most_saved) - 1.0;
        if self.saved >= 0.0 { 0 } else { (-self.saved * 60_000.0 / self.per_minute).ceil() as u64 }
    }
}

/// How long the rest of an analysis takes, in milliseconds, where `sent` requests were answered in `elapsed` milliseconds. `None` before there
/// is anything to go by: while lists are read, what they name is not known.
pub(crate) fn time_left(progress: &Progress, sent: usize, elapsed: i64) -> Option<u64> {
    /// What was measured over a shorter time says little.
    const SHORTEST: i64 = 1000;
    if !progress.lists_complete || sent == 0 || elapsed < SHORTEST {
        return None;
    }
    progress.millis_left(sent as f64 * 60_000.0 / elapsed as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When each of so many requests is sent, if each is asked for as soon as the one before was sent.
    fn sent(pace: &mut Pace, count: usize) -> Vec<i64> {
        let mut now = 0;
        let mut times = Vec::new();
        for _ in 0..count {
            now += i64::try_from(pace.wait(now)).unwrap();
            times.push(now);
        }
        times
    }

    #[test]
    fn a_budget_is_used_evenly_and_not_exceeded() {
        let times = sent(&mut Pace::new(6000, 10), 1010);
        assert!(times[..10].iter().all(|time| *time == 0), "{:?}", &times[..10]);
        let last = *times.last().unwrap();
        assert!((10_000..=11_000).contains(&last), "1000 more at 100 a second take ten seconds: {last}");
    }

    #[test]
    fn requests_that_are_asked_for_at_once_wait_one_after_the_other() {
        let mut pace = Pace::new(600, 1);
        assert_eq!([pace.wait(0), pace.wait(0), pace.wait(0)], [0, 100, 200]);
        assert_eq!(pace.wait(-5000), 300, "a clock that is set back");
        assert_eq!(pace.wait(i64::MAX), 0);
    }

    #[test]
    fn time_left_follows_from_what_was_measured() {
        let progress = Progress { done: 100, remaining: 300, failed: 0, lists_complete: true };
        assert_eq!(time_left(&progress, 100, 10_000), Some(30_000));
        assert_eq!(time_left(&progress, 100, 10), None);
        assert_eq!(time_left(&progress, 0, 10_000), None);
        assert_eq!(time_left(&Progress { lists_complete: false, ..progress }, 100, 10_000), None);
    }
}
