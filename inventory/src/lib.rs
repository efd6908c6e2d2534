//! A container registry as a graph: what its content costs, what depends on what, and what can be deleted without breaking anything.
//!
//! An [`Inventory`] is built from pages of lists and manifests, in any order and as they come. Its [`Graph`] answers questions; a cleanup
//! rule in the vocabulary of `acr purge` becomes a [`Plan`](cleanup::Plan) with it. Everything here is pure, no I/O and no clock, but for
//! [`request`], which sends what a scan or a run asks for through a client that the caller supplies.
//!
//! ```
//! use acr_inventory::{Content, Inventory, Kind, ManifestRow, Page, Reference};
//!
//! # let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
//! let mut inventory = Inventory::new("contoso.azurecr.io");
//! inventory.read_catalog(&Page { rows: vec!["team/app".to_owned()], ..Page::default() });
//! inventory.read_tags("team/app", &Page::default());
//! let row = ManifestRow { digest: digest("a"), kind: Kind::Image, ..ManifestRow::default() };
//! inventory.read_manifests("team/app", &Page { rows: vec![row], ..Page::default() });
//! let layer = Reference { digest: digest("b"), size: Some(1000), external: false };
//! inventory.read_content(&digest("a"), &Content { size: 500, blobs: vec![layer], ..Content::default() });
//!
//! let graph = inventory.graph();
//! assert!(graph.is_complete());
//! assert_eq!(graph.registry_figures().untagged.bytes, 1500);
//! ```
//!
//! # What is counted
//!
//! - **Blobs are stored once per registry**, however many repositories refer to them: a registry addresses content by its digest, and
//!   the service mounts blobs across repositories without a copy (Microsoft's documentation, "About registries, repositories, and
//!   artifacts": layers are shared between images). So a byte is freed when the last manifest of the registry that refers to it goes.
//!   Geo-replicas and soft-deleted artifacts, which are billed apart, are not in any figure.
//! - **Sizes are those that manifests state**, and a manifest's own size is that of its bytes. The service does not verify stated sizes;
//!   where two differ the smaller counts, and the figure says that it is a lower bound.
//! - **References hold within a repository**: an index keeps the manifests of its own repository, and a referrer belongs to a subject in
//!   its own (OCI distribution specification, "Listing Referrers"). Signatures by cosign's tag scheme (`sha256-<hex>.sig`, `.att`,
//!   `.sbom`) count as referrers.
//! - **Every figure has a [`Bound`]**: exact, or which way it can still move until everything is read.

mod build;
mod chain;
pub mod cleanup;
mod csr;
mod difference;
mod digest;
mod graph;
mod id;
pub mod in_use;
mod index;
mod instant;
mod inventory;
pub mod lock;
mod locks;
mod next;
mod record;
mod release;
pub mod request;
pub mod scan;
pub mod snapshot;
pub mod spreadsheet;

pub use difference::{Difference, Growth, LockChange, Moved, difference};
pub use graph::{
    Base, Bound, Broken, Deletion, Figure, Figures, Graph, GrowthPoint, LayerUse, Repeated, StatedBase,
};
pub use id::{ContentId, DigestId, ManifestId, RepositoryId, TagId};
pub use instant::Instant;
pub use inventory::{Inventory, Page};
pub use locks::Locks;
pub use next::Next;
pub use record::{Content, Kind, ManifestRow, Reference, RepositoryRow, TagRow};
pub use release::is_release;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
