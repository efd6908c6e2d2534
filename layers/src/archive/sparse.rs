//! Sparse files: which parts of a file the archive stores.

use super::header::{decimal, number};
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
    pub(super) segments: Vec<Segment>,
    pub(super) extended: bool,
    pub(super) real_size: Option<u64>,
}

impl GnuMap {
    /// Reads the fields of a header after offset 345.
    pub(super) fn from_header(fields: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::at(fields, 41)?;
        let segments = segments(&mut cursor, 4)?;
        let extended = cursor.u8()? != 0;
        let real_size = u64::try_from(number(cursor.take(12)?)?).ok()?;
        Some(Self { segments, extended, real_size: Some(real_size) })
    }

    /// Reads an extension block.
    pub(super) fn from_extension(block: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(block);
        let segments = segments(&mut cursor, 21)?;
        let extended = cursor.u8()? != 0;
        Some(Self { segments, extended, real_size: None })
    }
}

fn segments(cursor: &mut Cursor<'_>, count: usize) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    for _ in 0..count {
        let (offset, length) = (cursor.take(12)?, cursor.take(12)?);
        if offset.first() != Some(&0) && length.first() != Some(&0) {
            let (offset, length) =
                (u64::try_from(number(offset)?).ok()?, u64::try_from(number(length)?).ok()?);
            segments.push(Segment { offset, length });
        }
    }
    Some(segments)
}

/// The map of PAX sparse format 1.0, which precedes the data: a count and pairs, one decimal number a line.
///
/// Returns `None` while the map is incomplete, and `Some(None)` where it is invalid.
pub(super) fn leading_map(bytes: &[u8]) -> Option<Option<Vec<Segment>>> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let mut next = || lines.next().and_then(|line| line.strip_suffix(b"\n")).map(decimal);
    let Some(count) = next()? else { return Some(None) };
    if count > MAX_SEGMENTS as u64 {
        return Some(None);
    }
    let mut segments = Vec::new();
    for _ in 0..count {
        match (next()?, next()?) {
            (Some(offset), Some(length)) => segments.push(Segment { offset, length }),
            _ => return Some(None),
        }
    }
    Some(Some(segments))
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
