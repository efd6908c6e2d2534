//! Installed packages, read from the databases of package managers and from binaries while a layer streams.

mod bdb;
mod binary;
mod budget;
mod collector;
mod list;
mod ndb;
mod rpm;
mod sqlite;
mod text;

pub(crate) use collector::PackageCollector;
pub use list::{Ecosystem, Package, PackageDatabase};
