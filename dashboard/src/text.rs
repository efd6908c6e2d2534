//! Every string a person reads, in one place, so that wording is one review and another language one more module.
//!
//! Constants where nothing is filled in, functions where something is. Accessible names that tests and assistive
//! technology rely on are here too. The words are the service's: repository, manifest, tag, digest, login server, untag.

pub(crate) mod action;
pub(crate) mod attributes;
pub(crate) mod cleanup;
pub(crate) mod compare;
pub(crate) mod doctor;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod impact;
pub(crate) mod list;
pub(crate) mod locks;
pub(crate) mod manifest;
pub(crate) mod microsoft;
pub(crate) mod repository;
pub(crate) mod session;
pub(crate) mod shell;
pub(crate) mod snapshot;
pub(crate) mod storage;
