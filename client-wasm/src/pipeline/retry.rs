//! When to try again, and after how long.

use std::time::Duration;

/// How often and how patiently to repeat what is safe to repeat: after 429, 502, 503, 504 or a connection that broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times at most; 0 for never. Default 3.
    pub max_retries: u32,
    /// The first wait, doubled each time. Default 500 ms.
    pub base_delay: Duration,
    /// The longest wait. Default 30 s. Where the registry asks for a longer one, the call fails and says so.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_retries: 3, base_delay: Duration::from_millis(500), max_delay: Duration::from_secs(30) }
    }
}

impl RetryPolicy {
    /// How long to wait before retry number `retry` (0 is the first), or `None` to give up. `asked` is the registry's Retry-After:
    /// never less than that. `jitter`, from 0 to 1, spreads callers that failed together.
    pub(crate) fn delay(&self, retry: u32, asked: Option<Duration>, jitter: f64) -> Option<Duration> {
        if retry >= self.max_retries {
            return None;
        }
        let backoff =
            self.base_delay.saturating_mul(1_u32.checked_shl(retry).unwrap_or(u32::MAX)).min(self.max_delay);
        // Half of it for certain, and as much of the other half as chance has it; in thousandths.
        let share = (jitter.clamp(0.0, 1.0) * 1000.0) as u32;
        let spread = (backoff / 2).saturating_add((backoff / 2000).saturating_mul(share));
        match asked {
            Some(asked) if asked > self.max_delay => None,
            Some(asked) => Some(asked.saturating_add(spread.min(asked / 10))),
            None => Some(spread),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        max_retries: 8,
        base_delay: Duration::from_millis(500),
        max_delay: Duration::from_secs(30),
    };

    #[test]
    fn waits_double_up_to_the_longest_one_and_are_spread() {
        assert_eq!(POLICY.delay(0, None, 1.0), Some(Duration::from_millis(500)));
        assert_eq!(POLICY.delay(0, None, 0.0), Some(Duration::from_millis(250)));
        assert_eq!(POLICY.delay(3, None, 1.0), Some(Duration::from_secs(4)));
        assert_eq!(POLICY.delay(7, None, 1.0), Some(Duration::from_secs(30)));
        assert_eq!(POLICY.delay(8, None, 1.0), None);
    }

    #[test]
    fn the_registrys_own_wait_is_never_cut_short() {
        assert!(POLICY.delay(0, Some(Duration::from_secs(3)), 0.0) >= Some(Duration::from_secs(3)));
        assert_eq!(POLICY.delay(0, Some(Duration::from_secs(31)), 0.0), None);
        assert_eq!(POLICY.delay(0, Some(Duration::ZERO), 1.0), Some(Duration::ZERO));
    }

    #[test]
    fn no_policy_and_no_jitter_makes_it_panic() {
        let wild = RetryPolicy {
            max_retries: u32::MAX,
            base_delay: Duration::MAX,
            max_delay: Duration::from_secs(1),
        };
        assert!(wild.delay(4_000_000_000, None, f64::NAN).is_none_or(|wait| wait <= Duration::from_secs(1)));
    }
}
