//! Manifests in circles, each of which waits for another one: which comes first all the same.

use std::collections::BTreeSet;
use std::vec::IntoIter;

use super::budget::Budget;
use super::dependents::dependents;
use super::open::Open;
use crate::graph::Graph;
use crate::id::ManifestId;

/// The open manifests, in the order in which a walk in depth leaves them (the first pass of Kosaraju's algorithm). In its reverse, what leads
/// to a manifest, and is in no circle with it, precedes it.
#[derive(Debug)]
pub(super) struct WalkInDepth {
    entered: Vec<bool>,
    roots: usize,
    path: Vec<(ManifestId, IntoIter<ManifestId>)>,
    /// Those that the walk has left; the last one comes first in the order.
    pub(super) left: Vec<ManifestId>,
}

impl WalkInDepth {
    pub(super) fn new(slots: usize) -> Self {
        Self { entered: vec![false; slots], roots: 0, path: Vec::new(), left: Vec::new() }
    }

    /// Walks on from `manifests`, as far as the budget allows. Whether the walk has ended.
    pub(super) fn advance(
        &mut self,
        graph: Graph<'_>,
        manifests: &[ManifestId],
        open: &Open,
        budget: &mut Budget,
    ) -> bool {
        while !budget.is_spent() {
            let next = match self.path.last_mut() {
                Some((id, later)) => {
                    let next = later.next();
                    if next.is_none() {
                        self.left.push(*id);
                        self.path.pop();
                    }
                    next
                }
                None => {
                    let Some(root) = manifests.get(self.roots) else { return true };
                    self.roots += 1;
                    Some(*root)
                }
            };
            budget.spend(1 + next.map_or(0, |next| self.enter(graph, next, open)));
        }
        self.path.is_empty() && self.roots >= manifests.len()
    }

    /// Goes to a manifest that is open and to which the walk has not come. How many lie after it.
    fn enter(&mut self, graph: Graph<'_>, id: ManifestId, open: &Open) -> usize {
        let Some(entered) = self.entered.get_mut(id.index()).filter(|entered| !**entered) else { return 0 };
        *entered = true;
        if !open.is_open(id) {
            return 0;
        }
        let mut later: Vec<ManifestId> = dependents(graph, id).collect();
        let count = later.len();
        // Not in the order of reading, which may be any.
        later.sort_by_key(|id| open.place(*id));
        self.path.push((id, later.into_iter()));
        count
    }
}

/// The search for the outermost of the open indexes that contain an open manifest, directly or not; the manifest itself where none does. Of
/// indexes that contain each other it is any.
#[derive(Debug)]
pub(super) struct Outermost {
    /// The manifest and the indexes that contain it; later those to which no walk has come.
    above: BTreeSet<ManifestId>,
    next: Vec<ManifestId>,
    /// From which ones walks start, once all indexes are known.
    starts: Option<IntoIter<ManifestId>>,
    /// Where the last walk started that no earlier one came to: were it in another index, the walk from that one would have.
    outermost: ManifestId,
}

impl Outermost {
    pub(super) fn new(id: ManifestId) -> Self {
        Self { above: BTreeSet::from([id]), next: vec![id], starts: None, outermost: id }
    }

    /// Searches as far as the budget allows. The index, once it is found.
    pub(super) fn advance(
        &mut self,
        graph: Graph<'_>,
        open: &Open,
        budget: &mut Budget,
    ) -> Option<ManifestId> {
        while !budget.is_spent() {
            budget.spend(1);
            let Self { above, next, starts, outermost } = self;
            match (next.pop(), starts) {
                (Some(id), None) => {
                    let is_new = |parent: &ManifestId| open.is_open(*parent) && above.insert(*parent);
                    next.extend(graph.parents(id).filter(is_new));
                }
                (None, starts @ None) => {
                    let mut all: Vec<ManifestId> = above.iter().copied().collect();
                    all.sort_by_key(|id| open.place(*id));
                    budget.spend(all.len());
                    *starts = Some(all.into_iter());
                }
                (Some(id), Some(_)) => {
                    next.extend(graph.children(id).filter_map(|child| above.take(&child)));
                }
                (None, Some(starts)) => {
                    let Some(start) = starts.next() else { return Some(*outermost) };
                    if above.remove(&start) {
                        *outermost = start;
                        next.push(start);
                    }
                }
            }
        }
        None
    }
}
