//! Times as the registry writes them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A time, UTC, kept as the registry wrote it (RFC 3339 with up to seven fractional digits). Empty where the registry gave none.
/// Ordering is by the instant in milliseconds, then by text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// Takes a time as it was written; it is parsed only when it is asked for.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as the registry wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the registry gave no time.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Milliseconds since the Unix epoch, `None` where the text is no RFC 3339 time.
    #[must_use]
    pub fn unix_millis(&self) -> Option<i64> {
        let nanos = self.to_offset_date_time()?.unix_timestamp_nanos();
        i64::try_from(nanos.div_euclid(1_000_000)).ok()
    }

    /// The instant, `None` where the text is no RFC 3339 time.
    #[must_use]
    pub fn to_offset_date_time(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(&self.0, &Rfc3339).ok()
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.unix_millis().cmp(&other.unix_millis()).then_with(|| self.0.cmp(&other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_fractional_digits_and_trimmed_ones_are_read() {
        assert_eq!(Timestamp::new("2024-01-24T06:16:01.5177424Z").unix_millis(), Some(1_706_076_961_517));
        assert_eq!(Timestamp::new("2024-01-24T06:16:01Z").unix_millis(), Some(1_706_076_961_000));
    }

    #[test]
    fn what_is_no_time_keeps_its_text_and_gives_no_instant() {
        let odd = Timestamp::new("5/28/2021 10:16:55 PM");
        assert_eq!(odd.unix_millis(), None);
        assert_eq!(odd.as_str(), "5/28/2021 10:16:55 PM");
    }

    #[test]
    fn times_of_unlike_precision_order_by_instant() {
        assert!(Timestamp::new("2024-01-24T06:16:01.9Z") > Timestamp::new("2024-01-24T06:16:01.1234567Z"));
    }
}
