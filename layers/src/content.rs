//! What the content of a file is: text of an encoding, or binary.

/// How a file's content should be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentKind {
    /// No bytes.
    Empty,
    /// UTF-8, also ASCII.
    Utf8,
    /// UTF-16, least significant byte first.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
    /// Bytes that read as text in no Unicode encoding: most probably Windows-1252, which contains Latin-1.
    Windows1252,
    /// Not text: show it as hexadecimal.
    Binary,
}

impl ContentKind {
    /// The label of the encoding for `TextDecoder` (WHATWG Encoding Standard); `None` for binary content.
    #[must_use]
    pub fn encoding_label(self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::Utf8 => Some("utf-8"),
            Self::Utf16Le => Some("utf-16le"),
            Self::Utf16Be => Some("utf-16be"),
            Self::Windows1252 => Some("windows-1252"),
            Self::Binary => None,
        }
    }

    /// Guesses from the start of a file. A character that is cut at the end does not matter.
    #[must_use]
    pub fn guess(bytes: &[u8]) -> Self {
        let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
        match sample {
            [] => return Self::Empty,
            [0xff, 0xfe, 0, 0, ..] => return Self::Binary,
            [0xff, 0xfe, ..] => return Self::Utf16Le,
            [0xfe, 0xff, ..] => return Self::Utf16Be,
            _ => {}
        }
        if sample.contains(&0) {
            return Self::guess_utf16(sample);
        }
        if has_binary_controls(sample) {
            return Self::Binary;
        }
        match std::str::from_utf8(sample) {
            Ok(_) => Self::Utf8,
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => Self::Utf8,
            // Text in one byte a character is mostly ASCII.
            Err(_) if sample.iter().filter(|byte| !byte.is_ascii()).count() * 10 <= sample.len() * 3 => {
                Self::Windows1252
            }
            Err(_) => Self::Binary,
        }
    }

    /// Text without a byte order mark: most characters of Western text have one byte that is zero, always on the same
    /// side.
    fn guess_utf16(sample: &[u8]) -> Self {
        let (pairs, _) = sample.as_chunks::<2>();
        let zeros = |side: usize| pairs.iter().filter(|pair| pair.get(side) == Some(&0)).count();
        let (high_first, low_first) = (zeros(0), zeros(1));
        let is_text =
            |zeros: usize, others: usize| others == 0 && pairs.len() > 3 && zeros * 10 >= pairs.len() * 7;
        let without_zeros: Vec<u8> = sample.iter().copied().filter(|byte| *byte != 0).collect();
        if has_binary_controls(&without_zeros) {
            Self::Binary
        } else if is_text(low_first, high_first) {
            Self::Utf16Le
        } else if is_text(high_first, low_first) {
            Self::Utf16Be
        } else {
            Self::Binary
        }
    }
}

/// How much of a file is looked at.
const SAMPLE: usize = 8 << 10;

/// Control characters that text does not contain: all but tab, line feed, form feed, carriage return, backspace, bell
/// and escape.
fn has_binary_controls(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| matches!(byte, 0..=6 | 11 | 14..=26 | 28..=31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_guessed() {
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(bytes).collect()
        };
        assert_eq!(ContentKind::guess(b""), ContentKind::Empty);
        assert_eq!(ContentKind::guess("grüße\n".as_bytes()), ContentKind::Utf8);
        assert_eq!(ContentKind::guess("grü".as_bytes().split_last().unwrap().1), ContentKind::Utf8);
        assert_eq!(ContentKind::guess(b"gr\xfc\xdfe aus Berlin\n"), ContentKind::Windows1252);
        assert_eq!(ContentKind::guess(&utf16("Hello, world", u16::to_le_bytes)), ContentKind::Utf16Le);
        assert_eq!(ContentKind::guess(&utf16("Hello, world", u16::to_be_bytes)), ContentKind::Utf16Be);
        assert_eq!(ContentKind::guess(&utf16("\u{feff}Ä", u16::to_le_bytes)), ContentKind::Utf16Le);
        assert_eq!(ContentKind::guess(b"\x7fELF\x02\x01\x01\0\0\0\0\0"), ContentKind::Binary);
        assert_eq!(ContentKind::guess(b"\x89PNG\r\n\x1a\n"), ContentKind::Binary);
        assert_eq!(ContentKind::guess(b"\x1b[31mred\x1b[0m\n"), ContentKind::Utf8);
    }
}
