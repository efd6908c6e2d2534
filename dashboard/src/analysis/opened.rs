//! The snapshot that is open in a session. While one is, Storage and Cleanup show what it contains instead of the present. An analysis of the
//! present continues meanwhile.

use acr_inventory::snapshot::Snapshot;
use acr_inventory::{Instant, Inventory};
use leptos::prelude::*;

use super::shared_inventory::SharedInventory;
use crate::session::Session;

/// What is known of an open snapshot apart from its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SnapshotFile {
    /// The file's name.
    pub(crate) name: String,
    /// The login server of the registry that it is of, as the file states it.
    pub(crate) registry: String,
    /// When it was taken; `None` where the file does not state that.
    pub(crate) taken: Option<Instant>,
    /// Distinguishes two files that are equal otherwise.
    number: u32,
}

/// The place in a session for an open snapshot. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct OpenSnapshot {
    file: RwSignal<Option<SnapshotFile>>,
    /// What the snapshot contains; empty while none is open.
    pub(crate) inventory: SharedInventory,
    count: StoredValue<u32>,
}

impl OpenSnapshot {
    /// That of a session.
    pub(crate) fn of(session: &Session) -> Self {
        session.keep(|| Self {
            file: RwSignal::new(None),
            inventory: SharedInventory::new(Inventory::default()),
            count: StoredValue::new(0),
        })
    }

    /// The open file, if there is one. Tracked.
    pub(crate) fn file(&self) -> Option<SnapshotFile> {
        self.file.get()
    }

    /// Opens a snapshot instead of the present, or of another snapshot.
    pub(crate) fn open(&self, name: String, snapshot: Snapshot) {
        let number = self.count.get_value().wrapping_add(1);
        self.count.set_value(number);
        let Snapshot { inventory, taken } = snapshot;
        let registry = inventory.registry().to_owned();
        let taken = (taken.ticks() != 0).then_some(taken);
        self.inventory.try_update(|place| *place = inventory);
        self.file.set(Some(SnapshotFile { name, registry, taken, number }));
    }

    /// Closes it: the present is shown again.
    pub(crate) fn close(&self) {
        self.file.set(None);
        self.inventory.try_update(|place| *place = Inventory::default());
    }
}
