//! The order in which manifests are deleted: an index before its children, a subject before what refers to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::budget::Budget;
use super::circle::{Outermost, WalkInDepth};
use super::dependents::dependents;
use super::open::Open;
use crate::graph::Graph;
use crate::id::ManifestId;

/// Orders manifests. Among those that may come next the first of `manifests` does, so that a registry gives the same plan in whatever
/// order it was read. There may be circles: an index may be the signature of one of its children. There, an index still comes before its
/// children; and what is in no circle with a manifest keeps its place before or after it.
#[derive(Debug)]
pub(super) struct DeletionOrder {
    manifests: Vec<ManifestId>,
    open: Open,
    /// How many of the manifests were added to `open`, have let others wait for them, and were looked at whether they wait.
    added: usize,
    awaited: usize,
    gathered: usize,
    /// What may come next, by its place.
    ready: BinaryHeap<Reverse<(u32, ManifestId)>>,
    /// What is left once all else waits for it.
    circles: Option<WalkInDepth>,
    /// The search in which of these comes next, while it lasts.
    outermost: Option<Outermost>,
    order: Vec<ManifestId>,
}

impl DeletionOrder {
    pub(super) fn new(graph: Graph<'_>, manifests: Vec<ManifestId>) -> Self {
        Self {
            open: Open::new(graph.inventory().manifest_slots()),
            added: 0,
            awaited: 0,
            gathered: 0,
            ready: BinaryHeap::new(),
            circles: None,
            outermost: None,
            order: Vec::with_capacity(manifests.len()),
            manifests,
        }
    }

    /// The manifests that were put in order so far.
    pub(super) fn order(&self) -> &[ManifestId] {
        &self.order
    }

    /// Orders as many as the budget allows. Whether all are in order.
    pub(super) fn advance(&mut self, graph: Graph<'_>, budget: &mut Budget) -> bool {
        self.add(budget) && self.let_wait(graph, budget) && self.gather(budget) && self.settle(graph, budget)
    }

    fn add(&mut self, budget: &mut Budget) -> bool {
        let mut place = u32::try_from(self.added).unwrap_or(u32::MAX);
        budget.each(&self.manifests, &mut self.added, |id| {
            self.open.add(id, place);
            place = place.saturating_add(1);
        })
    }

    fn let_wait(&mut self, graph: Graph<'_>, budget: &mut Budget) -> bool {
        while let Some(id) = self.manifests.get(self.awaited) {
            if budget.is_spent() {
                return false;
            }
            self.awaited += 1;
            budget.spend(1);
            for later in dependents(graph, *id) {
                self.open.wait(later);
                budget.spend(1);
            }
        }
        true
    }

    fn gather(&mut self, budget: &mut Budget) -> bool {
        budget.each(&self.manifests, &mut self.gathered, |id| {
            if self.open.is_ready(id) {
                self.ready.push(Reverse((self.open.place(id), id)));
            }
        })
    }

    fn settle(&mut self, graph: Graph<'_>, budget: &mut Budget) -> bool {
        while !self.open.is_empty() {
            if budget.is_spent() {
                return false;
            }
            let ready = self.ready.pop().map(|Reverse((_, id))| id);
            let Some(id) = ready.or_else(|| self.next_in_circle(graph, budget)) else { return false };
            self.open.settle(id);
            self.order.push(id);
            budget.spend(1);
            for later in dependents(graph, id) {
                budget.spend(1);
                if self.open.release(later) {
                    self.ready.push(Reverse((self.open.place(later), later)));
                }
            }
        }
        true
    }

    /// The next manifest where all that are left wait for others; `None` where the budget does not suffice to find it.
    fn next_in_circle(&mut self, graph: Graph<'_>, budget: &mut Budget) -> Option<ManifestId> {
        let slots = graph.inventory().manifest_slots();
        let circles = self.circles.get_or_insert_with(|| WalkInDepth::new(slots));
        if !circles.advance(graph, &self.manifests, &self.open, budget) {
            return None;
        }
        while circles.left.pop_if(|id| !self.open.is_open(*id)).is_some() {}
        let first = *circles.left.last()?;
        let search = self.outermost.get_or_insert_with(|| Outermost::new(first));
        let found = search.advance(graph, &self.open, budget)?;
        self.outermost = None;
        Some(found)
    }
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

    /// The order, worked out in steps of so many items.
    fn order_in_steps(graph: Graph<'_>, ids: &[ManifestId], items: usize) -> Vec<ManifestId> {
        let mut order = DeletionOrder::new(graph, ids.to_vec());
        while !order.advance(graph, &mut Budget::new(items)) {}
        order.order
    }

    fn deletion_order(graph: Graph<'_>, ids: &[ManifestId]) -> Vec<ManifestId> {
        let order = order_in_steps(graph, ids, usize::MAX);
        for items in 1..8 {
            assert_eq!(order_in_steps(graph, ids, items), order, "in steps of {items}");
        }
        order
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
