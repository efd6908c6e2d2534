//! As much of Berkeley DB's hash format as reads RPM's old `Packages` file: values on overflow pages.

use super::budget::Budget;
use crate::cursor::Cursor;

const HASH_MAGIC: u32 = 0x0006_1561;
const PAGE_HEADER: usize = 26;
/// Page types: hash without and with sorted items.
const HASH_PAGES: [u8; 2] = [2, 13];
const OVERFLOW_PAGE: u8 = 7;
/// The type of an item that is stored on overflow pages.
const OFF_PAGE: u8 = 3;

/// Hands the values of a database to `each`. Returns whether everything could be read.
pub(super) fn bdb_blobs(file: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
    Database::open(file).is_some_and(|database| database.values(each))
}

struct Database<'a> {
    file: &'a [u8],
    page_size: usize,
    big_endian: bool,
}

/// The header of a page.
struct Page<'a> {
    bytes: &'a [u8],
    next: u32,
    entries: u16,
    /// On overflow pages, the bytes used.
    used: u16,
    kind: u8,
}

impl<'a> Database<'a> {
    fn open(file: &'a [u8]) -> Option<Self> {
        let magic = Cursor::at(file, 12)?;
        let big_endian = { magic }.u32_be()? == HASH_MAGIC;
        if !big_endian && { magic }.u32_le()? != HASH_MAGIC {
            return None;
        }
        let mut database = Self { file, page_size: 0, big_endian };
        database.page_size = database.u32(&mut Cursor::at(file, 20)?)? as usize;
        (512..=65536).contains(&database.page_size).then_some(database)
    }

    fn u32(&self, cursor: &mut Cursor<'_>) -> Option<u32> {
        if self.big_endian { cursor.u32_be() } else { cursor.u32_le() }
    }

    fn u16(&self, cursor: &mut Cursor<'_>) -> Option<u16> {
        if self.big_endian { cursor.u16_be() } else { cursor.u16_le() }
    }

    fn page(&self, number: u32) -> Option<Page<'a>> {
        let start = (number as usize).checked_mul(self.page_size)?;
        let bytes = self.file.get(start..start.checked_add(self.page_size)?)?;
        let mut cursor = Cursor::at(bytes, 16)?;
        let next = self.u32(&mut cursor)?;
        let (entries, used) = (self.u16(&mut cursor)?, self.u16(&mut cursor)?);
        let _level = cursor.u8()?;
        Some(Page { bytes, next, entries, used, kind: cursor.u8()? })
    }

    fn values(&self, each: &mut dyn FnMut(&[u8])) -> bool {
        let pages = self.file.len() / self.page_size;
        let mut complete = true;
        let mut budget = Budget::of(self.file);
        for number in 1..pages {
            let Some(page) = self.page(number as u32).filter(|page| HASH_PAGES.contains(&page.kind)) else {
                continue;
            };
            let Some(mut index) = Cursor::at(page.bytes, PAGE_HEADER) else { continue };
            for item in 0..page.entries {
                let offset = self.u16(&mut index);
                // Items alternate: key, value.
                if item % 2 == 0 {
                    continue;
                }
                let item = offset.and_then(|offset| Cursor::at(page.bytes, usize::from(offset)));
                match item.and_then(|item| self.value(item, &mut budget)) {
                    Some(Some(value)) => each(&value),
                    Some(None) => {}
                    None => complete = false,
                }
            }
        }
        complete
    }

    /// The value of an item on overflow pages; `Some(None)` for small items, which are not package headers.
    fn value(&self, mut item: Cursor<'_>, budget: &mut Budget) -> Option<Option<Vec<u8>>> {
        if item.u8()? != OFF_PAGE {
            return Some(None);
        }
        item.take(3)?;
        let mut next = self.u32(&mut item)?;
        let length = self.u32(&mut item)? as usize;
        let mut value = Vec::new();
        while value.len() < length {
            // Overflow pages belong to one value each.
            budget.take(self.page_size)?;
            let page = self.page(next).filter(|page| page.kind == OVERFLOW_PAGE && page.used > 0)?;
            value.extend_from_slice(Cursor::at(page.bytes, PAGE_HEADER)?.take(usize::from(page.used))?);
            next = page.next;
        }
        value.truncate(length);
        Some(Some(value))
    }
}
