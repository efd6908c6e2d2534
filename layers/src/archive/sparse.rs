//! Sparse files: which parts of a file the archive stores.

use super::header::number;
use crate::cursor::Cursor;

/// A part of a sparse file that is stored; what is between parts reads as zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Offset in the file, in bytes.
    pub offset: u64,
    /// Bytes stored.
    pub length: u64,
}

/// Most segments that are kept of a file.
pub(super) const MAX_SEGMENTS: usize = 1 << 16;

/// The map in the old GNU format: entries of a header (4) or of an extension block (21), with whether another
/// extension block follows and, in a header, the real size.
pub(super) struct GnuMap {
    /// `None` where an entry is invalid.
    pub(super) segments: Option<Vec<Segment>>,
    pub(super) extended: bool,
    pub(super) real_size: Option<u64>,
}

/// The bytes of an entry: two numbers of twelve bytes.
const GNU_ENTRY: usize = 24;

impl GnuMap {
    /// Reads the fields of a header after offset 345.
    pub(super) fn from_header(fields: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::at(fields, 41)?;
        let segments = segments(cursor.take(4 * GNU_ENTRY)?);
        let extended = cursor.u8()? != 0;
        let real_size = number(cursor.take(12)?).and_then(|size| u64::try_from(size).ok());
        Some(Self { segments, extended, real_size })
    }

    /// Reads an extension block.
    pub(super) fn from_extension(block: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(block);
        let segments = segments(cursor.take(21 * GNU_ENTRY)?);
        let extended = cursor.u8()? != 0;
        Some(Self { segments, extended, real_size: None })
    }
}

fn segments(entries: &[u8]) -> Option<Vec<Segment>> {
    let mut cursor = Cursor::new(entries);
    let mut segments = Vec::new();
    while let (Some(offset), Some(length)) = (cursor.take(12), cursor.take(12)) {
        if offset.first() != Some(&0) && length.first() != Some(&0) {
            let (offset, length) =
                (u64::try_from(number(offset)?).ok()?, u64::try_from(number(length)?).ok()?);
            segments.push(Segment { offset, length });
        }
    }
    Some(segments)
}

/// The map of PAX sparse format 1.0, which precedes the data: a count and pairs, one decimal number a line. It is read
/// as its blocks arrive.
#[derive(Debug, Default)]
pub(super) struct LeadingMap {
    /// Bytes read.
    pub(super) read: u64,
    /// How many numbers follow the count, once it is known.
    expected: Option<usize>,
    numbers: Vec<u64>,
    /// The number of the line that has not ended.
    line: Option<u64>,
}

impl LeadingMap {
    /// Reads the next block. Returns whether the map is complete, and `None` where it is invalid.
    pub(super) fn push(&mut self, block: &[u8]) -> Option<bool> {
        self.read += block.len() as u64;
        for byte in block {
            if *byte != b'\n' {
                let digit = char::from(*byte).to_digit(10)?;
                self.line = Some(self.line.unwrap_or(0).checked_mul(10)?.checked_add(digit.into())?);
                continue;
            }
            let number = self.line.take()?;
            match self.expected {
                None => {
                    let count = usize::try_from(number).ok().filter(|count| *count <= MAX_SEGMENTS)?;
                    self.expected = Some(count * 2);
                }
                Some(_) => self.numbers.push(number),
            }
            if self.expected == Some(self.numbers.len()) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// The parts of the file.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let (pairs, _) = self.numbers.as_chunks::<2>();
        pairs.iter().map(|[offset, length]| Segment { offset: *offset, length: *length }).collect()
    }
}

/// Whether a map is ordered, within the file, and accounts for the stored bytes.
pub(super) fn is_valid(map: &[Segment], real_size: u64, stored: u64) -> bool {
    let mut end = 0_u64;
    let mut total = 0_u64;
    for segment in map {
        let Some(next) = segment.offset.checked_add(segment.length) else { return false };
        if segment.offset < end || next > real_size {
            return false;
        }
        end = next;
        total += segment.length;
    }
    total == stored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_map_is_read_as_its_blocks_arrive() {
        let text = b"2\n0\n10\n0100\n20\n\0\0\0";
        for chunk in 1..=text.len() {
            let mut map = LeadingMap::default();
            assert!(text.chunks(chunk).any(|block| map.push(block).unwrap()), "blocks of {chunk}");
            let segment = |offset, length| Segment { offset, length };
            assert_eq!(map.segments(), [segment(0, 10), segment(100, 20)]);
        }
        for invalid in ["\n", "x\n", "1\n-1\n", "1\n99999999999999999999\n", "65537\n", "1\n\0"] {
            assert_eq!(LeadingMap::default().push(invalid.as_bytes()), None, "{invalid:?}");
        }
    }
}
