//! The order in which manifests are deleted: an index before its children, a subject before what refers to it.

use std::collections::{BTreeSet, HashMap};

use crate::graph::Graph;
use crate::id::ManifestId;

/// Orders manifests. Among those that may come next the lowest id does, so that equal inventories give equal plans. Content cannot
/// refer to itself, but what a registry sends may: of a circle the lowest id comes first.
pub(super) fn deletion_order(graph: Graph<'_>, manifests: &[ManifestId]) -> Vec<ManifestId> {
    let mut waiting: HashMap<ManifestId, usize> = manifests.iter().map(|id| (*id, 0)).collect();
    for id in manifests {
        for later in dependents(graph, *id) {
            if let Some(count) = waiting.get_mut(&later) {
                *count += 1;
            }
        }
    }
    let mut ready: BTreeSet<ManifestId> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    let mut circles: BTreeSet<ManifestId> =
        waiting.iter().filter(|(_, count)| **count > 0).map(|(id, _)| *id).collect();
    let mut order = Vec::with_capacity(manifests.len());
    loop {
        let Some(id) = ready.pop_first().or_else(|| circles.pop_first()) else { return order };
        if waiting.remove(&id).is_none() {
            continue;
        }
        order.push(id);
        for later in dependents(graph, id) {
            let Some(count) = waiting.get_mut(&later) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 {
                circles.remove(&later);
                ready.insert(later);
            }
        }
    }
}

/// What must not be deleted before a manifest: its children and what refers to it.
pub(super) fn dependents(graph: Graph<'_>, id: ManifestId) -> impl Iterator<Item = ManifestId> {
    let signed = graph.signature_tags(id).filter_map(move |tag| graph.inventory().tag_manifest(tag));
    graph.children(id).chain(graph.referrers(id)).chain(signed)
}
