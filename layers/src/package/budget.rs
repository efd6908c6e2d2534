//! How many bytes a parser may make from a file.

/// The bytes that are left.
///
/// A database stores what it contains once, so the sum of its records is at most its size. References that share a
/// place would multiply a small file without end.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    /// The budget for the records of a file.
    pub(super) fn of(file: &[u8]) -> Self {
        Self(file.len())
    }

    /// Takes bytes; `None` where fewer are left.
    pub(super) fn take(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.checked_sub(bytes)?;
        Some(())
    }
}
