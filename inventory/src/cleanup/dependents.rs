//! What depends on a manifest.

use crate::graph::Graph;
use crate::id::ManifestId;

/// What must not be deleted before a manifest: its children and what refers to it.
pub(super) fn dependents(graph: Graph<'_>, id: ManifestId) -> impl Iterator<Item = ManifestId> {
    let signed = graph.signature_tags(id).filter_map(move |tag| graph.tag_manifest(tag));
    graph.children(id).chain(graph.referrers(id)).chain(signed)
}
