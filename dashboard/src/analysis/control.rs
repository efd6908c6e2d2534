//! Beginning an analysis and going on with it.

use acr_inventory::Inventory;
use acr_inventory::scan::Scan;
use leptos::prelude::*;

use super::driver;
use super::state::{Analysis, State};

impl Analysis {
    /// Begins, or begins anew: lists are read again, and manifests that were read are not. A repository that a person looks at is read first,
    /// and also where the registry does not list it.
    pub(crate) fn begin(&self, repository: Option<&str>) {
        self.inventory.try_update(Inventory::forget_lists);
        self.scan.set_value(Scan::new());
        if self.with_configs.get_untracked() {
            self.scan.update_value(Scan::read_configs);
        }
        self.begun_at.set(Some(crate::clock::now()));
        if let Some(name) = repository {
            self.inventory.try_update(|inventory| inventory.add_repository(name));
            self.scan.update_value(|scan| scan.read_first(name));
        }
        self.go_on();
    }

    /// Reads the config of each image too, which states what its layers contain uncompressed.
    pub(crate) fn read_configs(&self) {
        self.with_configs.set(true);
        self.scan.update_value(Scan::read_configs);
        self.go_on();
    }

    /// Goes on after a pause or a stop, and asks again for what failed.
    pub(crate) fn go_on(&self) {
        if self.state.get_untracked() == State::Running {
            return;
        }
        self.scan.update_value(Scan::retry_failed);
        self.failure.set(None);
        self.state.set(State::Running);
        self.note_under_way(true);
        // Where requests of before the pause are still in flight, what awaits them goes on.
        if self.driven.get_value() {
            return;
        }
        self.driven.set_value(true);
        self.session.with_value(|session| session.run(driver::drive(*self, session.client.clone())));
    }
}
