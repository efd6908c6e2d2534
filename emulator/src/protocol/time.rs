//! Instants of 100 ns and their spellings on the wire.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

const TICKS_PER_SECOND: u64 = 10_000_000;
/// Ticks from 0001-01-01T00:00:00Z, where .NET begins to count, to the Unix epoch.
const DOTNET_EPOCH: u64 = 621_355_968_000_000_000;

/// An instant in ticks of 100 ns since the Unix epoch, UTC. Displays as the service writes times: seven fractional
/// digits with trailing zeros trimmed, and `Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(u64);

impl Time {
    /// From ticks of 100 ns since the Unix epoch.
    #[must_use]
    pub const fn from_ticks(ticks: u64) -> Self {
        Self(ticks)
    }

    /// From seconds since the Unix epoch.
    #[must_use]
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(TICKS_PER_SECOND))
    }

    /// Ticks of 100 ns since the Unix epoch.
    #[must_use]
    pub const fn ticks(self) -> u64 {
        self.0
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0 / TICKS_PER_SECOND
    }

    /// Ticks as .NET counts them, since 0001-01-01T00:00:00Z: the spelling of a cursor in time order.
    #[must_use]
    pub(crate) const fn dotnet_ticks(self) -> u64 {
        self.0.saturating_add(DOTNET_EPOCH)
    }

    /// From ticks as .NET counts them; `None` before the Unix epoch.
    #[must_use]
    pub(crate) fn from_dotnet_ticks(ticks: u64) -> Option<Self> {
        ticks.checked_sub(DOTNET_EPOCH).map(Self)
    }

    /// The instant `duration` later.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let ticks = u64::try_from(duration.as_nanos() / 100).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(ticks))
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let ticks = self.0.saturating_sub(earlier.0);
        Duration::new(ticks / TICKS_PER_SECOND, u32::try_from(ticks % TICKS_PER_SECOND).unwrap_or(0) * 100)
    }

    /// `2024-01-24T06:18:09Z`: without a fraction, as shared access signatures and upload states spell it.
    #[must_use]
    pub fn to_seconds_string(self) -> String {
        Self::from_unix_seconds(self.unix_seconds()).to_string()
    }

    /// The spelling of HTTP dates, such as `Wed, 24 Jan 2024 06:16:02 GMT` (RFC 9110, 5.6.7).
    #[must_use]
    pub fn to_http_date(self) -> String {
        let date = self.date_time();
        let weekday = date.weekday().to_string();
        let month = date.month().to_string();
        format!(
            "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
            weekday.get(..3).unwrap_or(&weekday),
            date.day(),
            month.get(..3).unwrap_or(&month),
            date.year(),
            date.hour(),
            date.minute(),
            date.second()
        )
    }

    fn date_time(self) -> OffsetDateTime {
        let seconds = i64::try_from(self.unix_seconds()).unwrap_or(i64::MAX);
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date_time();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            date.year(),
            u8::from(date.month()),
            date.day(),
            date.hour(),
            date.minute(),
            date.second()
        )?;
        let fraction = self.0 % TICKS_PER_SECOND;
        if fraction != 0 {
            let digits = format!("{fraction:07}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_seven_digits_with_trailing_zeros_trimmed() {
        let second = Time::from_unix_seconds(1_706_076_984);
        assert_eq!(second.to_string(), "2024-01-24T06:16:24Z");
        assert_eq!(Time::from_ticks(second.ticks() + 9_272_590).to_string(), "2024-01-24T06:16:24.927259Z");
        assert_eq!(Time::from_ticks(second.ticks() + 1).to_string(), "2024-01-24T06:16:24.0000001Z");
    }

    #[test]
    fn http_dates_are_those_of_rfc_9110() {
        let second = Time::from_unix_seconds(1_706_076_962);
        assert_eq!(second.to_http_date(), "Wed, 24 Jan 2024 06:16:02 GMT");
    }

    #[test]
    fn ticks_of_dotnet_begin_in_the_year_one() {
        // 2026-01-13T17:34:15.876657Z
        let time = Time::from_ticks(1_768_325_655 * TICKS_PER_SECOND + 8_766_570);
        assert_eq!(
            (time.dotnet_ticks(), time.to_string().as_str()),
            (639_039_224_558_766_570, "2026-01-13T17:34:15.876657Z")
        );
        assert_eq!(Time::from_dotnet_ticks(639_039_224_558_766_570), Some(time));
        assert_eq!(Time::from_dotnet_ticks(1), None);
    }
}
