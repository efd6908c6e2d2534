//! As much of FlatBuffers (<https://flatbuffers.dev/internals/>) as reads tables, strings and vectors.

use crate::cursor::Cursor;

/// A table in a buffer.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    buffer: &'a [u8],
    position: usize,
}

impl<'a> Table<'a> {
    /// The root table.
    pub(super) fn root(buffer: &'a [u8]) -> Option<Self> {
        let position = Cursor::new(buffer).u32_le()? as usize;
        Some(Self { buffer, position })
    }

    /// The place of a field; `None` where it has its default.
    fn field(&self, index: usize) -> Option<usize> {
        let to_vtable = Cursor::at(self.buffer, self.position)?.u32_le()?.cast_signed();
        let vtable = self.position.checked_add_signed(-(to_vtable as isize))?;
        let length = usize::from(Cursor::at(self.buffer, vtable)?.u16_le()?);
        let slot = 4 + index * 2;
        if slot + 2 > length {
            return None;
        }
        match Cursor::at(self.buffer, vtable.checked_add(slot)?)?.u16_le()? {
            0 => None,
            offset => self.position.checked_add(usize::from(offset)),
        }
    }

    /// An integer of 64 bits.
    pub(super) fn u64(&self, index: usize) -> u64 {
        self.field(index).and_then(|at| Cursor::at(self.buffer, at)?.u64_le()).unwrap_or(0)
    }

    /// An integer of 32 bits.
    pub(super) fn u32(&self, index: usize) -> u32 {
        self.field(index).and_then(|at| Cursor::at(self.buffer, at)?.u32_le()).unwrap_or(0)
    }

    /// An integer of 8 bits.
    pub(super) fn u8(&self, index: usize) -> Option<u8> {
        Cursor::at(self.buffer, self.field(index)?)?.u8()
    }

    /// Where a field's offset leads.
    fn target(&self, index: usize) -> Option<usize> {
        let at = self.field(index)?;
        at.checked_add(Cursor::at(self.buffer, at)?.u32_le()? as usize)
    }

    pub(super) fn table(&self, index: usize) -> Option<Self> {
        Some(Self { buffer: self.buffer, position: self.target(index)? })
    }

    /// A string or a vector of bytes; empty where it is absent.
    pub(super) fn bytes(&self, index: usize) -> &'a [u8] {
        let bytes = || {
            let mut cursor = Cursor::at(self.buffer, self.target(index)?)?;
            let length = cursor.u32_le()? as usize;
            cursor.take(length)
        };
        bytes().unwrap_or_default()
    }

    /// The tables of a vector.
    pub(super) fn tables(&self, index: usize) -> impl Iterator<Item = Self> + use<'a> {
        let buffer = self.buffer;
        let start = self.target(index);
        let count = start.and_then(|start| Cursor::at(buffer, start)?.u32_le()).unwrap_or(0) as usize;
        (0..count).map_while(move |item| {
            let at = start?.checked_add(4)?.checked_add(item.checked_mul(4)?)?;
            let position = at.checked_add(Cursor::at(buffer, at)?.u32_le()? as usize)?;
            (position < buffer.len()).then_some(Self { buffer, position })
        })
    }
}
