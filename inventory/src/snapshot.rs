//! Snapshots: an inventory as one file, and back.
//!
//! # Format, version 1
//!
//! Lines of JSON, UTF-8, each an object with one key. Other keys inside are ignored, so that later versions can add some. No credential,
//! token or URL is ever in it.
//!
//! | line | what it holds |
//! |---|---|
//! | `{"acrInventory":{…}}` | first: `version`, `registry`, `taken` (RFC 3339), and `catalogGap` |
//! | `{"digest":{…}}` | `digest` and, where known, `size` (bytes), `external`, `disputed`, `unreadable`. Numbered from 0 in their order |
//! | `{"content":{…}}` | a manifest: `digest` (a number), `size`, `kind`, `config` (whether the first blob is one), `blobs`, `children`, `subject`, `base` |
//! | `{"diffId":{…}}` | `layer` and `content`: the number of a layer and of its uncompressed content |
//! | `{"repository":{…}}` | `name`, `attributes`, `tagGap`, `manifestGap`; the rows that follow are its own |
//! | `{"manifest":{…}}` | `digest`, `imageSize`, `created`, `updated` (ticks of 100 ns since the Unix epoch), `locks`, `kind` |
//! | `{"tag":{…}}` | `name`, `digest`, `created`, `updated`, `locks` |
//! | `{"end":{…}}` | last: `lines`, the number of lines before it |
//!
//! A gap is the cursor of the first page that was not read: "" for the first of all, absent for a list that was read to its end. Locks
//! are a sum: 1 `deleteEnabled`, 2 `writeEnabled`, 4 `readEnabled`, 8 `listEnabled`.

mod line;
mod read;
mod write;

pub use read::{SnapshotError, SnapshotReader, read};
pub use write::write;

use crate::instant::Instant;
use crate::inventory::Inventory;

/// The version that this crate writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// An inventory as it was at a moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The inventory.
    pub inventory: Inventory,
    /// When it was taken.
    pub taken: Instant,
}
