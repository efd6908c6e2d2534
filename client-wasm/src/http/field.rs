//! Header fields with a meaning of their own: waits, limits, ranges, digests. All of them may be missing, hidden or nonsense.

use std::time::Duration;

use super::date::http_date;
use super::headers::Headers;
use crate::name::Digest;

/// `Retry-After`: seconds, or a date (RFC 9110, "Retry-After").
pub(crate) fn retry_after(headers: &Headers, now_unix_secs: u64) -> Option<Duration> {
    let value = headers.get("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    Some(Duration::from_secs(http_date(value)?.saturating_sub(now_unix_secs)))
}

/// The service writes `8.000000`. Read without a float parser, whose tables alone would be a tenth of the npm package.
pub(crate) fn remaining_calls(headers: &Headers) -> Option<f64> {
    let text = headers.get("x-ms-ratelimit-remaining-calls-per-second")?.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u32 = whole.parse().ok()?;
    let millionths = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(6)
        .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))?;
    Some(f64::from(whole) + f64::from(millionths) / 1_000_000.0)
}

/// `Docker-Content-Digest`, where it is one.
pub(crate) fn content_digest(headers: &Headers) -> Option<Digest> {
    headers.get("docker-content-digest")?.trim().parse().ok()
}

/// `Range` of an upload: how many bytes the registry holds. It names the last byte, and says `0-0` for none.
pub(crate) fn upload_offset(headers: &Headers) -> Option<u64> {
    let value = headers.get("range")?.trim();
    let (first, last) = value.strip_prefix("bytes=").unwrap_or(value).split_once('-')?;
    match (first.parse::<u64>().ok()?, last.parse::<u64>().ok()?) {
        (0, 0) => Some(0),
        (0, last) => last.checked_add(1),
        _ => None,
    }
}

/// `Content-Range: bytes 0-999/1472`: first and last byte, and the size of the whole.
pub(crate) fn content_range(headers: &Headers) -> Option<(u64, u64, Option<u64>)> {
    let (range, size) = headers.get("content-range")?.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    let size = if size == "*" { None } else { Some(size.parse().ok()?) };
    (first <= last).then_some((first, last, size))
}

/// `Content-Length`, where it counts the bytes that arrive: a compressed answer arrives decompressed.
pub(crate) fn content_length(headers: &Headers) -> Option<u64> {
    if headers.get("content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return None;
    }
    headers.get("content-length")?.trim().parse().ok()
}

/// Whether a browser hid header fields of this answer: across origins only the safelisted ones are seen, unless the server exposes more.
pub(crate) fn may_be_hidden(headers: &Headers) -> bool {
    const SAFELISTED: [&str; 7] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    headers.iter().all(|(name, _)| SAFELISTED.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &str) -> Headers {
        Headers::from_iter([(name, value)])
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(retry_after(&with("retry-after", "3"), 0), Some(Duration::from_secs(3)));
        let date = with("retry-after", "Thu, 01 Jan 1970 00:01:40 GMT");
        assert_eq!(retry_after(&date, 40), Some(Duration::from_secs(60)));
        assert_eq!(retry_after(&date, 400), Some(Duration::ZERO));
        let leap_day = with("retry-after", "Thu, 29 Feb 2024 12:00:00 GMT");
        assert_eq!(retry_after(&leap_day, 1_709_208_000 - 5), Some(Duration::from_secs(5)));
        let new_year = with("retry-after", "Mon, 01 Jan 2001 00:00:00 GMT");
        assert_eq!(retry_after(&new_year, 978_307_200 - 7), Some(Duration::from_secs(7)));
        for nonsense in [
            "soon",
            "Thu, 32 Jan 2024 00:00:00 GMT",
            "Thu, 01 Foo 2024 00:00:00 GMT",
            "Thu, 01 Jan 99999999999999999999 00:00:00 GMT",
        ] {
            assert_eq!(retry_after(&with("retry-after", nonsense), 0), None, "{nonsense}");
        }
    }

    #[test]
    fn what_is_left_of_the_limit_is_read_with_its_fraction() {
        let left = |text: &str| remaining_calls(&with("x-ms-ratelimit-remaining-calls-per-second", text));
        assert_eq!(left("8.000000"), Some(8.0));
        assert_eq!(left("166.65"), Some(166.65));
        assert_eq!(left("7"), Some(7.0));
        for nonsense in ["", "-1", "NaN", "1e9", "1.x", "99999999999"] {
            assert_eq!(left(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_range_of_an_upload_says_what_the_registry_holds() {
        for (value, offset) in [
            ("0-0", Some(0)),
            ("0-735", Some(736)),
            ("bytes=0-9", Some(10)),
            ("5-9", None),
            ("x", None),
            ("0-18446744073709551615", None),
        ] {
            assert_eq!(upload_offset(&with("range", value)), offset, "{value}");
        }
    }

    #[test]
    fn content_ranges_are_read() {
        assert_eq!(content_range(&with("content-range", "bytes 0-999/1472")), Some((0, 999, Some(1472))));
        assert_eq!(content_range(&with("content-range", "bytes 5-9/*")), Some((5, 9, None)));
        assert_eq!(content_range(&with("content-range", "bytes 9-5/10")), None);
    }

    #[test]
    fn only_safelisted_headers_mean_that_others_may_be_hidden() {
        assert!(may_be_hidden(&with("content-type", "application/json")));
        assert!(!may_be_hidden(&with("docker-distribution-api-version", "registry/2.0")));
    }
}
