//! Ranges: `Range: bytes=a-b` of downloads and `Content-Range: a-b` of uploads.

/// What a `Range` header requests of something of a known size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestedRange {
    /// All of it: no range, or one that is not understood, which RFC 9110 says to ignore.
    Full,
    /// The bytes from `start`, `length` of them.
    Partial { start: u64, length: u64 },
    /// A range that begins after the end.
    Unsatisfiable,
}

/// Reads a `Range` header.
pub(crate) fn requested(header: Option<&str>, size: u64) -> RequestedRange {
    let range =
        header.and_then(|text| text.trim().strip_prefix("bytes=")).and_then(|range| range.split_once('-'));
    let Some((first, last)) = range else {
        return RequestedRange::Full;
    };
    let (start, end) = match (number(first), number(last)) {
        (Some(start), Some(end)) if start <= end => (start, end.saturating_add(1).min(size)),
        (Some(start), None) if last.is_empty() => (start, size),
        _ => return RequestedRange::Full,
    };
    if start >= size {
        RequestedRange::Unsatisfiable
    } else {
        RequestedRange::Partial { start, length: end - start }
    }
}

/// Reads the `Content-Range` of an upload: first and last offset, as the service wants it, without unit or total.
pub(crate) fn upload_range(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.split_once('-')?;
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_size() {
        let part = |start, length| RequestedRange::Partial { start, length };
        assert_eq!(requested(Some("bytes=0-999"), 1472), part(0, 1000));
        assert_eq!(requested(Some("bytes=1000-1999"), 1472), part(1000, 472));
        assert_eq!(requested(Some("bytes=1000-"), 1472), part(1000, 472));
        // Blob storage has no suffix ranges.
        assert_eq!(requested(Some("bytes=-72"), 1472), RequestedRange::Full);
        assert_eq!(requested(Some("bytes=1472-"), 1472), RequestedRange::Unsatisfiable);
        assert_eq!(requested(Some("bytes=0-0"), 0), RequestedRange::Unsatisfiable);
        for ignored in ["", "bytes=", "bytes=a-b", "bytes=5-1", "bytes=0-1,3-4", "items=0-1", "bytes=+1-2"] {
            assert_eq!(requested(Some(ignored), 10), RequestedRange::Full, "{ignored}");
        }
    }

    #[test]
    fn an_upload_range_is_two_offsets() {
        assert_eq!(upload_range("0-735"), Some((0, 735)));
        for bad in ["-1--1", "", "5", "7-3", "bytes 0-1/2", "0-1/2", "a-b", "99999999999999999999-1"] {
            assert_eq!(upload_range(bad), None, "{bad}");
        }
    }
}
