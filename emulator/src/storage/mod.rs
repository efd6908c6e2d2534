//! Bytes at rest: reading blobs from wherever they are, and the data folder with its journal.
//! Knows nothing of HTTP; what a blob means is the registry's business.

pub(crate) mod folder;
pub(crate) mod journal;
pub(crate) mod reader;

pub(crate) use folder::{DataFolder, OpenError};
pub(crate) use reader::BlobReader;
