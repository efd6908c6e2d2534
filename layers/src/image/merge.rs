//! Applies layers one after another, as a container runtime does when it unpacks an image.
//!
//! The rules are those of the OCI image specification ("Applying Changesets") and, where it is silent, of containerd:
//! parents are resolved through symbolic links within the root, a directory over a directory keeps its content,
//! anything else replaces what was there, and a whiteout removes only what lower layers have.

use std::sync::Arc;

use super::view::{Ended, Fate, Image, NONE, Version};
use crate::entry::{Entry, EntryId, EntryKind};
use crate::error::{Warning, WarningKind};
use crate::layer::Layer;
use crate::path::WhiteoutName;
use crate::tree::NodeId;

/// Symbolic links followed on one path, as on Linux.
const MAX_LINKS: u32 = 40;

impl Image {
    /// Applies the next layer.
    pub(super) fn apply(&mut self, layer: &Arc<Layer>) {
        let number = self.layers.len() as u16;
        self.layers.push(Arc::clone(layer));
        for id in layer.entry_ids() {
            if let Some(entry) = layer.entry(id) {
                self.apply_entry(layer, number, id, entry);
            }
        }
    }

    fn apply_entry(&mut self, layer: &Layer, number: u16, id: EntryId, entry: &Entry) {
        let components = layer.tree().components(layer.node(entry));
        let Some((name, parents)) = components.split_last() else {
            let root = self.tree.root();
            return self.set(root, number, id, (number, id));
        };
        let is_whiteout = entry.kind.is_whiteout();
        let Some(parent) = self.resolve(parents, number, !is_whiteout) else {
            if !is_whiteout {
                self.warn(WarningKind::NotADirectory, layer, entry);
            }
            return;
        };
        match entry.kind {
            EntryKind::OpaqueDirectory => self.remove_children(parent, number, Ended::Opaque(number)),
            EntryKind::Whiteout => {
                if let WhiteoutName::File(hidden) = WhiteoutName::of(name)
                    && let Some(node) = self.tree.child(parent, hidden)
                {
                    self.remove(node, number, Ended::Deleted(number));
                }
            }
            EntryKind::HardLink => {
                let data = self.link_target(layer.link(entry), number);
                if data.is_none() {
                    self.warn(WarningKind::MissingLinkTarget, layer, entry);
                }
                let node = self.place(parent, name);
                self.replace(node, number, entry.kind);
                self.set(node, number, id, data.unwrap_or((number, id)));
            }
            kind => {
                let node = self.place(parent, name);
                self.replace(node, number, kind);
                self.set(node, number, id, (number, id));
            }
        }
    }

    fn warn(&mut self, kind: WarningKind, layer: &Layer, entry: &Entry) {
        if self.warnings.len() < 1_000 {
            let path = String::from_utf8_lossy(&layer.path(entry)).into_owned();
            self.warnings.push((self.layers.len() as u16 - 1, Warning { kind, path, at: entry.data_at }));
        }
    }

    fn place(&mut self, parent: NodeId, name: &[u8]) -> NodeId {
        let node = self.tree.insert(parent, name);
        self.states.resize_with(self.tree.len(), Default::default);
        node
    }

    /// Ends what was at the node before something of `kind` replaces it.
    fn replace(&mut self, node: NodeId, number: u16, kind: EntryKind) {
        let was_directory = self.kind(node) == Some(EntryKind::Directory);
        if was_directory && kind != EntryKind::Directory {
            let descendants = self.descendants(node);
            for descendant in descendants {
                self.end(descendant, Ended::Overwritten(number));
            }
        }
        self.end(node, Ended::Overwritten(number));
    }

    /// Makes an entry the current version of a node.
    fn set(&mut self, node: NodeId, layer: u16, entry: EntryId, data: (u16, EntryId)) {
        if node == self.tree.root() {
            self.end(node, Ended::Overwritten(layer));
        }
        let Some(state) = self.states.get_mut(node.index()) else { return };
        let version = self.versions.len() as u32;
        self.versions.push(Version { layer, entry, data, previous: state.last, fate: Fate::Present });
        state.present = true;
        state.owner = layer;
        state.current = version;
        state.last = version;
    }

    /// Ends a node's current version, if it has one.
    fn end(&mut self, node: NodeId, ended: Ended) {
        let Some(state) = self.states.get_mut(node.index()) else { return };
        state.present = false;
        let current = std::mem::replace(&mut state.current, NONE);
        if let Some(version) = self.versions.get_mut(current as usize) {
            version.fate = Fate::Ended(ended);
        }
    }

    /// Removes a node and what it contains, except for what the layer itself has put there.
    fn remove(&mut self, node: NodeId, number: u16, ended: Ended) {
        self.remove_children(node, number, ended);
        let Some(state) = self.states.get(node.index()) else { return };
        if !state.present || state.owner == number {
            return;
        }
        let keeps_children = self.tree.children(node).any(|child| self.is_present(child));
        self.end(node, ended);
        if keeps_children && let Some(state) = self.states.get_mut(node.index()) {
            state.present = true;
            state.owner = number;
        }
    }

    fn remove_children(&mut self, node: NodeId, number: u16, ended: Ended) {
        // A layer can only once remove what is below it: a repetition would take time for nothing.
        match self.states.get_mut(node.index()) {
            Some(state) if state.cleared != Some(number) => state.cleared = Some(number),
            _ => return,
        }
        let mut descendants = self.descendants(node);
        // Children before their parents, so that a directory knows whether something of it stays.
        descendants.reverse();
        for descendant in descendants {
            let Some(state) = self.states.get(descendant.index()) else { continue };
            if !state.present || state.owner == number {
                continue;
            }
            let keeps_children = self.tree.children(descendant).any(|child| self.is_present(child));
            self.end(descendant, ended);
            if keeps_children && let Some(state) = self.states.get_mut(descendant.index()) {
                state.present = true;
                state.owner = number;
            }
        }
    }

    /// The nodes below a node that are present, parents before children. Nothing is present below what is absent.
    fn descendants(&self, top: NodeId) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = self.children(top).collect();
        let mut next = 0;
        while let Some(node) = found.get(next) {
            let children: Vec<NodeId> = self.children(*node).collect();
            found.extend(children);
            next += 1;
        }
        found
    }

    /// The content that a hard link names: parents are resolved, the name itself is not.
    fn link_target(&mut self, link: &[u8], number: u16) -> Option<(u16, EntryId)> {
        let sanitized = crate::path::sanitize(link);
        let (name, parents) = sanitized.components.split_last()?;
        let parent = self.resolve(parents, number, false)?;
        let node = self.tree.child(parent, name)?;
        let current = self.states.get(node.index())?.current;
        self.versions.get(current as usize).map(|version| version.data)
    }

    /// The directory of a path, through symbolic links. With `create`, missing directories are made, as runtimes do.
    fn resolve(&mut self, parents: &[&[u8]], number: u16, create: bool) -> Option<NodeId> {
        let mut node = self.tree.root();
        let mut links = 0;
        // Names still to go, the next one last. Those of link targets are copied.
        let mut pending: Vec<std::borrow::Cow<'_, [u8]>> =
            parents.iter().rev().map(|name| std::borrow::Cow::Borrowed(*name)).collect();
        while let Some(name) = pending.pop() {
            match name.as_ref() {
                b"" | b"." => continue,
                b".." => {
                    node = self.tree.parent(node);
                    continue;
                }
                _ => {}
            }
            let child = self.tree.child(node, &name).filter(|child| self.is_present(*child));
            let Some(child) = child else {
                if !create {
                    return None;
                }
                node = self.place(node, &name);
                self.make_directory(node, number);
                continue;
            };
            match self.kind(child) {
                Some(EntryKind::SymbolicLink) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return None;
                    }
                    let target = self.link_of(child)?.to_vec();
                    if target.starts_with(b"/") {
                        node = self.tree.root();
                    }
                    let names = target.split(|byte| *byte == b'/').rev();
                    pending.extend(names.map(|name| std::borrow::Cow::Owned(name.to_vec())));
                }
                Some(EntryKind::Directory) => node = child,
                _ => return None,
            }
        }
        Some(node)
    }

    /// Makes a directory that no entry describes.
    fn make_directory(&mut self, node: NodeId, number: u16) {
        if let Some(state) = self.states.get_mut(node.index()) {
            state.present = true;
            state.owner = number;
            state.current = NONE;
        }
    }
}
