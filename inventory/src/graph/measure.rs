//! Adding up what a set of manifests stores, each digest once.

use super::view::Graph;
use crate::id::{DigestId, ManifestId};

/// Room for counting, reused between sets so that a set costs as much as it refers to and no more.
pub(crate) struct Scratch {
    /// By digest: the set that counted it last.
    round: Vec<u32>,
    count: Vec<u32>,
    touched: Vec<DigestId>,
    current: u32,
}

/// What a set of manifests stores, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    /// What only this set uses.
    pub(crate) exclusive: u64,
    /// The part of `exclusive` that is manifests.
    pub(crate) exclusive_manifests: u64,
    /// What other manifests use too.
    pub(crate) shared: u64,
    /// Whether every size is known and undisputed.
    pub(crate) certain: bool,
}

impl Scratch {
    pub(crate) fn new(graph: Graph<'_>) -> Self {
        let digests = graph.inventory.digests.len();
        Self { round: vec![0; digests], count: vec![0; digests], touched: Vec::new(), current: 0 }
    }

    /// Measures a set; a manifest that is named twice counts twice, so the set must not repeat itself.
    pub(crate) fn measure(&mut self, graph: Graph<'_>, set: impl Iterator<Item = ManifestId>) -> Measure {
        self.current += 1;
        self.touched.clear();
        for digest in set.flat_map(|id| graph.stored(id)) {
            let slots = self.round.get_mut(digest.index()).zip(self.count.get_mut(digest.index()));
            let Some((round, count)) = slots else { continue };
            if *round != self.current {
                *round = self.current;
                *count = 0;
                self.touched.push(digest);
            }
            *count += 1;
        }
        let mut measure = Measure { certain: true, ..Measure::default() };
        for digest in &self.touched {
            let (size, certain) = graph.inventory.stored_size(*digest);
            measure.certain &= certain;
            let count = self.count.get(digest.index()).copied().unwrap_or_default();
            if count < graph.use_count(*digest) {
                measure.shared = measure.shared.saturating_add(size);
                continue;
            }
            measure.exclusive = measure.exclusive.saturating_add(size);
            if graph.places(*digest).next().is_some() {
                measure.exclusive_manifests = measure.exclusive_manifests.saturating_add(size);
            }
        }
        measure
    }
}
