//! The manifests that are deleted and have no place in the order yet.

use crate::id::ManifestId;

/// Of a manifest that is not deleted, or that was put in its place already.
const SETTLED: u32 = u32::MAX;

/// By manifest: its place among those that are deleted, and how many of them have to come before it.
#[derive(Debug)]
pub(super) struct Open {
    count: usize,
    places: Vec<u32>,
    waiting: Vec<u32>,
}

impl Open {
    /// None yet; ids are below `slots`.
    pub(super) fn new(slots: usize) -> Self {
        Self { count: 0, places: vec![0; slots], waiting: vec![SETTLED; slots] }
    }

    /// Adds a manifest, which waits for nothing.
    pub(super) fn add(&mut self, id: ManifestId, place: u32) {
        let is_new = !self.is_open(id);
        if let Some((own, waiting)) = self.places.get_mut(id.index()).zip(self.waiting.get_mut(id.index())) {
            (*own, *waiting) = (place, 0);
            self.count += usize::from(is_new);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn place(&self, id: ManifestId) -> u32 {
        self.places.get(id.index()).copied().unwrap_or_default()
    }

    pub(super) fn is_open(&self, id: ManifestId) -> bool {
        self.waiting.get(id.index()).is_some_and(|count| *count != SETTLED)
    }

    pub(super) fn is_ready(&self, id: ManifestId) -> bool {
        self.waiting.get(id.index()) == Some(&0)
    }

    /// Lets a manifest wait for one more, if it is open.
    pub(super) fn wait(&mut self, id: ManifestId) {
        if let Some(count) = self.waiting(id) {
            *count += 1;
        }
    }

    /// Lets an open manifest wait for one less. Whether it is ready then.
    pub(super) fn release(&mut self, id: ManifestId) -> bool {
        let Some(count) = self.waiting(id) else { return false };
        *count = count.saturating_sub(1);
        *count == 0
    }

    pub(super) fn settle(&mut self, id: ManifestId) {
        if let Some(count) = self.waiting(id) {
            *count = SETTLED;
            self.count = self.count.saturating_sub(1);
        }
    }

    fn waiting(&mut self, id: ManifestId) -> Option<&mut u32> {
        self.waiting.get_mut(id.index()).filter(|count| **count != SETTLED)
    }
}
