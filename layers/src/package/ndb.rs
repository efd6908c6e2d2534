//! RPM's own store of package headers (`Packages.db`): slots that point to blobs.

use super::budget::Budget;
use crate::cursor::Cursor;

const PAGE: usize = 4096;
const SLOT_MAGIC: u32 = u32::from_le_bytes(*b"Slot");
const BLOB_MAGIC: u32 = u32::from_le_bytes(*b"BlbS");

/// Hands the blobs of a store to `each`. Returns whether everything could be read.
pub(super) fn ndb_blobs(file: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
    let Some(mut slots) = slots(file) else { return false };
    let mut complete = true;
    let mut budget = Budget::of(file);
    while let (Some(magic), Some(package), Some(offset), Some(_blocks)) =
        (slots.u32_le(), slots.u32_le(), slots.u32_le(), slots.u32_le())
    {
        if magic != SLOT_MAGIC {
            return false;
        }
        if package == 0 {
            continue;
        }
        let blob = blob(file, offset, package);
        match blob.filter(|blob| budget.take(blob.len()).is_some()) {
            Some(blob) => each(blob),
            None => complete = false,
        }
    }
    complete
}

fn slots(file: &[u8]) -> Option<Cursor<'_>> {
    let mut header = Cursor::at(file, 4)?;
    let (_version, _generation, pages) = (header.u32_le()?, header.u32_le()?, header.u32_le()?);
    let slots = file.get(32..(pages as usize).checked_mul(PAGE)?)?;
    Some(Cursor::new(slots))
}

fn blob(file: &[u8], offset: u32, package: u32) -> Option<&[u8]> {
    let mut cursor = Cursor::at(file, (offset as usize).checked_mul(16)?)?;
    let (magic, owner, _generation, length) =
        (cursor.u32_le()?, cursor.u32_le()?, cursor.u32_le()?, cursor.u32_le()?);
    (magic == BLOB_MAGIC && owner == package).then(|| cursor.take(length as usize)).flatten()
}
