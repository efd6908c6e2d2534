//! What is left of the calls that the service tier allows. Only counted: `--throttle` is what refuses calls.

use std::sync::{Mutex, PoisonError};

use crate::config::Sku;
use crate::protocol::time::Time;

const MINUTE: u64 = 60;

/// Counts the calls of the current second and minute.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    deletes: Window,
    token_calls: Window,
}

#[derive(Debug, Default)]
struct Window {
    number: u64,
    calls: u64,
}

impl Window {
    /// Counts a call in the window of this number; answers the calls before it.
    fn count(&mut self, number: u64) -> u64 {
        if self.number != number {
            *self = Self { number, calls: 0 };
        }
        let before = self.calls;
        self.calls = before.saturating_add(1);
        before
    }
}

impl Budget {
    /// Counts a deletion. The rate header counts down from the tier's budget of a second, and has six decimals.
    pub(crate) fn count_delete(&self, sku: Sku, now: Time) -> String {
        let before = self.lock().deletes.count(now.unix_seconds());
        format!("{}.000000", sku.deletes_per_second().saturating_sub(before))
    }

    /// Counts a call of the token service. The rate header shows what is left of a minute, as calls per second, without
    /// trailing zeros.
    pub(crate) fn count_token_call(&self, sku: Sku, now: Time) -> String {
        let before = self.lock().token_calls.count(now.unix_seconds() / MINUTE);
        let left = sku.token_calls_per_minute().saturating_sub(before.saturating_add(1));
        // Rounded in millionths, so that no floating point is needed.
        let millionths = (left * 1_000_000 + MINUTE / 2) / MINUTE;
        let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions_count_down_within_a_second() {
        let (budget, now) = (Budget::default(), Time::from_unix_seconds(60));
        let count = |sku, at| budget.count_delete(sku, at);
        assert_eq!([count(Sku::Premium, now), count(Sku::Premium, now)], ["32.000000", "31.000000"]);
        assert_eq!(count(Sku::Basic, Time::from_unix_seconds(61)), "8.000000");
    }

    #[test]
    fn token_calls_count_down_within_a_minute() {
        let (budget, now) = (Budget::default(), Time::from_unix_seconds(60));
        let counts: Vec<String> = (0..3).map(|_| budget.count_token_call(Sku::Standard, now)).collect();
        assert_eq!(counts, ["166.65", "166.633333", "166.616667"]);
        assert_eq!(budget.count_token_call(Sku::Premium, Time::from_unix_seconds(120)), "333.316667");
    }
}
