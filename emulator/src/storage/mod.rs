//! Storage of bytes: reading blobs from memory or disk, the data folder with its journal, and the signed addresses that
//! redirects lead to.
//! Knows nothing of HTTP; what a blob means is the registry's business.

pub(crate) mod address;
pub(crate) mod folder;
pub(crate) mod journal;
pub(crate) mod reader;

pub(crate) use folder::{DataFolder, OpenError};
pub(crate) use reader::BlobReader;
