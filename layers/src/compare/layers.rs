//! Which layers two images share. The same digest means the same bytes.

use std::collections::BTreeSet;

use serde::Serialize;

/// A layer as a manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayerDescriptor {
    /// The digest of the compressed layer.
    pub digest: String,
    /// Its size in bytes.
    pub size: u64,
}

/// The layers of two images.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LayerComparison {
    /// How many layers the images share from the lowest on: their common base.
    pub base: usize,
    /// The layers that both have, in the order of the first image.
    pub shared: Vec<LayerDescriptor>,
    /// The layers that only the first image has.
    pub removed: Vec<LayerDescriptor>,
    /// The layers that only the second image has.
    pub added: Vec<LayerDescriptor>,
}

/// Compares the layers of two manifests.
#[must_use]
pub fn compare_layers(before: &[LayerDescriptor], after: &[LayerDescriptor]) -> LayerComparison {
    let digests = |layers: &[LayerDescriptor]| -> BTreeSet<String> {
        layers.iter().map(|layer| layer.digest.clone()).collect()
    };
    let (in_before, in_after) = (digests(before), digests(after));
    let (shared, removed) = before.iter().cloned().partition(|layer| in_after.contains(&layer.digest));
    LayerComparison {
        base: before.iter().zip(after).take_while(|(a, b)| a.digest == b.digest).count(),
        shared,
        removed,
        added: after.iter().filter(|layer| !in_before.contains(&layer.digest)).cloned().collect(),
    }
}
