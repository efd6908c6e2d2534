//! Manifests and their references as a person knows them.

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

/// `team/app:1.2` as it is, `team/app@sha256:…` with the digest's beginning.
pub(crate) fn shortened(reference: &str) -> String {
    match reference.split_once('@') {
        Some((name, digest)) => format!("{name}@{}", format::short_digest(digest)),
        None => reference.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digests_are_shortened() {
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(shortened(&format!("team/app@{digest}")), "team/app@sha256:aaaaaaaaaaaa");
        assert_eq!(shortened("team/app:1.2"), "team/app:1.2");
    }
}
