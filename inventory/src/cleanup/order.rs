//! The order in which manifests are deleted: an index before its children, a subject before what refers to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::Graph;
use crate::id::ManifestId;

/// Of a manifest that is not deleted, or that was put in its place already.
const SETTLED: u32 = u32::MAX;

/// Orders manifests. Among those that may come next the first of `manifests` does, so that a registry gives the same plan in whatever
/// order it was read. Content cannot refer to itself, but what a registry sends may: of a circle the first comes first.
pub(super) fn deletion_order(graph: Graph<'_>, manifests: &[ManifestId]) -> Vec<ManifestId> {
    let slots = graph.inventory().manifest_slots();
    let mut places = vec![0_u32; slots];
    // By manifest: how many have to come before it.
    let mut waiting = vec![SETTLED; slots];
    for (place, id) in (0_u32..).zip(manifests) {
        set(&mut places, *id, place);
        set(&mut waiting, *id, 0);
    }
    for later in manifests.iter().flat_map(|id| dependents(graph, *id)) {
        if let Some(count) = waiting.get_mut(later.index()).filter(|count| **count != SETTLED) {
            *count += 1;
        }
    }
    let get = |table: &[u32], id: ManifestId| table.get(id.index()).copied().unwrap_or(SETTLED);
    let ready = manifests.iter().filter(|id| get(&waiting, **id) == 0);
    let mut ready: BinaryHeap<Reverse<(u32, ManifestId)>> =
        ready.map(|id| Reverse((get(&places, *id), *id))).collect();
    let mut circles = manifests.iter().copied();
    let mut order = Vec::with_capacity(manifests.len());
    loop {
        let next = ready.pop().map(|Reverse((_, id))| id);
        let next = next.or_else(|| circles.by_ref().find(|id| get(&waiting, *id) != SETTLED));
        let Some(id) = next else { return order };
        set(&mut waiting, id, SETTLED);
        order.push(id);
        for later in dependents(graph, id) {
            let Some(count) = waiting.get_mut(later.index()).filter(|count| **count != SETTLED) else {
                continue;
            };
            *count = count.saturating_sub(1);
            if *count == 0 {
                ready.push(Reverse((get(&places, later), later)));
            }
        }
    }
}

fn set(table: &mut [u32], id: ManifestId, value: u32) {
    if let Some(slot) = table.get_mut(id.index()) {
        *slot = value;
    }
}

/// What must not be deleted before a manifest: its children and what refers to it.
pub(super) fn dependents(graph: Graph<'_>, id: ManifestId) -> impl Iterator<Item = ManifestId> {
    let signed = graph.signature_tags(id).filter_map(move |tag| graph.inventory().tag_manifest(tag));
    graph.children(id).chain(graph.referrers(id)).chain(signed)
}
