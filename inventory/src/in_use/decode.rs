//! Bytes of a file as text.

/// The text of a file: UTF-16 where it begins with the byte order mark of one (as PowerShell writes the output of a command), else UTF-8. What
/// is invalid is replaced.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let units = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> String {
        let units: Vec<u16> =
            bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}
