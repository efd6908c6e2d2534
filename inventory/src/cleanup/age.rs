//! Ages in the notation of `acr purge --ago`: days, then a duration of the Go language.

use super::error::RuleError;
use crate::instant::Instant;

/// Longer than images are kept; `acr purge` cuts longer ages to this.
const MOST_TICKS: i128 = 150 * 365 * DAY;
const SECOND: i128 = Instant::TICKS_PER_SECOND as i128;
const DAY: i128 = 24 * 3600 * SECOND;

/// How long ago, in ticks of 100 ns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(i64);

impl Age {
    /// Reads `30d`, `1d12h`, `90m`, `1.5h`: a number of days and a Go duration, one of them or both. A negative age lies in the future,
    /// as for `acr purge`; an age above 150 years is 150 years.
    ///
    /// # Errors
    /// Where the text is neither. `acr purge` takes some of these for zero (`xd`), which would select everything.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let refuse = || RuleError::Age(text.to_owned());
        let (days, duration) = match text.split_once('d') {
            Some((days, duration)) => (Some(days), duration),
            None => (None, text),
        };
        let days: i128 = match days {
            Some(days) if is_integer(days) => days.parse::<i64>().map_or(i128::from(i64::MAX), i128::from),
            Some(_) => return Err(refuse()),
            None => 0,
        };
        let mut ticks = days.saturating_mul(DAY);
        if !duration.is_empty() {
            ticks = ticks.saturating_add(go_duration(duration).ok_or_else(refuse)?);
        } else if !text.ends_with('d') {
            return Err(refuse());
        }
        Ok(Self(i64::try_from(ticks.clamp(-MOST_TICKS, MOST_TICKS)).unwrap_or(i64::MAX)))
    }

    /// The age in ticks of 100 ns.
    #[must_use]
    pub fn ticks(self) -> i64 {
        self.0
    }

    /// The moment that lies so long before another.
    #[must_use]
    pub fn before(self, now: Instant) -> Instant {
        now.minus_ticks(self.0)
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Go's `time.ParseDuration`, in ticks: an optional sign, then numbers with units; or a lone zero.
fn go_duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut ticks = 0_i128;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(end)?;
        let (unit, tail) = unit(tail)?;
        ticks = ticks.saturating_add(scaled(number, unit)?);
        if tail.is_empty() {
            return Some(ticks.saturating_mul(sign));
        }
        rest = tail;
    }
}

/// The nanoseconds of the unit at the beginning of a text, and what follows it.
fn unit(text: &str) -> Option<(i128, &str)> {
    const UNITS: [(&str, i128); 8] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    UNITS.iter().find_map(|(name, nanos)| Some((*nanos, text.strip_prefix(name)?)))
}

/// A decimal number of units of so many nanoseconds, in ticks.
fn scaled(number: &str, nanos: i128) -> Option<i128> {
    let (integer, fraction) = number.split_once('.').unwrap_or((number, ""));
    if integer.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let value = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<u64>().ok() };
    // More digits than a u64 holds are beyond the longest age anyway.
    let integer = i128::from(value(integer).unwrap_or(u64::MAX));
    let fraction = fraction.get(..fraction.len().min(18)).unwrap_or_default();
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let fraction = i128::from(value(fraction)?).saturating_mul(nanos) / scale;
    Some(integer.saturating_mul(nanos).saturating_add(fraction) / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600 * Instant::TICKS_PER_SECOND;
    const MOST: i64 = MOST_TICKS as i64;

    #[test]
    fn ages_are_read_as_acr_purge_reads_them() {
        let table = [
            ("15m", HOUR / 4),
            ("1d1h3m", 25 * HOUR + HOUR / 20),
            ("3d", 72 * HOUR),
            ("0m", 0),
            ("0", 0),
            ("0d", 0),
            ("-1d", -24 * HOUR),
            ("1.5h", HOUR * 3 / 2),
            (".5h", HOUR / 2),
            ("1h30m", HOUR * 3 / 2),
            ("2d3h6m", 51 * HOUR + HOUR / 10),
            ("100ms", Instant::TICKS_PER_SECOND / 10),
            ("999999d", MOST),
            ("9999999999999999999999d", MOST),
            ("999999999h", MOST),
            ("9999999d999999999h", MOST),
        ];
        for (text, ticks) in table {
            assert_eq!(Age::parse(text), Ok(Age(ticks)), "{text}");
        }
    }

    #[test]
    fn what_is_no_age_is_refused() {
        for text in
            ["", "15", "15p", "d", "xd", "1.5d", "1d2", "1dd", "h", "1h2", "..h", "1.2.3h", "é", "1d é"]
        {
            assert_eq!(Age::parse(text), Err(RuleError::Age(text.to_owned())), "{text}");
        }
    }
}
