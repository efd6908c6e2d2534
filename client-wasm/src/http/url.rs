//! Encodings of URLs: percent-encoding and paths (RFC 3986), and base64url (RFC 4648) as tokens use it.

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The alphabet of URLs, with or without padding.
pub(crate) const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Everything but the unreserved characters of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a value for a query or a form.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for part in utf8_percent_encode(text, QUERY) {
        encoded.push_str(part);
    }
    encoded
}

/// Whether a path, however it is encoded, has `.` or `..` between its slashes, which browsers would resolve.
pub(crate) fn has_dot_segments(path: &str) -> bool {
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    decoded.split(|b| matches!(b, b'/' | b'\\')).any(|segment| matches!(segment, b"." | b".."))
}

/// Whether two paths name the same resource, however each is percent-encoded.
pub(crate) fn same_path(one: &str, other: &str) -> bool {
    percent_decode_str(one).eq(percent_decode_str(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_keeps_unreserved_characters_alone() {
        assert_eq!(encode("a-b.c_d~ /:&+%ä"), "a-b.c_d~%20%2F%3A%26%2B%25%C3%A4");
    }
}
