//! The order in which manifests are deleted: an index before its children, a subject before what refers to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::Graph;
use crate::id::ManifestId;

/// Of a manifest that is not deleted, or that was put in its place already.
const SETTLED: u32 = u32::MAX;

/// Orders manifests. Among those that may come next the lowest id does, so that equal inventories give equal plans. Content cannot
/// refer to itself, but what a registry sends may: of a circle the lowest id comes first.
pub(super) fn deletion_order(graph: Graph<'_>, manifests: &[ManifestId]) -> Vec<ManifestId> {
    let mut lowest_first = manifests.to_vec();
    lowest_first.sort_unstable();
    // By manifest: how many have to come before it.
    let mut waiting = vec![SETTLED; graph.inventory().manifest_slots()];
    for id in &lowest_first {
        set(&mut waiting, *id, 0);
    }
    for later in lowest_first.iter().flat_map(|id| dependents(graph, *id)) {
        if let Some(count) = waiting.get_mut(later.index()).filter(|count| **count != SETTLED) {
            *count += 1;
        }
    }
    let count = |waiting: &[u32], id: ManifestId| waiting.get(id.index()).copied().unwrap_or(SETTLED);
    let ready = lowest_first.iter().filter(|id| count(&waiting, **id) == 0);
    let mut ready: BinaryHeap<Reverse<ManifestId>> = ready.map(|id| Reverse(*id)).collect();
    let mut circles = lowest_first.iter().copied();
    let mut order = Vec::with_capacity(manifests.len());
    loop {
        let next = ready.pop().map(|Reverse(id)| id);
        let next = next.or_else(|| circles.by_ref().find(|id| count(&waiting, *id) != SETTLED));
        let Some(id) = next else { return order };
        set(&mut waiting, id, SETTLED);
        order.push(id);
        for later in dependents(graph, id) {
            let Some(count) = waiting.get_mut(later.index()).filter(|count| **count != SETTLED) else {
                continue;
            };
            *count = count.saturating_sub(1);
            if *count == 0 {
                ready.push(Reverse(later));
            }
        }
    }
}

fn set(waiting: &mut [u32], id: ManifestId, count: u32) {
    if let Some(slot) = waiting.get_mut(id.index()) {
        *slot = count;
    }
}

/// What must not be deleted before a manifest: its children and what refers to it.
pub(super) fn dependents(graph: Graph<'_>, id: ManifestId) -> impl Iterator<Item = ManifestId> {
    let signed = graph.signature_tags(id).filter_map(move |tag| graph.inventory().tag_manifest(tag));
    graph.children(id).chain(graph.referrers(id)).chain(signed)
}
