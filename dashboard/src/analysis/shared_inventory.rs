//! An inventory that screens look at while it may change: that of the present, which an analysis fills, or that of a snapshot.

use std::sync::Arc;

use acr_inventory::{Graph, Inventory};
use futures_util::lock::{Mutex, OwnedMutexGuard};
use leptos::prelude::*;

/// An inventory and a count of its changes. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct SharedInventory {
    inventory: StoredValue<Inventory>,
    /// Changes that come quickly count as one.
    revision: RwSignal<u32>,
    /// Locked while it is held.
    hold: StoredValue<Arc<Mutex<()>>>,
}

impl SharedInventory {
    /// It lives in the current reactive owner.
    pub(crate) fn new(inventory: Inventory) -> Self {
        Self {
            inventory: StoredValue::new(inventory),
            revision: RwSignal::new(0),
            hold: StoredValue::new(Arc::default()),
        }
    }

    /// Looks at the graph, tracked by revision.
    pub(crate) fn with_graph<T>(&self, look: impl FnOnce(Graph<'_>) -> T) -> T {
        self.revision.track();
        self.inventory.with_value(|inventory| look(inventory.graph()))
    }

    /// The number of the present content ([`Inventory::version`]), tracked by revision.
    pub(crate) fn version(&self) -> u64 {
        self.revision.track();
        self.inventory.with_value(Inventory::version)
    }

    /// Looks at the inventory as it is now, untracked.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&Inventory) -> T) -> T {
        self.inventory.with_value(look)
    }

    /// As [`SharedInventory::with`]; `None` once the session has ended.
    pub(crate) fn try_with<T>(&self, look: impl FnOnce(&Inventory) -> T) -> Option<T> {
        self.inventory.try_with_value(look)
    }

    /// Changes the inventory; `None` once the session has ended. [`SharedInventory::show`] shows the change.
    pub(crate) fn try_update<T>(&self, change: impl FnOnce(&mut Inventory) -> T) -> Option<T> {
        self.inventory.try_update_value(change)
    }

    /// Keeps the content as it is while the value that this returns lives, as far as what changes it in the background waits for
    /// [`SharedInventory::released`]. Only one at a time holds it. `None` once the session has ended.
    pub(crate) async fn hold(&self) -> Option<OwnedMutexGuard<()>> {
        Some(self.hold.try_get_value()?.lock_owned().await)
    }

    /// Waits until nothing holds the content.
    pub(crate) async fn released(&self) {
        drop(self.hold().await);
    }

    /// Shows what has changed since the last revision.
    pub(crate) fn show(&self) {
        let _ = self.revision.try_update(|revision| *revision = revision.wrapping_add(1));
    }

    /// A copy as it is now.
    pub(crate) fn copy(&self) -> Inventory {
        self.inventory.get_value()
    }
}
