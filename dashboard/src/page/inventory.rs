//! What the screens Storage and Cleanup have in common: what part of the registry they show, the analysis they draw on, and figures.

pub(crate) mod controls;
pub(crate) mod figure;
pub(crate) mod label;
pub(crate) mod scope;
pub(crate) mod snapshot_banner;
