//! A tree of names in one allocation each for nodes, bytes of names and lookup: about 45 bytes a node and its name.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The place of the node in the order of insertion; the root is 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    first_child: u32,
    last_child: u32,
    next_sibling: u32,
    name_start: u32,
    name_length: u16,
}

/// A tree of names. Names are bytes, as on Linux.
#[derive(Debug, Clone)]
pub struct Tree {
    nodes: Vec<Node>,
    names: Vec<u8>,
    lookup: HashTable<u32>,
    hasher: RandomState,
}

impl Default for Tree {
    fn default() -> Self {
        let root = Node {
            parent: 0,
            first_child: NONE,
            last_child: NONE,
            next_sibling: NONE,
            name_start: 0,
            name_length: 0,
        };
        Self { nodes: vec![root], names: Vec::new(), lookup: HashTable::new(), hasher: RandomState::new() }
    }
}

impl Tree {
    /// The root directory.
    #[must_use]
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many nodes there are, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the root is the only node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    fn node(&self, id: u32) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// A node's name; empty for the root.
    #[must_use]
    pub fn name(&self, id: NodeId) -> &[u8] {
        self.name_of(id.0)
    }

    fn name_of(&self, id: u32) -> &[u8] {
        let Some(node) = self.node(id) else { return &[] };
        let start = node.name_start as usize;
        self.names.get(start..start + usize::from(node.name_length)).unwrap_or_default()
    }

    /// The directory that contains a node; the root contains itself.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> NodeId {
        NodeId(self.node(id.0).map_or(0, |node| node.parent))
    }

    /// The child of a name.
    #[must_use]
    pub fn child(&self, parent: NodeId, name: &[u8]) -> Option<NodeId> {
        let hash = self.hasher.hash_one((parent.0, name));
        self.lookup.find(hash, |id| self.is_named(*id, parent.0, name)).copied().map(NodeId)
    }

    fn is_named(&self, id: u32, parent: u32, name: &[u8]) -> bool {
        self.node(id).is_some_and(|node| node.parent == parent) && self.name_of(id) == name
    }

    /// The child of a name, which is made where there is none. Names are cut at 65 535 bytes. `None` for a child above
    /// what 32 bits count: 4 GiB of names, or as many nodes.
    pub(crate) fn insert(&mut self, parent: NodeId, name: &[u8]) -> Option<NodeId> {
        let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        let name = name.get(..usize::from(length)).unwrap_or(name);
        if let Some(found) = self.child(parent, name) {
            return Some(found);
        }
        let id = u32::try_from(self.nodes.len()).ok().filter(|id| *id != NONE)?;
        let name_start = u32::try_from(self.names.len()).ok()?;
        self.names.extend_from_slice(name);
        self.nodes.push(Node {
            parent: parent.0,
            first_child: NONE,
            last_child: NONE,
            next_sibling: NONE,
            name_start,
            name_length: length,
        });
        let previous = self.nodes.get_mut(parent.index()).map_or(NONE, |parent| {
            if parent.first_child == NONE {
                parent.first_child = id;
            }
            std::mem::replace(&mut parent.last_child, id)
        });
        if let Some(previous) = self.nodes.get_mut(previous as usize) {
            previous.next_sibling = id;
        }
        let hash = self.hasher.hash_one((parent.0, name));
        let (nodes, names, hasher) = (&self.nodes, &self.names, &self.hasher);
        self.lookup.insert_unique(hash, id, |id| {
            nodes.get(*id as usize).map_or(0, |node| {
                let start = node.name_start as usize;
                let name = names.get(start..start + usize::from(node.name_length)).unwrap_or_default();
                hasher.hash_one((node.parent, name))
            })
        });
        Some(NodeId(id))
    }

    /// Bytes of all names.
    pub(crate) fn name_bytes(&self) -> usize {
        self.names.len()
    }

    /// The children of a directory, in the order of insertion.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.node(id.0).map_or(NONE, |node| node.first_child);
        std::iter::from_fn(move || {
            let node = self.node(next)?;
            let id = NodeId(next);
            next = node.next_sibling;
            Some(id)
        })
    }

    /// The next node after `id` in depth-first order within the subtree of `top`.
    pub(crate) fn next_in(&self, top: NodeId, id: NodeId) -> Option<NodeId> {
        let node = self.node(id.0)?;
        if node.first_child != NONE {
            return Some(NodeId(node.first_child));
        }
        let mut current = id.0;
        while current != top.0 {
            let node = self.node(current)?;
            if node.next_sibling != NONE {
                return Some(NodeId(node.next_sibling));
            }
            current = node.parent;
        }
        None
    }

    /// The path of a node from the root, without a leading slash; empty for the root.
    #[must_use]
    pub fn path(&self, id: NodeId) -> Vec<u8> {
        self.components(id).join(&b'/')
    }

    /// The names from the root to a node.
    pub(crate) fn components(&self, id: NodeId) -> Vec<&[u8]> {
        let mut names = Vec::new();
        let mut current = id;
        while current != self.root() {
            names.push(self.name(current));
            current = self.parent(current);
        }
        names.reverse();
        names
    }

    /// The node of a path: components separated by slashes; empty ones and `.` are skipped.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<NodeId> {
        path.split(|byte| *byte == b'/')
            .filter(|name| !name.is_empty() && *name != b".")
            .try_fold(self.root(), |node, name| self.child(node, name))
    }

    /// All nodes but the root, in the order of insertion: a directory always precedes what it contains.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..self.nodes.len() as u32).map(NodeId)
    }

    /// Approximate bytes of memory that the tree takes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>() + self.names.capacity() + self.lookup.capacity() * 5
    }
}
