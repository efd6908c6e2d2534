//! How much memory blobs and uploads take, and the limit to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The memory that blobs and uploads share.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    limit: u64,
    used: AtomicU64,
}

/// Bytes of the memory in use, which are free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    memory: Memory,
    bytes: u64,
}

/// There is no room left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemoryFull;

impl Memory {
    /// A memory of `limit` bytes.
    pub(crate) fn new(limit: u64) -> Self {
        Self { shared: Arc::new(Shared { limit, used: AtomicU64::new(0) }) }
    }

    /// A reservation of nothing, to grow.
    pub(crate) fn reserve_none(&self) -> Reservation {
        Reservation { memory: self.clone(), bytes: 0 }
    }

    /// Whether `bytes` more would fit.
    pub(crate) fn has_room_for(&self, bytes: u64) -> bool {
        self.used().saturating_add(bytes) <= self.shared.limit
    }

    /// Bytes in use.
    pub(crate) fn used(&self) -> u64 {
        self.shared.used.load(Ordering::Relaxed)
    }
}

impl Reservation {
    /// A reservation of nothing in the same memory.
    pub(crate) fn reserve_none(&self) -> Self {
        self.memory.reserve_none()
    }

    /// Takes `bytes` more.
    pub(crate) fn grow(&mut self, bytes: u64) -> Result<(), MemoryFull> {
        let Shared { limit, used } = &*self.memory.shared;
        let grown = |used: u64| used.checked_add(bytes).filter(|sum| sum <= limit);
        used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).map_err(|_| MemoryFull)?;
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }

    /// Gives back all but `bytes`.
    pub(crate) fn shrink_to(&mut self, bytes: u64) {
        let surplus = self.bytes.saturating_sub(bytes);
        self.memory.shared.used.fetch_sub(surplus, Ordering::Relaxed);
        self.bytes -= surplus;
    }

    /// Takes over what `other` has reserved.
    pub(crate) fn absorb(&mut self, mut other: Self) {
        self.bytes = self.bytes.saturating_add(std::mem::take(&mut other.bytes));
    }

    /// Moves everything reserved into a new reservation.
    pub(crate) fn take(&mut self) -> Self {
        Self { memory: self.memory.clone(), bytes: std::mem::take(&mut self.bytes) }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_or_given_back_is_free_again() {
        let memory = Memory::new(10);
        let mut first = memory.reserve_none();
        first.grow(6).unwrap();
        let mut second = memory.reserve_none();
        assert_eq!(second.grow(5), Err(MemoryFull));
        second.grow(4).unwrap();
        assert!(!memory.has_room_for(1));
        second.shrink_to(1);
        let moved = first.take();
        drop(first);
        assert_eq!(memory.used(), 7);
        drop(moved);
        assert_eq!(memory.used(), 1);
    }
}
