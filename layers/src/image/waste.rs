//! Space that an image takes and no container sees: files that a later layer overwrites or deletes.

use super::view::{Fate, Image, Outcome};
use crate::entry::{EntryId, EntryKind};
use crate::tree::NodeId;

/// What of a layer is wasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WastedLayer {
    /// The layer's number, from 0.
    pub layer: u16,
    /// Uncompressed bytes stored in it for nothing.
    pub bytes: u64,
    /// How many files they are.
    pub files: u64,
}

/// A file whose content is stored for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WastedFile {
    /// The file's node in the image's tree.
    pub node: NodeId,
    /// The layer that stores it.
    pub layer: u16,
    /// Its entry in that layer.
    pub entry: EntryId,
    /// Uncompressed bytes stored.
    pub bytes: u64,
    /// What made it useless.
    pub outcome: Outcome,
}

impl Image {
    /// The files that are stored for nothing, largest first. Content that is still reachable by a hard link counts as
    /// used.
    #[must_use]
    pub fn wasted_files(&self) -> Vec<WastedFile> {
        let mut used: Vec<Vec<bool>> =
            self.layers.iter().map(|layer| vec![false; layer.entries().len()]).collect();
        for version in self.versions.iter().filter(|version| version.fate == Fate::Present) {
            let (layer, entry) = version.data;
            if let Some(used) = used.get_mut(usize::from(layer)).and_then(|used| used.get_mut(entry.index()))
            {
                *used = true;
            }
        }
        let mut wasted = Vec::new();
        for (index, state) in self.states.iter().enumerate() {
            let mut next = state.last;
            while let Some(version) = self.versions.get(next as usize) {
                next = version.previous;
                let (layer, entry) = (version.layer, version.entry);
                let is_used = used.get(usize::from(layer)).and_then(|used| used.get(entry.index()));
                let stored = self.entry(layer, entry).filter(|entry| entry.kind == EntryKind::File);
                if is_used == Some(&false)
                    && let Some(bytes) = stored.map(|entry| entry.stored)
                    && bytes > 0
                {
                    let outcome = version.fate.into();
                    wasted.push(WastedFile { node: NodeId(index as u32), layer, entry, bytes, outcome });
                }
            }
        }
        wasted.sort_by_key(|file| (std::cmp::Reverse(file.bytes), file.layer, file.entry));
        wasted
    }

    /// The sums of [`Image::wasted_files`] by layer, in the order of layers; layers without waste included.
    #[must_use]
    pub fn wasted_layers(&self, files: &[WastedFile]) -> Vec<WastedLayer> {
        let mut layers: Vec<WastedLayer> =
            (0..self.layers.len() as u16).map(|layer| WastedLayer { layer, bytes: 0, files: 0 }).collect();
        for file in files {
            if let Some(layer) = layers.get_mut(usize::from(file.layer)) {
                layer.bytes += file.bytes;
                layer.files += 1;
            }
        }
        layers
    }
}
