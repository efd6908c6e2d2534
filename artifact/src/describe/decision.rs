//! What a decision comes to.

use crate::kind::Kind;
use crate::types;

/// A kind and the format within it.
pub(super) struct Decision {
    pub(super) kind: Kind,
    pub(super) format: String,
}

impl Decision {
    pub(super) const fn plain(kind: Kind) -> Self {
        Self { kind, format: String::new() }
    }
}

impl From<&types::KnownType> for Decision {
    fn from(known: &types::KnownType) -> Self {
        Self { kind: known.kind, format: known.format.to_owned() }
    }
}

/// A text of the registry without control characters.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
