//! Base64 (RFC 4648), the two directions the client needs: encoding a user name and password, decoding the claims of a token. By hand,
//! since a library's general engine was measured at forty times these bytes of the npm package. Compared with one by a property test.

/// The standard alphabet, padded: for the Basic scheme of HTTP.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits =
            (0..3).fold(0_u32, |bits, index| bits << 8 | u32::from(group.get(index).copied().unwrap_or(0)));
        for index in 0..4 {
            let digit = (bits >> (18 - 6 * index)) as u8 & 63;
            text.push(if index > group.len() { '=' } else { character(digit) });
        }
    }
    text
}

fn character(digit: u8) -> char {
    char::from(match digit {
        0..26 => b'A' + digit,
        26..52 => b'a' + digit - 26,
        52..62 => b'0' + digit - 52,
        62 => b'+',
        _ => b'/',
    })
}

/// The alphabet of URLs, with or without padding: for JSON web tokens. `None` where the text is none.
pub(crate) fn decode_url(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for byte in group {
            bits = bits << 6 | u32::from(digit(*byte)?);
        }
        // Of 2, 3 or 4 digits; a single one is no byte.
        let count = match group.len() {
            1 => return None,
            digits => digits - 1,
        };
        let [_, whole @ ..] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        bytes.extend_from_slice(whole.get(..count)?);
    }
    Some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_specification() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode_url(text).unwrap(), bytes.as_bytes());
        }
        for bad in ["A", "a+b", "a/b", "ä", "Zm9vY"] {
            assert_eq!(decode_url(bad), None, "{bad}");
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod beside_the_library {
        use base64::Engine as _;
        use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
        use proptest::prelude::*;

        proptest! {
            #[test]
            fn bytes_are_written_and_read_alike(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
                prop_assert_eq!(super::super::encode(&bytes), STANDARD.encode(&bytes));
                prop_assert_eq!(super::super::decode_url(&URL_SAFE_NO_PAD.encode(&bytes)), Some(bytes));
            }
        }
    }
}
