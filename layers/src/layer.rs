//! A layer that was read: its entries in the order of the archive, its tree of names, and where to read again.

use std::collections::BTreeMap;

use crate::archive::decoder::Compression;
use crate::archive::seek::{Resume, SeekPoint};
use crate::digest::Verification;
use crate::entry::{Entry, EntryId, Location, Span};
use crate::error::{LayerError, Warning};
use crate::limits::Limits;
use crate::package::PackageDatabase;
use crate::tree::{NodeId, Tree};

pub use crate::archive::sparse::Segment;

/// The secret key of content fingerprints.
///
/// Fingerprints (SipHash-1-3) show whether two files have the same content without keeping it, and whether a file that
/// is read again is the one that was listed. They compare only under the same key, and a reader who does not know the
/// key can prepare two files with the same fingerprint: make it of random bytes once for each browser or process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FingerprintKey(pub [u8; 16]);

impl std::fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FingerprintKey(…)")
    }
}

/// A layer, or what could be read of it.
#[derive(Debug, Clone)]
pub struct Layer {
    pub(crate) tree: Tree,
    pub(crate) entries: Vec<Entry>,
    /// The last entry of each node of the tree; `u32::MAX` for directories that are only implied.
    pub(crate) by_node: Vec<u32>,
    pub(crate) text: Vec<u8>,
    pub(crate) sparse: BTreeMap<u32, Vec<Segment>>,
    /// Bytes of the sparse maps.
    pub(crate) sparse_bytes: usize,
    pub(crate) points: Vec<SeekPoint>,
    /// SHA-256 of the content of entries, where a table of contents names it.
    pub(crate) content_digests: BTreeMap<u32, [u8; 32]>,
    pub(crate) fingerprint_key: Option<FingerprintKey>,
    /// How the layer is compressed; `None` before its first bytes.
    pub compression: Option<Compression>,
    /// Compressed bytes read.
    pub compressed_bytes: u64,
    /// Uncompressed bytes made of them.
    pub uncompressed_bytes: u64,
    /// Whether the compressed bytes match the digest of the manifest.
    pub digest: Verification,
    /// Whether the uncompressed bytes match the diff ID of the configuration.
    pub diff_id: Verification,
    /// What is unusual, in the order of the archive, up to [`Limits::warnings`](crate::Limits::warnings).
    pub warnings: Vec<Warning>,
    /// How many warnings there were, including those not kept.
    pub warning_count: u64,
    /// The package databases that were found.
    pub packages: Vec<PackageDatabase>,
    /// Why reading ended early, if it did.
    pub error: Option<LayerError>,
}

impl Default for Layer {
    fn default() -> Self {
        Self {
            tree: Tree::default(),
            entries: Vec::new(),
            by_node: Vec::new(),
            text: Vec::new(),
            sparse: BTreeMap::new(),
            sparse_bytes: 0,
            points: Vec::new(),
            content_digests: BTreeMap::new(),
            fingerprint_key: None,
            compression: None,
            compressed_bytes: 0,
            uncompressed_bytes: 0,
            digest: Verification::Unchecked,
            diff_id: Verification::Unchecked,
            warnings: Vec::new(),
            warning_count: 0,
            packages: Vec::new(),
            error: None,
        }
    }
}

impl Layer {
    /// The tree of the layer's paths. Whiteouts are files named `.wh.…` in it.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The entries in the order of the archive.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The places of all entries.
    pub fn entry_ids(&self) -> impl Iterator<Item = EntryId> + use<> {
        (0..self.entries.len() as u32).map(EntryId)
    }

    /// An entry.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.get(id.index())
    }

    /// The last entry of a path; `None` for a directory that is only implied by what it contains.
    #[must_use]
    pub fn entry_at(&self, node: NodeId) -> Option<EntryId> {
        self.by_node.get(node.index()).filter(|id| **id != u32::MAX).map(|id| EntryId(*id))
    }

    /// An entry's path without a leading slash.
    #[must_use]
    pub fn path(&self, entry: &Entry) -> Vec<u8> {
        self.tree.path(NodeId(entry.node))
    }

    /// The node of an entry in the layer's tree.
    #[must_use]
    pub fn node(&self, entry: &Entry) -> NodeId {
        NodeId(entry.node)
    }

    /// The target of a link as the archive has it; empty for everything else.
    #[must_use]
    pub fn link(&self, entry: &Entry) -> &[u8] {
        let Span { start, length } = entry.link;
        self.text.get(start as usize..start as usize + length as usize).unwrap_or_default()
    }

    /// The seek points, in the order of the layer.
    #[must_use]
    pub fn seek_points(&self) -> &[SeekPoint] {
        &self.points
    }

    /// The key of the fingerprints, if the layer was read with one.
    #[must_use]
    pub fn fingerprint_key(&self) -> Option<FingerprintKey> {
        self.fingerprint_key
    }

    /// Which bytes of the compressed layer have to be requested to open an entry's content.
    #[must_use]
    pub fn locate(&self, id: EntryId) -> Option<Location> {
        let entry = self.entry(id)?;
        let end_of_data = entry.data_at.checked_add(entry.stored)?;
        if self.compression == Some(Compression::None) {
            let point =
                SeekPoint { compressed: entry.data_at, uncompressed: entry.data_at, resume: Resume::Start };
            return Some(Location { start: entry.data_at, end: Some(end_of_data), point });
        }
        let after = self.points.partition_point(|point| point.uncompressed <= entry.data_at);
        let point = after.checked_sub(1).and_then(|at| self.points.get(at)).cloned();
        let point = point.unwrap_or(SeekPoint { compressed: 0, uncompressed: 0, resume: Resume::Start });
        let next = self.points.partition_point(|point| point.uncompressed < end_of_data).max(after);
        let complete = self.error.is_none() && self.compressed_bytes > 0;
        // A block that starts within a byte shares that byte with the one before.
        let shares_byte = |point: &SeekPoint| matches!(point.resume, Resume::Block { value: None, .. });
        let end =
            self.points.get(next).map(|point| point.compressed.saturating_add(u64::from(shares_byte(point))));
        let end = end.or_else(|| complete.then_some(self.compressed_bytes));
        Some(Location { start: point.compressed, end, point })
    }

    /// The node of a path, which is made where there is none.
    ///
    /// # Errors
    /// [`LayerError::EntryCount`] and [`LayerError::MetadataSize`] above the limits.
    pub(crate) fn insert_path(&mut self, names: &[&[u8]], limits: &Limits) -> Result<NodeId, LayerError> {
        let mut node = self.tree.root();
        for name in names {
            let child = self.tree.insert(node, name);
            node = child.ok_or(LayerError::MetadataSize { limit: limits.metadata_bytes })?;
            if self.tree.len() as u64 > limits.entries {
                return Err(LayerError::EntryCount { limit: limits.entries });
            }
        }
        self.check_metadata(limits)?;
        Ok(node)
    }

    /// Keeps a link's target.
    ///
    /// # Errors
    /// [`LayerError::MetadataSize`] above the limit.
    pub(crate) fn insert_link(&mut self, target: &[u8], limits: &Limits) -> Result<Span, LayerError> {
        let span = self.add_text(target).ok_or(LayerError::MetadataSize { limit: limits.metadata_bytes })?;
        self.check_metadata(limits)?;
        Ok(span)
    }

    /// Keeps an entry's sparse map.
    ///
    /// # Errors
    /// [`LayerError::MetadataSize`] above the limit.
    pub(crate) fn insert_sparse(
        &mut self,
        id: EntryId,
        map: Vec<Segment>,
        limits: &Limits,
    ) -> Result<(), LayerError> {
        self.sparse_bytes += size_of_val(map.as_slice());
        self.sparse.insert(id.0, map);
        self.check_metadata(limits)
    }

    fn check_metadata(&self, limits: &Limits) -> Result<(), LayerError> {
        let limit = limits.metadata_bytes;
        let kept = self.tree.name_bytes() + self.text.len() + self.sparse_bytes;
        if kept as u64 > limit { Err(LayerError::MetadataSize { limit }) } else { Ok(()) }
    }

    /// Appends to the layer's text; `None` above 4 GiB.
    pub(crate) fn add_text(&mut self, text: &[u8]) -> Option<Span> {
        let (start, length) = (u32::try_from(self.text.len()).ok()?, u32::try_from(text.len()).ok()?);
        self.text.extend_from_slice(text);
        Some(Span { start, length })
    }

    /// Adds an entry at a node, which becomes the node's last.
    pub(crate) fn add_entry(&mut self, entry: Entry) -> EntryId {
        let id = self.entries.len() as u32;
        self.by_node.resize(self.tree.len(), u32::MAX);
        if let Some(last) = self.by_node.get_mut(entry.node as usize) {
            *last = id;
        }
        self.entries.push(entry);
        EntryId(id)
    }

    /// Approximate bytes of memory that the layer takes.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let windows: usize = self
            .points
            .iter()
            .map(|point| match &point.resume {
                Resume::Start => 0,
                Resume::Block { window, .. } => window.capacity(),
            })
            .sum();
        self.tree.memory_bytes()
            + self.entries.capacity() * size_of::<Entry>()
            + self.by_node.capacity() * 4
            + self.text.capacity()
            + self.sparse_bytes
            + windows
    }
}
