//! The screens: each composes components and queries, and asks the client. One file or folder a screen.

pub(crate) mod actions;
pub(crate) mod breadcrumb;
pub(crate) mod cleanup;
pub(crate) mod compare;
pub(crate) mod doctor;
pub(crate) mod export_tools;
pub(crate) mod files;
pub(crate) mod host_sign_in;
pub(crate) mod inventory;
pub(crate) mod manifest;
pub(crate) mod no_screen;
pub(crate) mod refresh_button;
pub(crate) mod repositories;
pub(crate) mod repository;
pub(crate) mod search_results;
pub(crate) mod sign_in;
pub(crate) mod sign_in_again;
pub(crate) mod storage;
pub(crate) mod switches;
