//! The buttons, dialogs and results of changes: untag, delete, lock and unlock, for one item or many, and undoing an untag.

pub(crate) mod bulk;
pub(crate) mod delete_repository;
pub(crate) mod dialog;
mod findings;
pub(crate) mod results;
pub(crate) mod undo;
