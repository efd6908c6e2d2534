//! Pictures that browsers draw, by their first bytes: their type, and their size before anything decodes them.

/// The media type of a picture that browsers draw.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let container = |brand: &[u8]| bytes.get(8..12) == Some(brand);
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', ..] if container(b"WEBP") => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] if container(b"avif") => Some("image/avif"),
        [0, 0, 1, 0, ..] => Some("image/x-icon"),
        _ => None,
    }
}

/// How many pixels a picture has by its header; `None` where that does not say, or not in a simple way.
pub(super) fn pixels(bytes: &[u8]) -> Option<u64> {
    let (width, height) = match media_type(bytes)? {
        "image/png" => (big(bytes.get(16..20)?), big(bytes.get(20..24)?)),
        "image/gif" => (little(bytes.get(6..8)?), little(bytes.get(8..10)?)),
        "image/jpeg" => jpeg(bytes)?,
        "image/webp" => webp(bytes)?,
        _ => return None,
    };
    width.checked_mul(height)
}

/// The frame header of a JPEG: the first segment `SOF`, whose size is after its length and precision.
fn jpeg(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut at = 2_usize;
    loop {
        let &[0xff, marker, first, second] = bytes.get(at..at.checked_add(4)?)? else { return None };
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((big(bytes.get(at + 7..at + 9)?), big(bytes.get(at + 5..at + 7)?)));
        }
        at = at.checked_add(2 + usize::from(u16::from_be_bytes([first, second])))?;
    }
}

/// The first chunk of a WebP file: that of the extended format, lossless, or lossy.
fn webp(bytes: &[u8]) -> Option<(u64, u64)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((little(bytes.get(24..27)?) + 1, little(bytes.get(27..30)?) + 1)),
        b"VP8L" => {
            let sizes = little(bytes.get(21..25)?);
            Some(((sizes & 0x3fff) + 1, (sizes >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((little(bytes.get(26..28)?) & 0x3fff, little(bytes.get(28..30)?) & 0x3fff)),
        _ => None,
    }
}

fn big(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_recognised_by_its_first_bytes() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WAVEfmt "), None);
        assert_eq!(media_type(b"\x7fELF"), None);
        assert_eq!(media_type(b""), None);
    }

    #[test]
    fn the_size_of_a_picture_is_in_its_header() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\0\0\0\x80\0\x08\x06";
        assert_eq!(pixels(png), Some(65_536 * 32_768));
        assert_eq!(pixels(b"GIF89a\x10\x00\x02\x01"), Some(16 * 258));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08\x01\x00\x02\x00\x03";
        assert_eq!(pixels(jpeg), Some(256 * 512));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x03\0\x01\0\0";
        assert_eq!(pixels(extended), Some(1024 * 2));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\x05\0\0\0\x2f\x01\x40\0\0";
        assert_eq!(pixels(lossless), Some(4));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x05\0\x06\0";
        assert_eq!(pixels(lossy), Some(30));
        for cut in [&png[..20], &jpeg[..15], &extended[..29], &b"\xff\xd8\xff"[..], b"\0\0\x01\0"] {
            assert_eq!(pixels(cut), None, "{cut:?}");
        }
    }
}
