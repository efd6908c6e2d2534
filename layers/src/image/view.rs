//! The merged tree of an image: what is at each path, which layer it came from, and what later layers did to it.

use std::sync::Arc;

use crate::entry::{Entry, EntryId, EntryKind};
use crate::error::Warning;
use crate::layer::Layer;
use crate::tree::{NodeId, Tree};

pub(super) const NONE: u32 = u32::MAX;

/// The file system of an image: all layers merged, the lowest first.
#[derive(Debug, Clone)]
pub struct Image {
    pub(super) tree: Tree,
    pub(super) layers: Vec<Arc<Layer>>,
    pub(super) states: Vec<State>,
    pub(super) versions: Vec<Version>,
    /// What is unusual about applying the layers, with the layer's number: the first 1000 warnings.
    pub warnings: Vec<(u16, Warning)>,
    /// How many warnings there were, including those not kept.
    pub warning_count: u64,
}

/// What is at a node now.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) present: bool,
    /// The layer that made it present.
    pub(super) owner: u16,
    /// The current version; `NONE` for directories that no entry describes, and for what is absent.
    pub(super) current: u32,
    /// The latest version, even if it has ended.
    pub(super) last: u32,
    /// The last layer that removed the node's children of lower layers.
    pub(super) cleared: Option<u16>,
    /// The list of the node's children that are present, and the node's own place in the list of its parent.
    pub(super) first_present: u32,
    pub(super) next_present: u32,
    pub(super) previous_present: u32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            present: false,
            owner: 0,
            current: NONE,
            last: NONE,
            cleared: None,
            first_present: NONE,
            next_present: NONE,
            previous_present: NONE,
        }
    }
}

/// An entry that was at a node for a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Version {
    pub(super) layer: u16,
    pub(super) entry: EntryId,
    /// Where the content is: the entry itself, or the target of a hard link.
    pub(super) data: (u16, EntryId),
    pub(super) previous: u32,
    pub(super) fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Present,
    Ended(Ended),
}

/// What ended a version, and in which layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Overwritten(u16),
    Deleted(u16),
    Opaque(u16),
}

/// What became of a file that a layer added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is in the image.
    Present,
    /// A later entry replaced it, in the layer of this number.
    Overwritten(u16),
    /// A whiteout of this layer deleted it.
    Deleted(u16),
    /// This layer replaced the directory that contained it (an opaque directory).
    DeletedWithDirectory(u16),
}

impl From<Fate> for Outcome {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Present => Self::Present,
            Fate::Ended(Ended::Overwritten(layer)) => Self::Overwritten(layer),
            Fate::Ended(Ended::Deleted(layer)) => Self::Deleted(layer),
            Fate::Ended(Ended::Opaque(layer)) => Self::DeletedWithDirectory(layer),
        }
    }
}

/// A file of the merged tree.
#[derive(Debug, Clone, Copy)]
pub struct FileView<'a> {
    /// The number of the layer that the file's entry is in, from 0.
    pub layer: u16,
    /// The entry in that layer; `None` for a directory that no entry describes.
    pub entry: Option<&'a Entry>,
    /// The layer and the entry that hold the content; for a hard link these are its target's. `None` for what is not a
    /// file, and for a hard link whose target is missing.
    pub content: Option<(u16, EntryId)>,
    /// What the file is. A hard link is a [`EntryKind::File`].
    pub kind: EntryKind,
    /// Bytes of the content.
    pub size: u64,
    /// The target of a symbolic or hard link as the archive has it, of a hard link to a symbolic link the symbolic
    /// link's; empty for everything else.
    pub link: &'a [u8],
}

/// One version in the history of a path.
#[derive(Debug, Clone, Copy)]
pub struct VersionView<'a> {
    /// The layer that added it.
    pub layer: u16,
    /// Its entry.
    pub entry: &'a Entry,
    /// What it was while it was in the image.
    pub file: FileView<'a>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The versions of a path, the latest first.
pub type History<'a> = Vec<VersionView<'a>>;

impl Image {
    /// An image without layers: its root.
    pub(super) fn empty() -> Self {
        Self {
            tree: Tree::default(),
            layers: Vec::new(),
            states: vec![State { present: true, ..State::default() }],
            versions: Vec::new(),
            warnings: Vec::new(),
            warning_count: 0,
        }
    }

    /// The tree of every path that any layer ever had. [`Image::file`] states which of them are present.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The layers.
    #[must_use]
    pub fn layers(&self) -> &[Arc<Layer>] {
        &self.layers
    }

    /// Whether a path is in the image.
    #[must_use]
    pub fn is_present(&self, node: NodeId) -> bool {
        self.states.get(node.index()).is_some_and(|state| state.present)
    }

    pub(super) fn current(&self, node: NodeId) -> Option<&Version> {
        let state = self.states.get(node.index()).filter(|state| state.present)?;
        self.versions.get(state.current as usize)
    }

    pub(super) fn entry(&self, layer: u16, entry: EntryId) -> Option<&Entry> {
        self.layers.get(usize::from(layer))?.entry(entry)
    }

    /// What is at a node, hard links as files.
    pub(super) fn kind(&self, node: NodeId) -> Option<EntryKind> {
        if !self.is_present(node) {
            return None;
        }
        let Some(version) = self.current(node) else { return Some(EntryKind::Directory) };
        self.kind_of(version)
    }

    fn kind_of(&self, version: &Version) -> Option<EntryKind> {
        let kind = self.entry(version.layer, version.entry)?.kind;
        if kind != EntryKind::HardLink {
            return Some(kind);
        }
        let target = self.entry(version.data.0, version.data.1)?.kind;
        Some(if target == EntryKind::HardLink { EntryKind::File } else { target })
    }

    /// The target of a link as the archive has it; of a hard link to a symbolic link, the symbolic link's.
    pub(super) fn link_of(&self, version: &Version) -> &[u8] {
        let (layer, entry) = version.data;
        let is_symbolic = self.entry(layer, entry).is_some_and(|data| data.kind == EntryKind::SymbolicLink);
        let (layer, entry) = if is_symbolic { version.data } else { (version.layer, version.entry) };
        let layer = self.layers.get(usize::from(layer));
        layer.and_then(|layer| Some(layer.link(layer.entry(entry)?))).unwrap_or_default()
    }

    /// The file at a node, if it is present.
    #[must_use]
    pub fn file(&self, node: NodeId) -> Option<FileView<'_>> {
        if !self.is_present(node) {
            return None;
        }
        let Some(version) = self.current(node) else {
            let (layer, kind) = (self.states.get(node.index())?.owner, EntryKind::Directory);
            return Some(FileView { layer, entry: None, content: None, kind, size: 0, link: &[] });
        };
        self.view(version)
    }

    fn view(&self, version: &Version) -> Option<FileView<'_>> {
        let kind = self.kind_of(version)?;
        let entry = self.entry(version.layer, version.entry)?;
        let data = self.entry(version.data.0, version.data.1)?;
        // A hard link without a target is its own data.
        let content = (data.kind == EntryKind::File).then_some(version.data);
        Some(FileView {
            layer: version.layer,
            entry: Some(entry),
            content,
            kind,
            size: data.size,
            link: self.link_of(version),
        })
    }

    /// All versions of a path, the latest first: which layers had it, and what became of each.
    #[must_use]
    pub fn history(&self, node: NodeId) -> History<'_> {
        let mut history = Vec::new();
        let mut next = self.states.get(node.index()).map_or(NONE, |state| state.last);
        while let Some(version) = self.versions.get(next as usize) {
            if let Some((file, entry)) = self.view(version).and_then(|file| Some((file, file.entry?))) {
                let (layer, outcome) = (version.layer, version.fate.into());
                history.push(VersionView { layer, entry, file, outcome });
            }
            next = version.previous;
        }
        history
    }

    /// The children of a directory that are present, in the order of layers.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.tree.children(node).filter(|child| self.is_present(*child))
    }

    /// Every present path but the root.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.tree.nodes().filter(|node| self.is_present(*node))
    }

    /// The packages of the image: of every package database that is present, the one on top.
    #[must_use]
    pub fn packages(&self) -> Vec<crate::package::Package> {
        let mut packages = Vec::new();
        for node in self.nodes() {
            let Some((layer, entry)) = self.file(node).and_then(|file| file.content) else { continue };
            let databases = self.layers.get(usize::from(layer)).map_or(&[][..], |layer| &layer.packages);
            if let Ok(at) = databases.binary_search_by_key(&entry.0, |database| database.entry.0)
                && let Some(database) = databases.get(at)
            {
                packages.extend(database.packages.iter().cloned());
            }
        }
        packages.sort();
        packages.dedup();
        packages
    }
}
