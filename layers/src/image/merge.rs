//! Applies layers one after another, as a container runtime does when it unpacks an image.
//!
//! The rules are those of the OCI image specification ("Applying Changesets") and, where it is silent, of containerd:
//! parents are resolved through symbolic links within the root, a directory over a directory keeps its content,
//! anything else replaces what was there, and a whiteout removes only what lower layers have.
//!
//! The work is linear in the entries: what is present in a directory is a list, so that absent names cost nothing; a
//! layer goes once through what it removes; and the directory of a path is resolved once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::view::{Ended, Fate, Image, NONE, State, Version};
use crate::entry::{Entry, EntryId, EntryKind};
use crate::error::{Warning, WarningKind};
use crate::layer::Layer;
use crate::path::{LINK_SOURCES, WhiteoutName, sanitize};
use crate::tree::NodeId;

/// Symbolic links followed on one path, as on Linux.
const MAX_LINKS: u32 = 40;
/// Most bytes of a symbolic link's target that is followed, as on Linux.
const MAX_TARGET: usize = 4096;
/// Most bytes of targets that are followed in an image. Images follow the same few links; targets of many components
/// would take minutes.
const TARGET_BYTES: usize = 16 << 20;
/// Most warnings that are kept of an image.
const WARNINGS: usize = 1_000;

impl Image {
    /// Merges layers, the lowest (first of the manifest) first. At most 65 535 layers are applied.
    #[must_use]
    pub fn merge(layers: &[Arc<Layer>]) -> Self {
        let mut image = Self::empty();
        let mut target_bytes = TARGET_BYTES;
        for (number, layer) in layers.iter().take(usize::from(u16::MAX)).enumerate() {
            image.layers.push(Arc::clone(layer));
            let mut merge = Merge {
                image: &mut image,
                layer,
                number: number as u16,
                directories: HashMap::new(),
                generation: 0,
                target_bytes,
            };
            for id in layer.entry_ids() {
                if let Some(entry) = layer.entry(id) {
                    merge.apply(id, entry);
                }
            }
            target_bytes = merge.target_bytes;
        }
        image
    }
}

/// The application of one layer.
struct Merge<'a> {
    image: &'a mut Image,
    layer: &'a Layer,
    number: u16,
    /// For directories of the layer, those of the image and the generation they are of.
    directories: HashMap<NodeId, (u32, NodeId)>,
    /// Counts the changes after which a path may lead elsewhere.
    generation: u32,
    /// Bytes of targets of symbolic links that may still be followed.
    target_bytes: usize,
}

impl Merge<'_> {
    fn apply(&mut self, id: EntryId, entry: &Entry) {
        let layer = self.layer;
        let node = layer.node(entry);
        if node == layer.tree().root() {
            let root = self.image.tree.root();
            return self.set(root, id, (self.number, id));
        }
        let name = layer.tree().name(node);
        let directory = layer.tree().parent(node);
        if self.holds_link_sources(directory) {
            return;
        }
        let is_whiteout = entry.kind.is_whiteout();
        let Some(parent) = self.directory(directory, !is_whiteout) else {
            if !is_whiteout {
                self.warn(WarningKind::NotADirectory, entry);
            }
            return;
        };
        match entry.kind {
            EntryKind::OpaqueDirectory => self.remove_children(parent, Ended::Opaque(self.number)),
            EntryKind::Whiteout => {
                if let WhiteoutName::File(hidden) = WhiteoutName::of(name)
                    && let Some(node) = self.image.tree.child(parent, hidden)
                {
                    self.remove_children(node, Ended::Deleted(self.number));
                    self.remove(node, Ended::Deleted(self.number));
                }
            }
            EntryKind::HardLink => {
                let data = self.link_target(layer.link(entry));
                if data.is_none() {
                    self.warn(WarningKind::MissingLinkTarget, entry);
                }
                self.put(parent, name, id, entry, data.unwrap_or((self.number, id)));
            }
            _ => self.put(parent, name, id, entry, (self.number, id)),
        }
    }

    /// Puts an entry in place of what is at its name.
    fn put(&mut self, parent: NodeId, name: &[u8], id: EntryId, entry: &Entry, data: (u16, EntryId)) {
        let Some(node) = self.place(parent, name) else {
            return self.warn(WarningKind::TooManyPaths, entry);
        };
        self.replace(node, entry.kind);
        self.set(node, id, data);
    }

    fn warn(&mut self, kind: WarningKind, entry: &Entry) {
        self.image.warning_count += 1;
        if self.image.warnings.len() < WARNINGS {
            let warning = Warning::new(kind, &self.layer.path(entry), entry.data_at);
            self.image.warnings.push((self.number, warning));
        }
    }

    /// The node of a name, present or not. `None` above what a tree can hold.
    fn place(&mut self, parent: NodeId, name: &[u8]) -> Option<NodeId> {
        let node = self.image.tree.insert(parent, name)?;
        self.image.states.resize_with(self.image.tree.len(), Default::default);
        Some(node)
    }

    /// Ends what was at the node before something of `kind` replaces it.
    fn replace(&mut self, node: NodeId, kind: EntryKind) {
        let ended = Ended::Overwritten(self.number);
        let was_directory = self.image.kind(node) == Some(EntryKind::Directory);
        if was_directory && kind == EntryKind::Directory {
            return self.image.end(node, ended);
        }
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            waiting.extend(self.image.present(node));
            self.end(node, ended);
        }
    }

    /// Makes an entry the current version of a node.
    fn set(&mut self, node: NodeId, entry: EntryId, data: (u16, EntryId)) {
        if node == self.image.tree.root() {
            self.image.end(node, Ended::Overwritten(self.number));
        }
        self.image.set_present(node, true);
        let Some(state) = self.image.states.get_mut(node.index()) else { return };
        let version = self.image.versions.len() as u32;
        let (layer, previous) = (self.number, state.last);
        self.image.versions.push(Version { layer, entry, data, previous, fate: Fate::Present });
        state.owner = layer;
        state.current = version;
        state.last = version;
    }

    /// Ends a node that nothing of its kind replaces.
    fn end(&mut self, node: NodeId, ended: Ended) {
        // Paths lead through directories and symbolic links.
        if matches!(self.image.kind(node), Some(EntryKind::Directory | EntryKind::SymbolicLink)) {
            self.generation += 1;
        }
        self.image.end(node, ended);
    }

    /// Removes a node whose children were removed before, unless the layer itself has put it there. A directory in which
    /// something of the layer stays is then one that no entry describes.
    fn remove(&mut self, node: NodeId, ended: Ended) {
        let state = self.image.states.get(node.index());
        let Some(state) = state.filter(|state| state.present && state.owner != self.number) else { return };
        let keeps_children = state.first_present != NONE;
        self.end(node, ended);
        if keeps_children {
            self.make_directory(node);
        }
    }

    fn remove_children(&mut self, top: NodeId, ended: Ended) {
        let number = self.number;
        let mut found = vec![top];
        let mut next = 0;
        while let Some(node) = found.get(next).copied() {
            next += 1;
            // Below a node that was gone through there is only what the layer itself has put there.
            match self.image.states.get_mut(node.index()) {
                Some(state) if state.cleared != Some(number) => state.cleared = Some(number),
                _ => continue,
            }
            found.extend(self.image.present(node));
        }
        // Children before their parents, so that a directory knows whether something of it stays.
        for node in found.into_iter().skip(1).rev() {
            self.remove(node, ended);
        }
    }

    /// Whether a directory of the layer is that in which AUFS keeps the content of hard links.
    fn holds_link_sources(&self, directory: NodeId) -> bool {
        let tree = self.layer.tree();
        tree.name(directory) == LINK_SOURCES && tree.parent(directory) == tree.root()
    }

    /// The content that a hard link names: parents are resolved, the name itself is not. `None` where there is nothing
    /// that a hard link can name.
    fn link_target(&mut self, link: &[u8]) -> Option<(u16, EntryId)> {
        let sanitized = sanitize(link);
        let (name, parents) = sanitized.components.split_last()?;
        if *parents == [LINK_SOURCES] {
            let id = self.layer.entry_at(self.layer.tree().find(link)?)?;
            return Some((self.number, id));
        }
        let parent = self.resolve(parents, false)?;
        let node = self.image.tree.child(parent, name)?;
        if self.image.kind(node) == Some(EntryKind::Directory) {
            return None;
        }
        self.image.current(node).map(|version| version.data)
    }

    /// The image's directory for one of the layer. With `create`, missing directories are made, as runtimes do.
    fn directory(&mut self, directory: NodeId, create: bool) -> Option<NodeId> {
        let known = self.directories.get(&directory);
        if let Some((_, found)) = known.filter(|(generation, _)| *generation == self.generation) {
            return Some(*found);
        }
        let found = self.resolve(&self.layer.tree().components(directory), create)?;
        self.directories.insert(directory, (self.generation, found));
        Some(found)
    }

    /// The directory of a path, through symbolic links.
    fn resolve(&mut self, parents: &[&[u8]], create: bool) -> Option<NodeId> {
        let mut node = self.image.tree.root();
        let mut links = 0;
        // Names still to go, the next one last. Those of link targets are copied.
        let mut pending: Vec<Cow<'_, [u8]>> = parents.iter().rev().map(|name| Cow::Borrowed(*name)).collect();
        while let Some(name) = pending.pop() {
            if name.as_ref() == b".." {
                node = self.image.tree.parent(node);
                continue;
            }
            let child = self.image.tree.child(node, &name).filter(|child| self.image.is_present(*child));
            let Some(child) = child else {
                if !create {
                    return None;
                }
                node = self.place(node, &name)?;
                self.make_directory(node);
                continue;
            };
            match self.image.kind(child) {
                Some(EntryKind::SymbolicLink) => {
                    links += 1;
                    let target = self.image.link_of(self.image.current(child)?);
                    if links > MAX_LINKS || target.len() > MAX_TARGET {
                        return None;
                    }
                    self.target_bytes = self.target_bytes.checked_sub(target.len())?;
                    if target.starts_with(b"/") {
                        node = self.image.tree.root();
                    }
                    let names = target.split(|byte| *byte == b'/').rev();
                    let names = names.filter(|name| !matches!(*name, b"" | b"."));
                    pending.extend(names.map(|name| Cow::Owned(name.to_vec())));
                }
                Some(EntryKind::Directory) => node = child,
                _ => return None,
            }
        }
        Some(node)
    }

    /// Makes a directory that no entry describes.
    fn make_directory(&mut self, node: NodeId) {
        self.image.set_present(node, true);
        if let Some(state) = self.image.states.get_mut(node.index()) {
            state.owner = self.number;
            state.current = NONE;
        }
    }
}

impl Image {
    /// Ends a node's current version, if it has one.
    fn end(&mut self, node: NodeId, ended: Ended) {
        self.set_present(node, false);
        let Some(state) = self.states.get_mut(node.index()) else { return };
        let current = std::mem::replace(&mut state.current, NONE);
        if let Some(version) = self.versions.get_mut(current as usize) {
            version.fate = Fate::Ended(ended);
        }
    }

    /// The children of a node that are present, the latest first. Nothing is present below what is absent.
    fn present(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<'_> {
        let mut next = self.states.get(node.index()).map_or(NONE, |state| state.first_present);
        std::iter::from_fn(move || {
            let node = next;
            next = self.states.get(node as usize)?.next_present;
            Some(NodeId(node))
        })
    }

    /// Adds a node to what is present in its directory, or takes it out.
    fn set_present(&mut self, node: NodeId, present: bool) {
        let Some(state) = self.states.get_mut(node.index()).filter(|state| state.present != present) else {
            return;
        };
        state.present = present;
        if node == self.tree.root() {
            return;
        }
        let parent = self.tree.parent(node);
        if present {
            let first = self.states.get_mut(parent.index());
            let first = first.map_or(NONE, |parent| std::mem::replace(&mut parent.first_present, node.0));
            self.change(node.0, |state| (state.previous_present, state.next_present) = (NONE, first));
            self.change(first, |state| state.previous_present = node.0);
            return;
        }
        let (previous, next) = (state.previous_present, state.next_present);
        self.change(next, |state| state.previous_present = previous);
        if previous == NONE {
            self.change(parent.0, |state| state.first_present = next);
        } else {
            self.change(previous, |state| state.next_present = next);
        }
    }

    fn change(&mut self, node: u32, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.states.get_mut(node as usize) {
            change(state);
        }
    }
}
