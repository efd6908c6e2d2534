//! Moments as people read them: relative ("3 days ago") and absolute in UTC. Pure: the caller says what time it is.

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long ago a moment was, both in milliseconds since the Unix epoch. A moment to come is "in …".
pub(crate) fn relative(moment: i64, now: i64) -> String {
    let distance = now.saturating_sub(moment);
    let span = distance.saturating_abs();
    let (number, unit) = match span {
        _ if span < MINUTE => return if distance >= 0 { "just now".into() } else { "in a moment".into() },
        _ if span < HOUR => (span / MINUTE, "minute"),
        _ if span < DAY => (span / HOUR, "hour"),
        _ if span < 30 * DAY => (span / DAY, "day"),
        _ if span < 365 * DAY => (span / (30 * DAY), "month"),
        _ => (span / (365 * DAY), "year"),
    };
    let plural = if number == 1 { "" } else { "s" };
    if distance >= 0 { format!("{number} {unit}{plural} ago") } else { format!("in {number} {unit}{plural}") }
}

/// A moment in milliseconds since the Unix epoch as `2026-03-09 14:05:00 UTC`.
pub(crate) fn absolute(moment: i64) -> String {
    let (year, month, day) = civil(moment.div_euclid(DAY));
    let rest = moment.rem_euclid(DAY) / 1000;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", rest / 3600, rest / 60 % 60, rest % 60)
}

/// A moment in milliseconds since the Unix epoch as `2026-03-09`.
pub(crate) fn date(moment: i64) -> String {
    let (year, month, day) = civil(moment.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// The computation shifts the year to begin in March, so that the leap day comes last and every month's first day is a
/// linear function of its number.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_times_use_the_largest_whole_unit() {
        let now = 1_800_000_000_000;
        for (ago, text) in [
            (0, "just now"),
            (59_999, "just now"),
            (MINUTE, "1 minute ago"),
            (2 * HOUR, "2 hours ago"),
            (3 * DAY, "3 days ago"),
            (45 * DAY, "1 month ago"),
            (800 * DAY, "2 years ago"),
            (-10_000, "in a moment"),
            (-5 * MINUTE, "in 5 minutes"),
        ] {
            assert_eq!(relative(now - ago, now), text);
        }
    }

    #[test]
    fn absolute_times_are_utc() {
        assert_eq!(absolute(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(absolute(951_782_400_000), "2000-02-29 00:00:00 UTC");
        assert_eq!(absolute(1_706_076_961_517), "2024-01-24 06:16:01 UTC");
        assert_eq!(absolute(-1000), "1969-12-31 23:59:59 UTC");
        assert_eq!(date(1_706_076_961_517), "2024-01-24");
    }

    #[test]
    fn no_moment_is_too_far() {
        assert!(!relative(i64::MIN, i64::MAX).is_empty());
        assert!(!absolute(i64::MAX).is_empty() && !absolute(i64::MIN).is_empty());
    }
}
