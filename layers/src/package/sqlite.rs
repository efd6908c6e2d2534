//! As much of SQLite's file format as reads the blobs of one table (<https://www.sqlite.org/fileformat2.html>).

use crate::cursor::Cursor;

/// The blobs of a table's rows, and whether everything could be read.
pub(super) fn table_blobs(file: &[u8], table: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let blobs = Database::open(file).and_then(|database| {
        let schema = database.rows(1)?;
        let root = schema.iter().filter_map(|row| columns(row)).find_map(|columns| {
            let [Value::Bytes(kind), Value::Bytes(name), _, Value::Integer(root), ..] = columns.as_slice()
            else {
                return None;
            };
            (*kind == b"table" && *name == table).then_some(*root)
        })?;
        database.rows(u32::try_from(root).ok()?)
    });
    let Some(rows) = blobs else { return (Vec::new(), false) };
    let count = rows.len();
    let blobs: Vec<Vec<u8>> = rows
        .iter()
        .filter_map(|row| {
            columns(row)?.into_iter().find_map(|value| match value {
                Value::Bytes(bytes) => Some(bytes.to_vec()),
                Value::Integer(_) | Value::Other => None,
            })
        })
        .collect();
    let complete = blobs.len() == count;
    (blobs, complete)
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

    /// The records of a table, whose tree starts at a page.
    fn rows(&self, root: u32) -> Option<Vec<Vec<u8>>> {
        let mut rows = Vec::new();
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
                    rows.push(self.payload(&mut cell)?);
                }
            }
        }
        Some(rows)
    }

    /// The payload of a leaf cell, which may continue on overflow pages.
    fn payload(&self, cell: &mut Cursor<'_>) -> Option<Vec<u8>> {
        let length = usize::try_from(varint(cell)?).ok()?;
        let _row = varint(cell)?;
        if length > self.file.len() {
            return None;
        }
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
