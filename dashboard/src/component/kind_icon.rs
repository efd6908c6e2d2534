//! The icon of each kind of artifact.

use acr_artifact::Kind;

use super::icon::Icon;

/// The icon that stands for a kind.
pub(crate) fn kind_icon(kind: Kind) -> Icon {
    match kind {
        Kind::Image => Icon::Manifest,
        Kind::Index => Icon::Index,
        kind if kind.is_evidence() => Icon::Signature,
        _ => Icon::Artifact,
    }
}
