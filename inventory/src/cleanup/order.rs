//! The order in which manifests are deleted: an index before its children, a subject before what refers to it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::graph::Graph;
use crate::id::ManifestId;

/// Of a manifest that is not deleted, or that was put in its place already.
const SETTLED: u32 = u32::MAX;

/// Orders manifests. Among those that may come next the first of `manifests` does, so that a registry gives the same plan in whatever
/// order it was read. There may be circles: an index may be the signature of one of its children. There, an index still comes before its
/// children; and what is in no circle with a manifest keeps its place before or after it.
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
    let mut circles = None;
    let mut order = Vec::with_capacity(manifests.len());
    loop {
        let next = ready.pop().map(|Reverse((_, id))| id);
        let next = next.or_else(|| {
            let circles = circles
                .get_or_insert_with(|| outermost_first(graph, manifests, &places, &waiting).peekable());
            let is_open = |id: ManifestId| get(&waiting, id) != SETTLED;
            while circles.next_if(|id| !is_open(*id)).is_some() {}
            circles.peek().map(|id| outermost_index(graph, *id, &places, is_open))
        });
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

/// The manifests that are not settled, in the reverse of the order in which a walk in depth leaves them (the first pass of Kosaraju's algorithm):
/// what leads to a manifest, and is in no circle with it, precedes it.
fn outermost_first(
    graph: Graph<'_>,
    manifests: &[ManifestId],
    places: &[u32],
    waiting: &[u32],
) -> impl Iterator<Item = ManifestId> + use<> {
    let mut open: Vec<bool> = waiting.iter().map(|count| *count != SETTLED).collect();
    let mut enter = |id: ManifestId| {
        let is_open = open.get_mut(id.index()).is_some_and(std::mem::take);
        is_open.then(|| {
            let mut later: Vec<ManifestId> = dependents(graph, id).collect();
            // Not in the order of reading, which may be any.
            later.sort_by_key(|id| places.get(id.index()).copied());
            (id, later.into_iter())
        })
    };
    let mut left = Vec::new();
    for root in manifests {
        let mut path: Vec<_> = enter(*root).into_iter().collect();
        while let Some((id, later)) = path.last_mut() {
            match later.next() {
                Some(next) => path.extend(enter(next)),
                None => {
                    left.push(*id);
                    path.pop();
                }
            }
        }
    }
    left.into_iter().rev()
}

/// The outermost of the open indexes that contain an open manifest, directly or not; the manifest itself where none does. Of indexes that contain
/// each other it is any.
fn outermost_index(
    graph: Graph<'_>,
    id: ManifestId,
    places: &[u32],
    is_open: impl Fn(ManifestId) -> bool,
) -> ManifestId {
    let mut above = BTreeSet::from([id]);
    let mut next = vec![id];
    while let Some(id) = next.pop() {
        next.extend(graph.parents(id).filter(|parent| is_open(*parent) && above.insert(*parent)));
    }
    // The last one that no earlier walk came to: were it in another index, the walk from that one would have.
    let mut outermost = id;
    let mut starts: Vec<ManifestId> = above.iter().copied().collect();
    starts.sort_by_key(|id| places.get(id.index()).copied());
    let mut left = above;
    for start in starts {
        let mut next: Vec<ManifestId> = left.take(&start).into_iter().collect();
        outermost = next.first().copied().unwrap_or(outermost);
        while let Some(id) = next.pop() {
            next.extend(graph.children(id).filter_map(|child| left.take(&child)));
        }
    }
    outermost
}

fn set(table: &mut [u32], id: ManifestId, value: u32) {
    if let Some(slot) = table.get_mut(id.index()) {
        *slot = value;
    }
}

/// What must not be deleted before a manifest: its children and what refers to it.
pub(super) fn dependents(graph: Graph<'_>, id: ManifestId) -> impl Iterator<Item = ManifestId> {
    let signed = graph.signature_tags(id).filter_map(move |tag| graph.tag_manifest(tag));
    graph.children(id).chain(graph.referrers(id)).chain(signed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{Inventory, Page};
    use crate::record::{Content, Kind, ManifestRow, Reference, TagRow};

    fn digest(number: u8) -> String {
        format!("sha256:{}", format!("{number:02x}").repeat(32))
    }

    /// A repository of indexes, each with these children, listed in this order.
    fn indexes(children: &[&[u8]]) -> (Inventory, Vec<ManifestId>) {
        let mut inventory = Inventory::new("contoso.azurecr.io");
        let row = |number| ManifestRow { digest: digest(number), ..ManifestRow::default() };
        let rows: Vec<ManifestRow> = (0..).zip(children).map(|(number, _)| row(number)).collect();
        inventory.read_manifests("app", &Page { rows, ..Page::default() });
        for (number, of) in (0..).zip(children) {
            let reference = |child: &u8| Reference { digest: digest(*child), size: None, external: false };
            let children = of.iter().map(reference).collect();
            let content = Content { kind: Kind::Index, children, ..Content::default() };
            inventory.read_content(&digest(number), &content);
        }
        let ids =
            (0..).zip(children).filter_map(|(number, _)| inventory.find_manifest("app", &digest(number)));
        let ids = ids.collect();
        (inventory, ids)
    }

    fn order(children: &[&[u8]]) -> Vec<usize> {
        let (inventory, ids) = indexes(children);
        let order = deletion_order(inventory.graph(), &ids);
        order.iter().filter_map(|id| ids.iter().position(|other| other == id)).collect()
    }

    #[test]
    fn an_index_goes_before_what_it_contains() {
        assert_eq!(order(&[&[], &[0], &[1, 0]]), [2, 1, 0]);
        assert_eq!(order(&[&[], &[], &[]]), [0, 1, 2]);
    }

    #[test]
    fn an_index_goes_before_a_child_whose_signature_it_claims_to_be() {
        let (mut inventory, ids) = indexes(&[&[], &[0]]);
        let name = format!("{}.sig", digest(0).replace(':', "-"));
        let rows = vec![TagRow { name, digest: digest(1), ..TagRow::default() }];
        inventory.read_tags("app", &Page { rows, ..Page::default() });
        let graph = inventory.graph();
        assert!(ids.iter().all(|id| dependents(graph, *id).count() == 1), "a circle");
        assert_eq!(deletion_order(graph, &ids), ids.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_outside_of_a_circle_keeps_its_place() {
        // 1 and 2 contain each other, and 1 contains 0.
        assert_eq!(order(&[&[], &[0, 2], &[1]]), [1, 0, 2]);
        // 0 and 1 contain each other, and 2, which is in another circle with 3, contains 0.
        assert_eq!(order(&[&[1], &[0], &[3, 0], &[2]]), [2, 3, 0, 1]);
    }
}
