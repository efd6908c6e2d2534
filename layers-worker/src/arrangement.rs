//! Which rows of an image's file tree are shown: those of open directories, or those that a search found.

use std::collections::HashSet;

use acr_layers::{EntryKind, FileView, Image, NodeId, Outcome, Pattern, display_path};

use crate::protocol::{FileVersion, Filter, Mark, Row, RowKind};

/// An image with the rows that are shown of it.
pub(crate) struct Arranged {
    image: Image,
    nodes: Vec<NodeId>,
    /// Bytes of each node with everything below it, of the layer that is shown.
    sizes: Vec<u64>,
    /// Bytes of all layers merged.
    bytes: u64,
    open: HashSet<u32>,
    /// Directories that were closed in what a search found, where all are open at first.
    closed: HashSet<u32>,
    layer: Option<u16>,
    /// What is listed; `None` for everything.
    listed: Option<Vec<bool>>,
    searching: bool,
    rows: Vec<(NodeId, u16)>,
}

/// Which directories were opened, and closed in what a search found, by their paths.
pub(crate) struct Directories {
    open: Vec<Vec<u8>>,
    closed: Vec<Vec<u8>>,
}

impl Arranged {
    /// The image with the directories of its root in sight.
    pub(crate) fn new(image: Image) -> Self {
        let mut nodes = vec![image.tree().root()];
        nodes.extend(image.tree().nodes());
        let sizes = sizes(&image, &nodes, None);
        let mut arranged = Self {
            bytes: sizes.first().copied().unwrap_or(0),
            sizes,
            image,
            nodes,
            open: HashSet::new(),
            closed: HashSet::new(),
            layer: None,
            listed: None,
            searching: false,
            rows: Vec::new(),
        };
        arranged.lay_out();
        arranged
    }

    /// What a later arrangement of the same image continues from.
    pub(crate) fn directories(&self) -> Directories {
        let paths = |nodes: &HashSet<u32>| {
            nodes.iter().filter_map(|node| Some(self.image.tree().path(self.node(*node)?))).collect()
        };
        Directories { open: paths(&self.open), closed: paths(&self.closed) }
    }

    /// Opens and closes the directories as in an earlier arrangement of the same image, and lists what it listed.
    pub(crate) fn continue_from(&mut self, earlier: &Directories, filter: &Filter) -> Result<(), String> {
        self.open = self.nodes_of(&earlier.open);
        self.filter(filter)?;
        self.closed = self.nodes_of(&earlier.closed);
        self.lay_out();
        Ok(())
    }

    fn nodes_of(&self, paths: &[Vec<u8>]) -> HashSet<u32> {
        paths.iter().filter_map(|path| Some(self.image.tree().find(path)?.index() as u32)).collect()
    }

    pub(crate) fn image(&self) -> &Image {
        &self.image
    }

    fn node(&self, index: u32) -> Option<NodeId> {
        self.nodes.get(index as usize).copied()
    }

    /// The node of a path as it is displayed. Different paths are displayed differently.
    pub(crate) fn find(&self, path: &str) -> Option<NodeId> {
        let tree = self.image.tree();
        path.split('/').filter(|name| !name.is_empty()).try_fold(tree.root(), |parent, name| {
            if !name.contains('\\') {
                return tree.child(parent, name.as_bytes());
            }
            tree.children(parent).find(|child| display_path(tree.name(*child)) == name)
        })
    }

    /// What is at a node in a version: of all layers merged, or as it is after a layer, or was before that layer removed it.
    pub(crate) fn file(&self, node: NodeId, layer: Option<u16>) -> Option<FileView<'_>> {
        let Some(layer) = layer else { return self.image.file(node) };
        let history = self.image.history(node);
        history.into_iter().find(|version| version.layer <= layer).map(|version| version.file)
    }

    /// Paths and bytes of the merged image.
    pub(crate) fn totals(&self) -> (u64, u64) {
        let paths = self.nodes.iter().skip(1).filter(|node| self.image.is_present(**node)).count();
        (paths as u64, self.bytes)
    }

    pub(crate) fn count(&self) -> u32 {
        self.rows.len() as u32
    }

    /// Lists what a filter asks for.
    pub(crate) fn filter(&mut self, filter: &Filter) -> Result<(), String> {
        let pattern = pattern(&filter.search)?;
        if self.layer != filter.layer {
            self.layer = filter.layer;
            self.sizes = sizes(&self.image, &self.nodes, self.layer);
        }
        self.searching = pattern.is_some();
        self.closed.clear();
        let mut listed = vec![false; self.nodes.len()];
        match &pattern {
            None => listed.iter_mut().for_each(|listed| *listed = true),
            Some(pattern) => {
                for node in self.image.tree().search(pattern) {
                    set(&mut listed, node);
                }
            }
        }
        for (at, node) in self.nodes.iter().enumerate() {
            if listed.get(at) == Some(&true) && !self.is_of_layer(*node) {
                listed.get_mut(at).into_iter().for_each(|listed| *listed = false);
            }
        }
        // Directories lead to what is listed. A directory precedes what it contains.
        for node in self.nodes.iter().skip(1).rev() {
            if listed.get(node.index()) == Some(&true) {
                set(&mut listed, self.image.tree().parent(*node));
            }
        }
        self.listed = Some(listed);
        self.lay_out();
        Ok(())
    }

    /// Opens or closes a directory.
    pub(crate) fn toggle(&mut self, node: u32) {
        let toggled = if self.searching { &mut self.closed } else { &mut self.open };
        if !toggled.remove(&node) {
            toggled.insert(node);
        }
        self.lay_out();
    }

    fn is_of_layer(&self, node: NodeId) -> bool {
        match self.layer {
            None => self.image.is_present(node),
            Some(layer) => self.mark(node, layer).is_some(),
        }
    }

    /// What a layer did to a path.
    fn mark(&self, node: NodeId, layer: u16) -> Option<Mark> {
        let history = self.image.history(node);
        if history.iter().any(|version| version.layer == layer) {
            let is_replaced =
                history.iter().any(|version| version.layer < layer && ends_in(version.outcome, layer));
            return Some(if is_replaced { Mark::Changed } else { Mark::Added });
        }
        let removed = history.iter().any(|version| ends_in(version.outcome, layer));
        removed.then_some(Mark::Removed)
    }

    fn is_open(&self, node: NodeId) -> bool {
        let node = node.index() as u32;
        if self.searching { !self.closed.contains(&node) } else { self.open.contains(&node) }
    }

    fn lay_out(&mut self) {
        let mut rows = Vec::new();
        let mut waiting: Vec<(NodeId, u16)> = self.children(self.image.tree().root(), 0);
        while let Some((node, depth)) = waiting.pop() {
            rows.push((node, depth));
            if self.is_open(node) {
                waiting.extend(self.children(node, depth.saturating_add(1)));
            }
        }
        self.rows = rows;
    }

    /// The listed children of a directory, the last first: directories before files, by name.
    fn children(&self, node: NodeId, depth: u16) -> Vec<(NodeId, u16)> {
        let tree = self.image.tree();
        let mut children: Vec<NodeId> = tree.children(node).filter(|child| self.is_listed(*child)).collect();
        children
            .sort_by_cached_key(|child| (tree.children(*child).next().is_none(), tree.name(*child).to_vec()));
        children.into_iter().rev().map(|child| (child, depth)).collect()
    }

    fn is_listed(&self, node: NodeId) -> bool {
        match &self.listed {
            Some(listed) => listed.get(node.index()) == Some(&true),
            None => self.image.is_present(node),
        }
    }

    /// The rows of a range.
    pub(crate) fn rows(&self, first: u32, end: u32) -> Vec<Row> {
        let (first, end) = (first as usize, (end as usize).min(self.rows.len()));
        let rows = self.rows.get(first.min(end)..end).unwrap_or_default();
        rows.iter().map(|(node, depth)| self.row(*node, *depth, self.layer)).collect()
    }

    /// The row of a version.
    pub(crate) fn row(&self, node: NodeId, depth: u16, version: Option<u16>) -> Row {
        let tree = self.image.tree();
        let has_children = tree.children(node).any(|child| self.is_listed(child));
        let file = self.file(node, version);
        let file = file.as_ref();
        let kind = file.map_or(EntryKind::Directory, |file| file.kind);
        let entry = file.and_then(|file| file.entry);
        let mark = match version {
            Some(layer) => self.mark(node, layer),
            None => file
                .filter(|file| file.layer > 0 && file.entry.is_some())
                .and_then(|file| self.mark(node, file.layer)),
        };
        let size = match kind {
            EntryKind::Directory => self.sizes.get(node.index()).copied(),
            _ => file.map(|file| file.size),
        };
        Row {
            node: node.index() as u32,
            file: FileVersion { path: format!("/{}", display_path(&tree.path(node))), layer: version },
            depth,
            name: display_path(tree.name(node)),
            kind: row_kind(kind),
            open: has_children.then(|| self.is_open(node)),
            size: size.unwrap_or(0),
            mode: entry.map(|entry| mode(kind, entry.mode)).unwrap_or_default(),
            owner: entry.map(|entry| format!("{}:{}", entry.uid, entry.gid)).unwrap_or_default(),
            modified: entry.map(|entry| entry.mtime.saturating_mul(1000)),
            layer: version.or(file.map(|file| file.layer)).unwrap_or(0),
            mark,
            link: file.map(|file| display_path(file.link)).unwrap_or_default(),
        }
    }
}

fn ends_in(outcome: Outcome, layer: u16) -> bool {
    match outcome {
        Outcome::Present => false,
        Outcome::Overwritten(by) | Outcome::Deleted(by) | Outcome::DeletedWithDirectory(by) => by == layer,
    }
}

/// Bytes of each node with everything below it: of all layers merged, or of what one layer put there.
fn sizes(image: &Image, nodes: &[NodeId], layer: Option<u16>) -> Vec<u64> {
    let of = |node: NodeId| match layer {
        None => image.file(node),
        Some(layer) => {
            let history = image.history(node);
            history.into_iter().find(|version| version.layer == layer).map(|version| version.file)
        }
    };
    let mut sizes: Vec<u64> = nodes.iter().map(|node| of(*node).map_or(0, |file| file.size)).collect();
    for node in nodes.iter().skip(1).rev() {
        let own = sizes.get(node.index()).copied().unwrap_or(0);
        if let Some(parent) = sizes.get_mut(image.tree().parent(*node).index()) {
            *parent = parent.saturating_add(own);
        }
    }
    sizes
}

fn set(listed: &mut [bool], node: NodeId) {
    if let Some(listed) = listed.get_mut(node.index()) {
        *listed = true;
    }
}

/// What a search means: a regular expression between slashes, a glob, or text.
fn pattern(search: &str) -> Result<Option<Pattern>, String> {
    let search = search.trim();
    if search.is_empty() {
        return Ok(None);
    }
    let expression =
        search.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|it| !it.is_empty());
    if let Some(expression) = expression {
        return Pattern::regex(expression).map(Some).map_err(|error| error.to_string());
    }
    if search.contains(['*', '?']) {
        return Ok(Some(Pattern::Glob(search.to_owned())));
    }
    Ok(Some(Pattern::Text(search.strip_prefix('/').unwrap_or(search).to_owned())))
}

fn row_kind(kind: EntryKind) -> RowKind {
    match kind {
        EntryKind::File | EntryKind::HardLink => RowKind::File,
        EntryKind::Directory => RowKind::Directory,
        EntryKind::SymbolicLink => RowKind::Link,
        _ => RowKind::Special,
    }
}

/// Permission bits as `ls` prints them.
fn mode(kind: EntryKind, mode: u16) -> String {
    let first = match kind {
        EntryKind::Directory => 'd',
        EntryKind::SymbolicLink => 'l',
        EntryKind::CharacterDevice => 'c',
        EntryKind::BlockDevice => 'b',
        EntryKind::Fifo => 'p',
        _ => '-',
    };
    let bit = |shift: u16, letter: char| if mode >> shift & 1 == 1 { letter } else { '-' };
    let execute = |shift: u16, special: u16, letter: char| match (mode >> shift & 1, mode >> special & 1) {
        (1, 1) => letter,
        (_, 1) => letter.to_ascii_uppercase(),
        (1, _) => 'x',
        _ => '-',
    };
    [
        first,
        bit(8, 'r'),
        bit(7, 'w'),
        execute(6, 11, 's'),
        bit(5, 'r'),
        bit(4, 'w'),
        execute(3, 10, 's'),
        bit(2, 'r'),
        bit(1, 'w'),
        execute(0, 9, 't'),
    ]
    .iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permission_bits_are_printed_as_ls_prints_them() {
        assert_eq!(mode(EntryKind::File, 0o644), "-rw-r--r--");
        assert_eq!(mode(EntryKind::File, 0o4755), "-rwsr-xr-x");
        assert_eq!(mode(EntryKind::Directory, 0o1777), "drwxrwxrwt");
        assert_eq!(mode(EntryKind::File, 0o2640), "-rw-r-S---");
    }

    #[test]
    fn a_search_is_text_a_glob_or_a_regular_expression() {
        assert!(matches!(pattern("etc"), Ok(Some(Pattern::Text(_)))));
        assert!(matches!(pattern("*.so"), Ok(Some(Pattern::Glob(_)))));
        assert!(matches!(pattern("/^usr/"), Ok(Some(Pattern::Regex(_)))));
        assert!(matches!(pattern(" "), Ok(None)));
        assert!(pattern("/(/").is_err());
    }
}
