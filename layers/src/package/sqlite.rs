//! As much of SQLite's file format as reads the blobs of one table (<https://www.sqlite.org/fileformat2.html>).

use super::budget::Budget;
use crate::cursor::Cursor;

/// Hands the blobs of a table's rows to `each`. Returns whether everything could be read.
pub(super) fn table_blobs(file: &[u8], table: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
    let mut complete = true;
    let mut budget = Budget::of(file);
    let read = Database::open(file).and_then(|database| {
        let root = database.root_of(table, &mut budget)?;
        database.rows(root, &mut budget, &mut |row| {
            let blob = columns(row).into_iter().flatten().find_map(|value| match value {
                Value::Bytes(bytes) => Some(bytes),
                Value::Integer(_) | Value::Other => None,
            });
            match blob {
                Some(blob) => each(blob),
                None => complete = false,
            }
        })
    });
    complete && read.is_some()
}

enum Value<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    Other,
}

/// Splits a record into its columns.
fn columns(record: &[u8]) -> Option<Vec<Value<'_>>> {
    let mut cursor = Cursor::new(record);
    let header_length = usize::try_from(varint(&mut cursor)?).ok()?;
    let used = record.len() - cursor.rest().len();
    let mut types = Cursor::new(cursor.take(header_length.checked_sub(used)?)?);
    let mut values = Vec::new();
    while !types.is_empty() {
        let kind = varint(&mut types)?;
        values.push(match kind {
            0 => Value::Other,
            1..=6 => {
                let length = [1, 2, 3, 4, 6, 8].get(kind as usize - 1).copied()?;
                let bytes = cursor.take(length)?;
                let sign = if bytes.first()? & 0x80 != 0 { -1 } else { 0 };
                Value::Integer(bytes.iter().fold(sign, |value, byte| value << 8 | i64::from(*byte)))
            }
            7 => cursor.take(8).map(|_| Value::Other)?,
            8 | 9 => Value::Integer(kind as i64 - 8),
            10 | 11 => return None,
            _ => Value::Bytes(cursor.take(usize::try_from((kind - 12) / 2).ok()?)?),
        });
    }
    Some(values)
}

/// A big-endian number of seven bits a byte; the ninth byte has eight.
fn varint(cursor: &mut Cursor<'_>) -> Option<u64> {
    let mut value = 0_u64;
    for _ in 0..8 {
        let byte = cursor.u8()?;
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    Some(value << 8 | u64::from(cursor.u8()?))
}

struct Database<'a> {
    file: &'a [u8],
    page_size: usize,
    usable: usize,
}

impl<'a> Database<'a> {
    fn open(file: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::at(file, 16)?;
        let page_size = match cursor.u16_be()? {
            1 => 65536,
            size => usize::from(size),
        };
        let reserved = usize::from(*file.get(20)?);
        let usable = page_size.checked_sub(reserved).filter(|usable| *usable >= 480)?;
        Some(Self { file, page_size, usable })
    }

    fn page(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_sub(1)?.checked_mul(self.page_size)?;
        self.file.get(start..start.checked_add(self.page_size)?)
    }

    /// The page that the tree of a table starts at.
    fn root_of(&self, table: &[u8], budget: &mut Budget) -> Option<u32> {
        let mut found = None;
        self.rows(1, budget, &mut |row| {
            let columns = columns(row).unwrap_or_default();
            if let [Value::Bytes(b"table"), Value::Bytes(name), _, Value::Integer(root), ..] =
                columns.as_slice()
                && *name == table
            {
                found = found.or(u32::try_from(*root).ok());
            }
        })?;
        found
    }

    /// Hands the records of a table, whose tree starts at a page, to `each`. `None` where not all could be read.
    fn rows(&self, root: u32, budget: &mut Budget, each: &mut dyn FnMut(&[u8])) -> Option<()> {
        let mut pages = vec![root];
        // A tree visits each page once; a cycle would visit more than there are.
        let mut left = self.file.len() / self.page_size;
        while let Some(number) = pages.pop() {
            left = left.checked_sub(1)?;
            let page = self.page(number)?;
            let mut header = Cursor::at(page, if number == 1 { 100 } else { 0 })?;
            let kind = header.u8()?;
            let _free_block = header.u16_be()?;
            let cells = header.u16_be()?;
            let (_content, _fragments) = (header.u16_be()?, header.u8()?);
            if kind == 5 {
                pages.push(header.u32_be()?);
            } else if kind != 13 {
                return None;
            }
            for _ in 0..cells {
                let mut cell = Cursor::at(page, usize::from(header.u16_be()?))?;
                if kind == 5 {
                    pages.push(cell.u32_be()?);
                } else {
                    each(&self.payload(&mut cell, budget)?);
                }
            }
        }
        Some(())
    }

    /// The payload of a leaf cell, which may continue on overflow pages.
    fn payload(&self, cell: &mut Cursor<'_>, budget: &mut Budget) -> Option<Vec<u8>> {
        let length = usize::try_from(varint(cell)?).ok()?;
        let _row = varint(cell)?;
        budget.take(length)?;
        let most = self.usable - 35;
        let least = (self.usable - 12) * 32 / 255 - 23;
        let local = if length <= most {
            length
        } else {
            let local = least + (length - least) % (self.usable - 4);
            if local <= most { local } else { least }
        };
        let mut payload = cell.take(local)?.to_vec();
        let mut next = if local < length { cell.u32_be()? } else { 0 };
        while payload.len() < length {
            let mut page = Cursor::new(self.page(next)?);
            next = page.u32_be()?;
            payload.extend_from_slice(page.take((length - payload.len()).min(self.usable - 4))?);
        }
        Some(payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 512;

    /// A leaf page of a table, whose cells are all the same one.
    fn leaf(start: usize, cells: u16, cell: &[u8]) -> Vec<u8> {
        let mut page = vec![0; start];
        let at = PAGE - cell.len();
        page.push(13);
        page.extend_from_slice(&[0, 0]);
        page.extend_from_slice(&cells.to_be_bytes());
        page.extend_from_slice(&[0, 0, 0]);
        page.extend((0..cells).flat_map(|_| (at as u16).to_be_bytes()));
        page.resize(at, 0);
        page.extend_from_slice(cell);
        page
    }

    /// A database in which all rows of a table continue on the same 20 overflow pages.
    fn database(rows: u16) -> Vec<u8> {
        let schema = b"\x05\x17\x1d\x1d\x01tablePackagesPackages\x02";
        let schema = [&[schema.len() as u8, 1][..], schema].concat();
        let mut file = leaf(100, 1, &schema);
        file[..16].copy_from_slice(b"SQLite format 3\0");
        file[16..18].copy_from_slice(&(PAGE as u16).to_be_bytes());
        // 39 bytes in the cell and 508 on each overflow page: a header of four bytes, and a blob.
        let length: u16 = 39 + 20 * 508;
        let varint =
            |value: u16| [value >> 14 | 0x80, value >> 7 | 0x80, value & 0x7f].map(|part| part as u8);
        let mut cell = varint(length).to_vec();
        cell.extend_from_slice(&[1, 4]);
        cell.extend_from_slice(&varint(12 + 2 * (length - 4)));
        cell.extend_from_slice(&[b'x'; 35]);
        cell.extend_from_slice(&3_u32.to_be_bytes());
        file.extend(leaf(0, rows, &cell));
        for page in 0..20_u32 {
            let next = if page == 19 { 0 } else { page + 4 };
            file.extend_from_slice(&next.to_be_bytes());
            file.extend_from_slice(&[b'x'; PAGE - 4]);
        }
        file
    }

    #[test]
    fn rows_that_share_pages_make_no_more_than_the_file_has() {
        for (rows, all_fit) in [(1, true), (100, false)] {
            let file = database(rows);
            let mut bytes = 0;
            let complete = table_blobs(&file, b"Packages", &mut |blob| bytes += blob.len());
            assert_eq!(complete, all_fit, "{rows} rows");
            assert!((10_195..=file.len()).contains(&bytes), "{rows} rows made {bytes} bytes");
        }
    }
}
