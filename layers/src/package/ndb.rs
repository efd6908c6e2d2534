//! RPM's own store of package headers (`Packages.db`): slots that point to blobs.

use crate::cursor::Cursor;

const PAGE: usize = 4096;
const SLOT_MAGIC: u32 = u32::from_le_bytes(*b"Slot");
const BLOB_MAGIC: u32 = u32::from_le_bytes(*b"BlbS");

/// The blobs of a store, and whether everything could be read.
pub(super) fn ndb_blobs(file: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut blobs = Vec::new();
    let Some(mut slots) = slots(file) else { return (blobs, false) };
    let mut complete = true;
    let mut bytes = 0_usize;
    while let (Some(magic), Some(package), Some(offset), Some(_blocks)) =
        (slots.u32_le(), slots.u32_le(), slots.u32_le(), slots.u32_le())
    {
        if magic != SLOT_MAGIC {
            complete = false;
            break;
        }
        if package == 0 {
            continue;
        }
        match blob(file, offset, package) {
            // Slots that share a blob would multiply a small file.
            Some(blob) if bytes + blob.len() <= file.len() => {
                bytes += blob.len();
                blobs.push(blob.to_vec());
            }
            _ => complete = false,
        }
    }
    (blobs, complete)
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
