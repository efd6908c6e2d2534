//! Dates of the Gregorian calendar, as header fields and the registry write them.

/// Days from 1970-01-01 to a day of the calendar; the month counts from 0.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // The year begun in March, so that a leap day comes last.
    let (year, month) = if month < 2 { (year.checked_sub(1)?, month + 10) } else { (year, month - 2) };
    (year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day).checked_sub(719_469)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` in seconds since the Unix epoch: the form of date that senders must use (RFC 9110, "Date/Time
/// Formats").
pub(crate) fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(',')?.1.trim_start().strip_suffix(" GMT")?.split(' ');
    let day = number(words.next()?, 1, 31)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|known| *known == month)? as u64;
    let year = number(words.next()?, 1970, 9999)?;
    Some(days(year, month, day)? * 86_400 + time_of_day(words.next()?)?)
}

/// `2026-01-31T08:49:37.1234567Z` in 100 ns since 0001-01-01, UTC: the ticks of .NET, which the service counts in.
pub(crate) fn ticks(text: &str) -> Option<u64> {
    const UNIX_EPOCH: u64 = 621_355_968_000_000_000;
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let days = days(number(year, 1970, 9999)?, number(month, 1, 12)? - 1, number(day, 1, 31)?)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(7);
    let fraction = digits
        .map(|digit| digit.is_ascii_digit().then(|| u64::from(digit - b'0')))
        .try_fold(0, |sum, digit| Some(sum * 10 + digit?))?;
    Some(UNIX_EPOCH + (days * 86_400 + time_of_day(time)?) * 10_000_000 + fraction)
}

/// `08:49:37` in seconds.
fn time_of_day(text: &str) -> Option<u64> {
    let mut clock = text.split(':').map(|part| number(part, 0, 60));
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    Some((hour * 60 + minute) * 60 + second)
}

fn number(text: &str, least: u64, most: u64) -> Option<u64> {
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_those_of_the_service() {
        assert_eq!(ticks("1970-01-01T00:00:00Z"), Some(621_355_968_000_000_000));
        assert_eq!(ticks("2026-01-31T23:34:15.8766570Z"), Some(639_054_992_558_766_570));
        assert_eq!(ticks("2024-02-29T00:00:00.5Z"), Some(638_447_616_005_000_000));
        for nonsense in
            ["", "2024-13-01T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00+01:00", "x-y-zTa:b:cZ"]
        {
            assert_eq!(ticks(nonsense), None, "{nonsense}");
        }
    }
}
