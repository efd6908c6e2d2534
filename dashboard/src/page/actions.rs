//! Changing what the registry holds: untag, delete, lock and unlock, for one or for many, and taking an untag back.

pub(crate) mod bulk;
pub(crate) mod delete_repository;
pub(crate) mod dialog;
mod findings;
mod impact;
pub(crate) mod plan;
mod results;
pub(crate) mod run;
mod survey;
pub(crate) mod undo;
