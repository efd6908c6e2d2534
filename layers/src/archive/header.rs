//! One 512-byte header block of a tar archive: POSIX ustar, GNU, and the older format of Unix V7.

use crate::cursor::Cursor;
use crate::entry::EntryKind;
use crate::error::LayerError;

/// The size of a block, in bytes.
pub(super) const BLOCK: usize = 512;

/// The fields of a header block that are used.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) mode: u32,
    pub(super) uid: i64,
    pub(super) gid: i64,
    /// `None` where the field is invalid, which matters only where content follows.
    pub(super) size: Option<u64>,
    pub(super) mtime: i64,
    pub(super) type_flag: u8,
    pub(super) link: Vec<u8>,
    pub(super) device: (u32, u32),
    /// The rest of a GNU header, which holds the map of a sparse file.
    pub(super) gnu: Option<Vec<u8>>,
    /// Whether a field that does not locate content is invalid and was taken as zero.
    pub(super) has_invalid_field: bool,
}

/// Where the GNU fields after the device numbers start.
const GNU_FIELDS: usize = 345;

impl Header {
    /// Parses a block that is not all zero.
    ///
    /// # Errors
    /// [`LayerError::NotAnArchive`] where the first block has neither a matching checksum nor the `ustar` magic,
    /// [`LayerError::HeaderChecksum`] otherwise.
    pub(super) fn parse(block: &[u8; BLOCK], at: u64) -> Result<Self, LayerError> {
        let magic = field(block, 257, 8);
        let is_ustar = magic.starts_with(b"ustar");
        if !checksum_matches(block) {
            let first = at == 0 && !is_ustar;
            return Err(if first { LayerError::NotAnArchive } else { LayerError::HeaderChecksum { at } });
        }
        let number = |offset, length| number(field(block, offset, length));
        let is_gnu = magic == b"ustar  \0";
        let mut name = text(field(block, 0, 100)).to_vec();
        if is_ustar && !is_gnu {
            let prefix = text(field(block, GNU_FIELDS, 155));
            if !prefix.is_empty() {
                name = [prefix, b"/", &name].concat();
            }
        }
        let device = |offset| number(offset, 8).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let mut has_invalid_field = false;
        let [mode, uid, gid, mtime] = [(100, 8), (108, 8), (116, 8), (136, 12)].map(|(offset, length)| {
            let number = number(offset, length);
            has_invalid_field |= number.is_none();
            number.unwrap_or(0)
        });
        Ok(Self {
            name,
            mode: (mode & 0o7777) as u32,
            uid,
            gid,
            size: number(124, 12).and_then(|size| u64::try_from(size).ok()),
            mtime,
            type_flag: field(block, 156, 1).first().copied().unwrap_or(0),
            link: text(field(block, 157, 100)).to_vec(),
            device: if is_ustar { (device(329), device(337)) } else { (0, 0) },
            gnu: is_gnu.then(|| field(block, GNU_FIELDS, BLOCK - GNU_FIELDS).to_vec()),
            has_invalid_field,
        })
    }
}

/// What a type flag says.
pub(super) struct Kind {
    pub(super) kind: EntryKind,
    /// Whether content follows the header: apart from what the entry is, since an incremental archive of GNU tar has lists
    /// of names after its directories.
    pub(super) has_content: bool,
    pub(super) is_known: bool,
}

impl Kind {
    pub(super) fn of(type_flag: u8, path: &[u8]) -> Self {
        let known = |kind, has_content| Self { kind, has_content, is_known: true };
        match type_flag {
            // Unix V7 marks directories by a slash.
            0 if path.ends_with(b"/") => known(EntryKind::Directory, false),
            0 | b'0' | b'7' | b'S' => known(EntryKind::File, true),
            b'1' => known(EntryKind::HardLink, false),
            b'2' => known(EntryKind::SymbolicLink, false),
            b'3' => known(EntryKind::CharacterDevice, false),
            b'4' => known(EntryKind::BlockDevice, false),
            b'5' => known(EntryKind::Directory, false),
            b'D' => known(EntryKind::Directory, true),
            b'6' => known(EntryKind::Fifo, false),
            _ => Self { kind: EntryKind::File, has_content: true, is_known: false },
        }
    }
}

/// Bytes of a field. All callers name ranges within the block.
fn field(block: &[u8; BLOCK], offset: usize, length: usize) -> &[u8] {
    Cursor::at(block, offset).and_then(|mut cursor| cursor.take(length)).unwrap_or_default()
}

/// The bytes before the first NUL.
pub(super) fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// A number in octal digits, among spaces and NULs, or in GNU's base-256 form; an empty field is zero.
pub(super) fn number(field: &[u8]) -> Option<i64> {
    let first = *field.first()?;
    if first & 0x80 != 0 {
        let negative = first & 0x40 != 0;
        let head = if negative { i64::from(first) | !0x7f } else { i64::from(first & 0x7f) };
        return field
            .iter()
            .skip(1)
            .try_fold(head, |value, byte| value.checked_mul(256).map(|value| value | i64::from(*byte)));
    }
    let start = field.iter().position(|byte| !matches!(byte, b' ' | 0)).unwrap_or(field.len());
    let digits = text(field.get(start..).unwrap_or_default()).trim_ascii_end();
    digits.iter().try_fold(0_i64, |value, digit| {
        let digit = char::from(*digit).to_digit(8)?;
        value.checked_mul(8)?.checked_add(i64::from(digit))
    })
}

/// A decimal number.
pub(super) fn signed_decimal(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A decimal number without a sign.
pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The checksum is the sum of all bytes with its own field as spaces. Some old writers summed signed bytes.
fn checksum_matches(block: &[u8; BLOCK]) -> bool {
    let Some(expected) = number(field(block, 148, 8)) else { return false };
    let own = field(block, 148, 8);
    let spaces = i64::from(b' ') * 8;
    let sum = |value: fn(u8) -> i64| {
        let all: i64 = block.iter().map(|byte| value(*byte)).sum();
        let own: i64 = own.iter().map(|byte| value(*byte)).sum();
        all - own + spaces
    };
    expected == sum(i64::from) || expected == sum(|byte| i64::from(byte as i8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_base_256() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"   644 \0"), Some(0o644));
        assert_eq!(number(b"\0\0\0\0"), Some(0));
        assert_eq!(number(b"\x00 \x00644\0"), Some(0o644));
        assert_eq!(number(&[0x80, 0, 0, 1, 0]), Some(256));
        assert_eq!(number(&[0xff, 0xff, 0xff, 0xfe]), Some(-2));
        assert_eq!(number(b"12a"), None);
        assert_eq!(number(&[0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), None);
    }
}
