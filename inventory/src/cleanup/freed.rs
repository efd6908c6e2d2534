//! What each step of a plan frees: content goes with the last manifest that uses it.

use super::budget::Budget;
use super::item::{Action, Item, Target};
use crate::graph::{Bound, Figure, Graph};
use crate::id::ManifestId;

/// The accounts of a plan's steps, so far.
#[derive(Debug, Default)]
pub(super) struct Freed {
    /// By digest: how many manifests use it that are not deleted by the steps so far. Empty before the first one.
    remaining: Vec<u32>,
    /// How many steps are accounted for.
    next: usize,
    total: u64,
    manifests: u64,
    is_uncertain: bool,
    is_anything_deleted: bool,
}

impl Freed {
    /// Puts on as many steps as the budget allows what they free. Whether that is on all of them.
    pub(super) fn advance(&mut self, graph: Graph<'_>, steps: &mut [Item], budget: &mut Budget) -> bool {
        if self.remaining.is_empty() {
            self.remaining = graph.use_counts().to_vec();
        }
        while let Some(step) = steps.get_mut(self.next) {
            if budget.is_spent() {
                return false;
            }
            self.next += 1;
            budget.spend(1);
            if let (Target::Manifest(id), Action::Delete) = (step.target, step.action) {
                self.is_anything_deleted = true;
                step.frees = self.delete(graph, id, budget);
                self.total = self.total.saturating_add(step.frees);
            }
        }
        true
    }

    /// What the deletion of a manifest frees after those before it, in bytes.
    fn delete(&mut self, graph: Graph<'_>, id: ManifestId, budget: &mut Budget) -> u64 {
        let mut frees = 0_u64;
        for digest in graph.stored(id) {
            budget.spend(1);
            let Some(count) = self.remaining.get_mut(digest.index()) else { continue };
            *count = count.saturating_sub(1);
            // Most content is shared: its size is not needed then, nor can it be in doubt where none is.
            if *count > 0 && graph.are_sizes_certain() {
                continue;
            }
            let (size, sure) = graph.inventory().stored_size(digest);
            self.is_uncertain |= !sure;
            if *count > 0 {
                continue;
            }
            frees = frees.saturating_add(size);
            if graph.places(digest).next().is_some() {
                self.manifests = self.manifests.saturating_add(size);
            }
        }
        frees
    }

    /// What all steps free, and the part of it that is manifests, in bytes.
    pub(super) fn sums(&self, graph: Graph<'_>) -> (Figure, u64) {
        let mut figure = Figure::exclusive(self.total, !self.is_uncertain, graph.is_complete());
        if !self.is_anything_deleted {
            figure.bound = Bound::Exact;
        }
        (figure, self.manifests)
    }
}
