//! How what is stored came about, by the times of the manifests that are there now.

use std::collections::BTreeMap;

use super::view::Graph;
use crate::id::{ManifestId, RepositoryId};
use crate::instant::Instant;

/// What was added in a stretch of time and is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowthPoint {
    /// When the stretch begins.
    pub start: Instant,
    /// Bytes that first came with manifests pushed in it.
    pub added: u64,
    /// Bytes of everything up to its end.
    pub total: u64,
    /// How many manifests were pushed in it.
    pub manifests: usize,
}

impl Graph<'_> {
    /// The growth of the registry, or of some repositories, in stretches of so many ticks of 100 ns; stretches without a push are left
    /// out. It knows what is there now, not what was deleted since. Manifests without a time are not in it.
    #[must_use]
    pub fn growth(self, repositories: &[RepositoryId], ticks: i64) -> Vec<GrowthPoint> {
        let ids = repositories.iter().flat_map(|id| self.inventory.manifests(*id));
        let created = |id: ManifestId| self.inventory.manifest(id).and_then(|manifest| manifest.created);
        let mut pushed: Vec<(Instant, ManifestId)> =
            ids.filter_map(|id| created(id).map(|created| (created, id))).collect();
        pushed.sort_unstable();
        let mut seen = vec![false; self.inventory.digests.len()];
        let mut stretches: BTreeMap<i64, (u64, usize)> = BTreeMap::new();
        for (created, id) in pushed {
            let stretch = stretches.entry(created.ticks().div_euclid(ticks.max(1))).or_default();
            stretch.1 += 1;
            for digest in self.stored(id) {
                if let Some(flag) = seen.get_mut(digest.index()).filter(|flag| !**flag) {
                    *flag = true;
                    stretch.0 = stretch.0.saturating_add(self.inventory.stored_size(digest).0);
                }
            }
        }
        let mut total = 0_u64;
        let points = stretches.into_iter().map(|(number, (added, manifests))| {
            total = total.saturating_add(added);
            let start = Instant::from_ticks(number.saturating_mul(ticks.max(1)));
            GrowthPoint { start, added, total, manifests }
        });
        points.collect()
    }
}
