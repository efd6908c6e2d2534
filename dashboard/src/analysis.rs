//! The analysis of a registry's storage: reads lists and manifests into an inventory. It belongs to the session, so it goes on while other
//! screens are shown.

mod cache;
mod control;
mod dependents;
mod driver;
mod kept;
pub(crate) mod next;
pub(crate) mod opened;
pub(crate) mod pace;
mod shared_inventory;
mod state;

pub(crate) use shared_inventory::SharedInventory;
pub(crate) use state::{Analysis, State};
