//! What became of a path.

use serde::{Deserialize, Serialize};

/// What a layer did to a path, or the second image of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// It was added.
    Added,
    /// It replaced what was there.
    Changed,
    /// It was removed.
    Removed,
}
