//! Manifests as a person knows them.

use acr_inventory::{Graph, ManifestId};

use crate::format;

/// `team/app:1.2` for a manifest with a tag; for one that an index with a tag lists that tag and the digest's beginning; else the digest's
/// beginning alone.
pub(crate) fn manifest_label(graph: Graph<'_>, id: ManifestId) -> String {
    let inventory = graph.inventory();
    if let Some(tag) = graph.tags_on(id).next() {
        return inventory.tag_reference(tag);
    }
    let digest =
        inventory.manifest_digest(id).map(|digest| inventory.digest_text(digest)).unwrap_or_default();
    let short = format::short_digest(&digest);
    if let Some(tag) = graph.parents(id).find_map(|index| graph.tags_on(index).next()) {
        return format!("{} ({short})", inventory.tag_reference(tag));
    }
    let repository =
        inventory.manifest_repository(id).map(|id| inventory.repository_name(id)).unwrap_or_default();
    format!("{repository}@{short}")
}
