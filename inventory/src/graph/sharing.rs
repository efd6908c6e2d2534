//! Which images contain a layer, which share a base, and what is stored more than once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::view::Graph;
use crate::id::{DigestId, ManifestId};
use crate::inventory::ContentEntry;

/// A blob and how much it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerUse {
    /// The blob.
    pub digest: DigestId,
    /// Bytes stored.
    pub size: u64,
    /// How many manifests contain it, each repository's counted.
    pub uses: u32,
}

/// Layers that several images have in common, from the lowest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The layers, the lowest first.
    pub layers: Vec<DigestId>,
    /// Bytes stored for them, once.
    pub size: u64,
    /// The images that begin with them.
    pub images: Vec<ManifestId>,
}

/// Content that is stored several times under different digests: the same layer, compressed differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The digest of the uncompressed content.
    pub diff_id: DigestId,
    /// The layers that hold it.
    pub layers: Vec<DigestId>,
    /// Bytes stored for all but the smallest of them.
    pub excess: u64,
}

/// A base image by the name that images state for it (`org.opencontainers.image.base.name`), with each version in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedBase {
    /// The name.
    pub name: String,
    /// The digests that stand for it, and the images on each.
    pub versions: Vec<(DigestId, Vec<ManifestId>)>,
}

impl<'a> Graph<'a> {
    /// The manifests that contain a blob, in every repository.
    #[must_use]
    pub fn images_with(self, digest: DigestId) -> Vec<ManifestId> {
        let mut images: Vec<ManifestId> =
            self.users(digest).flat_map(|content| self.places(content.digest)).collect();
        images.sort_unstable();
        images
    }

    /// The images whose config has this digest.
    pub(crate) fn images_of_config(self, config: DigestId) -> impl Iterator<Item = DigestId> + 'a {
        let is_config = move |content: &&ContentEntry| {
            content.has_config && self.inventory.blobs(content).first() == Some(&config)
        };
        self.users(config).filter(is_config).map(|content| content.digest)
    }

    /// The blobs that take the most space, the largest first. [`Graph::images_with`] has everything that uses one.
    #[must_use]
    pub fn largest_layers(self, limit: usize) -> Vec<LayerUse> {
        let counts = self.use_counts().iter().enumerate().filter(|(_, uses)| **uses > 0);
        let mut layers: Vec<LayerUse> = counts
            .map(|(index, uses)| (DigestId::new(index), *uses))
            .filter(|(digest, _)| self.places(*digest).next().is_none())
            .map(|(digest, uses)| LayerUse { digest, size: self.inventory.stored_size(digest).0, uses })
            .collect();
        // Ids depend on the order of reading; digests do not.
        let key = |layer: &LayerUse| self.inventory.key(layer.digest);
        let largest_first = |one: &LayerUse, other: &LayerUse| {
            other.size.cmp(&one.size).then_with(|| key(one).cmp(&key(other)))
        };
        if limit > 0 && limit < layers.len() {
            layers.select_nth_unstable_by(limit - 1, largest_first);
        }
        layers.truncate(limit);
        layers.sort_unstable_by(largest_first);
        layers
    }

    /// The images that begin with the same layers as this one, each with how many layers they have in common; the closest first.
    #[must_use]
    pub fn images_with_base_of(self, id: ManifestId) -> Vec<(ManifestId, usize)> {
        let layers = |id: ManifestId| {
            self.content(id).map(|content| self.inventory.layers(content)).unwrap_or_default()
        };
        let own = layers(id);
        let Some(lowest) = own.first() else { return Vec::new() };
        let common = |other: ManifestId| own.iter().zip(layers(other)).take_while(|(a, b)| a == b).count();
        let others = self.images_with(*lowest).into_iter().filter(|other| *other != id);
        let mut found: Vec<(ManifestId, usize)> =
            others.map(|other| (other, common(other))).filter(|(_, count)| *count > 0).collect();
        found.sort_by_key(|(other, count)| (std::cmp::Reverse(*count), *other));
        found
    }

    /// The bases of the registry: the longest runs of lowest layers that at least two different images share, the most bytes first.
    #[must_use]
    pub fn bases(self) -> Vec<Base> {
        // A tree of layers: a node is a run of layers, known by its parent and its last layer.
        let mut nodes: HashMap<(u32, DigestId), u32> = HashMap::new();
        let mut parents: Vec<(u32, Option<DigestId>)> = vec![(0, None)];
        let mut images: Vec<u32> = vec![0];
        let mut branches: Vec<u32> = vec![0];
        for content in self.used_contents() {
            let mut node = 0_u32;
            for layer in self.inventory.layers(content) {
                let new = u32::try_from(parents.len()).unwrap_or(u32::MAX);
                let next = *nodes.entry((node, *layer)).or_insert(new);
                if next == new {
                    parents.push((node, Some(*layer)));
                    images.push(0);
                    branches.push(0);
                    add(&mut branches, node);
                }
                add(&mut images, next);
                node = next;
            }
            // Where an image ends counts as a branch: it is a base of what goes on.
            add(&mut branches, node);
        }
        let mut bases: Vec<Base> = Vec::new();
        for (node, count) in images.iter().enumerate().skip(1) {
            if *count >= 2 && branches.get(node).is_some_and(|branches| *branches >= 2) {
                bases.push(self.base(node, &parents));
            }
        }
        bases.sort_by(|one, other| other.size.cmp(&one.size).then_with(|| one.layers.cmp(&other.layers)));
        bases
    }

    fn base(self, node: usize, parents: &[(u32, Option<DigestId>)]) -> Base {
        let mut layers = Vec::new();
        let mut node = node;
        while let Some((parent, Some(layer))) = parents.get(node) {
            layers.push(*layer);
            node = *parent as usize;
        }
        layers.reverse();
        let size =
            layers.iter().fold(0_u64, |sum, layer| sum.saturating_add(self.inventory.stored_size(*layer).0));
        let begins = |id: &ManifestId| {
            self.content(*id).is_some_and(|content| self.inventory.layers(content).starts_with(&layers))
        };
        let highest = layers.last().map(|layer| self.images_with(*layer)).unwrap_or_default();
        let images = highest.into_iter().filter(begins).collect();
        Base { layers, size, images }
    }

    /// Layers of equal content and different compression, as far as configs were read ([`Inventory::read_diff_ids`](crate::Inventory::read_diff_ids)).
    #[must_use]
    pub fn repeated(self) -> Vec<Repeated> {
        let mut groups: BTreeMap<DigestId, BTreeSet<DigestId>> = BTreeMap::new();
        for (layer, diff_id) in self.inventory.diff_ids().filter(|(layer, _)| self.use_count(*layer) > 0) {
            groups.entry(diff_id).or_default().insert(layer);
        }
        let mut repeated = Vec::new();
        for (diff_id, layers) in groups.into_iter().filter(|(_, layers)| layers.len() > 1) {
            let sizes: Vec<u64> = layers.iter().map(|layer| self.inventory.stored_size(*layer).0).collect();
            let all = sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(*size));
            let excess = all.saturating_sub(sizes.iter().copied().min().unwrap_or_default());
            repeated.push(Repeated { diff_id, layers: layers.into_iter().collect(), excess });
        }
        repeated.sort_by_key(|found| (std::cmp::Reverse(found.excess), found.diff_id));
        repeated
    }

    /// The base images that manifests state, by name; several versions of one are the same base kept several times.
    #[must_use]
    pub fn stated_bases(self) -> Vec<StatedBase> {
        let mut versions: HashMap<u32, BTreeMap<DigestId, Vec<ManifestId>>> = HashMap::new();
        for content in self.used_contents() {
            let Some((name, digest)) = content.base else { continue };
            let images = versions.entry(name).or_default().entry(digest).or_default();
            images.extend(self.places(content.digest));
        }
        let named = self.inventory.base_names().filter_map(|(name, number)| {
            let versions = versions.remove(&number)?.into_iter().collect();
            Some(StatedBase { name: name.to_owned(), versions })
        });
        named.collect()
    }

    /// The contents that some repository lists.
    fn used_contents(self) -> impl Iterator<Item = &'a ContentEntry> {
        let listed = move |content: &&ContentEntry| self.places(content.digest).next().is_some();
        self.inventory.contents().iter().filter(listed)
    }
}

fn add(counts: &mut [u32], index: u32) {
    if let Some(count) = counts.get_mut(index as usize) {
        *count += 1;
    }
}
