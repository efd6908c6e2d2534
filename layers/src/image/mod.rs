//! The merged file system of an image: layers applied one after another, and what that wastes.

mod merge;
mod view;
mod waste;

pub use view::{FileView, History, Image, Outcome, VersionView};
pub use waste::{WastedFile, WastedLayer};
