//! The icon of each kind of artifact.

use super::icon::Icon;
use crate::artifact::Kind;

/// The icon that stands for a kind.
pub(crate) fn kind_icon(kind: Kind) -> Icon {
    match kind {
        Kind::Image => Icon::Manifest,
        Kind::Index => Icon::Index,
        Kind::Signature | Kind::Attestation => Icon::Signature,
        Kind::HelmChart | Kind::Sbom | Kind::Wasm | Kind::Artifact => Icon::Artifact,
    }
}
