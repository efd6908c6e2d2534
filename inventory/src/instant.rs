//! Moments as the registry states them: UTC, in steps of 100 nanoseconds.

use acr_client_wasm::Timestamp;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment, UTC, in ticks of 100 ns since the Unix epoch: the precision of the registry's own times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// Ticks in a second.
    pub const TICKS_PER_SECOND: i64 = 10_000_000;

    /// A moment by its ticks of 100 ns since the Unix epoch.
    #[must_use]
    pub const fn from_ticks(ticks: i64) -> Self {
        Self(ticks)
    }

    /// A moment by its milliseconds since the Unix epoch, as `Date.now()` gives it.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(10_000))
    }

    /// Reads an RFC 3339 time; `None` where the text is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().and_then(Self::of)
    }

    fn of(time: OffsetDateTime) -> Option<Self> {
        i64::try_from(time.unix_timestamp_nanos().div_euclid(100)).ok().map(Self)
    }

    /// Ticks of 100 ns since the Unix epoch.
    #[must_use]
    pub const fn ticks(self) -> i64 {
        self.0
    }

    /// Milliseconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0.div_euclid(10_000)
    }

    /// The moment that lies so many ticks earlier, at the limits of the type the limit.
    #[must_use]
    pub const fn minus_ticks(self, ticks: i64) -> Self {
        Self(self.0.saturating_sub(ticks))
    }

    /// RFC 3339, or the ticks where the year is beyond that format.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 100)
            .ok()
            .and_then(|time| time.format(&Rfc3339).ok())
            .unwrap_or_else(|| self.0.to_string())
    }
}

impl Instant {
    /// The moment of a time that the registry wrote; `None` where it wrote none, or no RFC 3339.
    #[must_use]
    pub fn of_timestamp(timestamp: &Timestamp) -> Option<Self> {
        timestamp.to_offset_date_time().and_then(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_fractional_digits_are_kept() {
        let instant = Instant::parse("2024-01-24T06:16:01.5177424Z").unwrap();
        assert_eq!(instant.to_rfc3339(), "2024-01-24T06:16:01.5177424Z");
        assert_eq!(instant.unix_millis(), 1_706_076_961_517);
    }

    #[test]
    fn what_is_not_a_time_is_none_and_extremes_do_not_overflow() {
        assert_eq!(Instant::parse("5/28/2021 10:16:55 PM"), None);
        assert_eq!(Instant::from_ticks(i64::MIN).minus_ticks(1).ticks(), i64::MIN);
        assert!(!Instant::from_ticks(i64::MAX).to_rfc3339().is_empty());
        assert_eq!(Instant::from_unix_millis(i64::MAX).ticks(), i64::MAX);
    }
}
