//! One 512-byte header block of a tar archive: POSIX ustar, GNU, and the older format of Unix V7.

use crate::cursor::Cursor;
use crate::error::LayerError;

/// The size of a block, in bytes.
pub(super) const BLOCK: usize = 512;

/// The fields of a header block that are used.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) mode: u32,
    pub(super) uid: u64,
    pub(super) gid: u64,
    pub(super) size: u64,
    pub(super) mtime: i64,
    pub(super) type_flag: u8,
    pub(super) link: Vec<u8>,
    pub(super) device: (u32, u32),
    /// The rest of a GNU header, which holds the map of a sparse file.
    pub(super) gnu: Option<Vec<u8>>,
}

/// Where the GNU fields after the device numbers start.
const GNU_FIELDS: usize = 345;

impl Header {
    /// Parses a block that is not all zero.
    ///
    /// # Errors
    /// [`LayerError::NotAnArchive`] where the first block has neither a matching checksum nor the `ustar` magic,
    /// [`LayerError::HeaderChecksum`] and [`LayerError::Header`] otherwise.
    pub(super) fn parse(block: &[u8; BLOCK], at: u64) -> Result<Self, LayerError> {
        let magic = field(block, 257, 8);
        let is_ustar = magic.starts_with(b"ustar");
        if !checksum_matches(block) {
            let first = at == 0 && !is_ustar;
            return Err(if first { LayerError::NotAnArchive } else { LayerError::HeaderChecksum { at } });
        }
        let invalid = |name: &str| LayerError::Header { at, field: name.to_owned() };
        let number =
            |offset, length, name: &str| number(field(block, offset, length)).ok_or_else(|| invalid(name));
        let unsigned = |offset, length, name: &str| {
            u64::try_from(number(offset, length, name)?).map_err(|_| invalid(name))
        };
        let is_gnu = magic == b"ustar  \0";
        let mut name = text(field(block, 0, 100)).to_vec();
        if is_ustar && !is_gnu {
            let prefix = text(field(block, GNU_FIELDS, 155));
            if !prefix.is_empty() {
                name = [prefix, b"/", &name].concat();
            }
        }
        let device = |offset| u32::try_from(unsigned(offset, 8, "device number").unwrap_or(0)).unwrap_or(0);
        Ok(Self {
            name,
            mode: (unsigned(100, 8, "mode")? & 0o7777) as u32,
            uid: unsigned(108, 8, "uid")?,
            gid: unsigned(116, 8, "gid")?,
            size: unsigned(124, 12, "size")?,
            mtime: number(136, 12, "mtime")?,
            type_flag: field(block, 156, 1).first().copied().unwrap_or(0),
            link: text(field(block, 157, 100)).to_vec(),
            device: if is_ustar { (device(329), device(337)) } else { (0, 0) },
            gnu: is_gnu.then(|| field(block, GNU_FIELDS, BLOCK - GNU_FIELDS).to_vec()),
        })
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

/// A number in octal digits, or in GNU's base-256 form; an empty field is zero.
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
    let digits = text(field).trim_ascii();
    digits.iter().try_fold(0_i64, |value, digit| {
        let digit = char::from(*digit).to_digit(8)?;
        value.checked_mul(8)?.checked_add(i64::from(digit))
    })
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
        assert_eq!(number(&[0x80, 0, 0, 1, 0]), Some(256));
        assert_eq!(number(&[0xff, 0xff, 0xff, 0xfe]), Some(-2));
        assert_eq!(number(b"12a"), None);
        assert_eq!(number(&[0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), None);
    }
}
