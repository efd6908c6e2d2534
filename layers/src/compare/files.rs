//! Files that were added, removed or changed between two merged images.

use serde::Serialize;

use super::values::ValueChange;
use crate::entry::{EntryId, EntryKind};
use crate::image::{FileView, Image};
use crate::layer::Layer;
use crate::path::display_path;
use crate::tree::NodeId;

/// Whether the content of a file that both images have is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ContentChange {
    /// The same bytes: the same place of the same layer, or the same fingerprint.
    Same,
    /// Other bytes.
    Different,
    /// The sizes are equal, and the layers were read without fingerprints or with different keys.
    Unknown,
}

/// What is compared of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFacts {
    /// The node in the image's tree.
    #[serde(skip)]
    pub node: NodeId,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of its content.
    pub size: u64,
    /// Permission bits; `None` for a directory that no entry describes.
    pub mode: Option<u16>,
    /// Owner and group.
    pub owner: Option<(u32, u32)>,
    /// A link's target, escaped by [`display_path`].
    pub link: String,
    /// Major and minor number of a device.
    pub device: Option<(u32, u32)>,
}

/// A path that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// The path, escaped by [`display_path`].
    pub path: String,
    /// The file in the first image; `None` where it was added.
    pub before: Option<FileFacts>,
    /// The file in the second image; `None` where it was removed.
    pub after: Option<FileFacts>,
    /// Whether the content differs, of files that both have.
    pub content: Option<ContentChange>,
    /// What differs, of files that both have: `content` (without values), `kind`, `mode`, `owner`, `target`, `device`.
    pub differing: Vec<ValueChange>,
}

/// How many paths, and the bytes of their content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Paths.
    pub count: u64,
    /// Bytes; of changed files, the larger side's growth is `after_bytes - before_bytes`.
    pub before_bytes: u64,
    /// Bytes in the second image.
    pub after_bytes: u64,
}

/// All differences of two file trees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileDifferences {
    /// The paths that differ, by path. Files whose time alone differs are not among them.
    pub changes: Vec<FileChange>,
    /// What only the second image has.
    pub added: Totals,
    /// What only the first image has.
    pub removed: Totals,
    /// What both have and differs.
    pub changed: Totals,
    /// Paths that are equal.
    pub unchanged: u64,
    /// How many of the unchanged are taken as such by their size and time, without a fingerprint.
    pub assumed_unchanged: u64,
}

/// Compares two images path by path.
#[must_use]
pub fn compare_files(before: &Image, after: &Image) -> FileDifferences {
    let mut differences = FileDifferences::default();
    // For each node of the first tree, the node of the second with the same path.
    let mut counterparts: Vec<Option<NodeId>> = vec![None; before.tree().len()];
    let mut matched = vec![false; after.tree().len()];
    if let Some(root) = counterparts.first_mut() {
        *root = Some(after.tree().root());
    }
    for node in before.tree().nodes() {
        let parent = counterparts.get(before.tree().parent(node).index()).copied().flatten();
        let counterpart = parent.and_then(|parent| after.tree().child(parent, before.tree().name(node)));
        if let Some(place) = counterparts.get_mut(node.index()) {
            *place = counterpart;
        }
        let Some(file) = before.file(node) else { continue };
        let counterpart = counterpart.and_then(|node| Some((node, after.file(node)?)));
        if let Some(matched) = counterpart.and_then(|(node, _)| matched.get_mut(node.index())) {
            *matched = true;
        }
        differences.add_pair((before, node, file), counterpart.map(|(node, file)| (after, node, file)));
    }
    for node in after.nodes() {
        if matched.get(node.index()) != Some(&false) {
            continue;
        }
        if let Some(file) = after.file(node) {
            differences.added.add(0, file.size);
            let path = display_path(&after.tree().path(node));
            differences.changes.push(FileChange {
                path,
                before: None,
                after: Some(facts(node, &file)),
                content: None,
                differing: Vec::new(),
            });
        }
    }
    differences.changes.sort_by(|a, b| a.path.cmp(&b.path));
    differences
}

type Side<'a> = (&'a Image, NodeId, FileView<'a>);

impl FileDifferences {
    fn add_pair(&mut self, before: Side<'_>, after: Option<Side<'_>>) {
        let (image, node, file) = before;
        let path = || display_path(&image.tree().path(node));
        let Some(after) = after else {
            self.removed.add(file.size, 0);
            let (before, differing) = (Some(facts(node, &file)), Vec::new());
            self.changes.push(FileChange { path: path(), before, after: None, content: None, differing });
            return;
        };
        let content = content_change(&before, &after);
        let (before, after) = (facts(node, &file), facts(after.1, &after.2));
        let (content, is_assumed) = match content {
            Content::Assumed => (ContentChange::Unknown, true),
            Content::Known(content) => (content, false),
        };
        let has_content = before.kind == EntryKind::File && after.kind == EntryKind::File;
        let mut differing = before.differing(&after);
        if has_content && content != ContentChange::Same && !is_assumed {
            differing.insert(0, ValueChange { name: "content".to_owned(), before: None, after: None });
        }
        if differing.is_empty() {
            self.unchanged += 1;
            self.assumed_unchanged += u64::from(is_assumed);
            return;
        }
        self.changed.add(before.size, after.size);
        self.changes.push(FileChange {
            path: path(),
            before: Some(before),
            after: Some(after),
            content: Some(content),
            differing,
        });
    }
}

impl Totals {
    fn add(&mut self, before: u64, after: u64) {
        self.count += 1;
        self.before_bytes = self.before_bytes.saturating_add(before);
        self.after_bytes = self.after_bytes.saturating_add(after);
    }
}

impl FileFacts {
    /// What differs apart from content. What no entry describes is unknown, and not different.
    fn differing(&self, other: &Self) -> Vec<ValueChange> {
        let is_same_kind = self.kind == other.kind;
        let known = |name: &str, before: Option<String>, after: Option<String>| {
            let differs = before.is_some() && after.is_some() && before != after;
            differs.then(|| ValueChange { name: name.to_owned(), before, after })
        };
        let mode = |facts: &Self| facts.mode.filter(|_| is_same_kind).map(|mode| format!("{mode:04o}"));
        let pair = |pair: Option<(u32, u32)>| pair.map(|(first, second)| format!("{first}:{second}"));
        // A hard link is a file, whatever its first name is.
        let target = |facts: &Self| (facts.kind == EntryKind::SymbolicLink).then(|| facts.link.clone());
        let kind = |facts: &Self| Some(kind_name(facts.kind).to_owned());
        let differing = [
            known("kind", kind(self), kind(other)),
            known("mode", mode(self), mode(other)),
            known("owner", pair(self.owner), pair(other.owner)),
            known("target", target(self), target(other)),
            known("device", pair(self.device), pair(other.device)),
        ];
        differing.into_iter().flatten().collect()
    }
}

fn kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File | EntryKind::HardLink => "file",
        EntryKind::Directory => "directory",
        EntryKind::SymbolicLink => "symbolic link",
        EntryKind::CharacterDevice => "character device",
        EntryKind::BlockDevice => "block device",
        EntryKind::Fifo => "named pipe",
        EntryKind::Whiteout | EntryKind::OpaqueDirectory => "whiteout",
    }
}

fn facts(node: NodeId, file: &FileView<'_>) -> FileFacts {
    FileFacts {
        node,
        kind: file.kind,
        size: file.size,
        mode: file.entry.map(|entry| entry.mode),
        owner: file.entry.map(|entry| (entry.uid, entry.gid)),
        link: if file.link.is_empty() { String::new() } else { display_path(file.link) },
        device: file.entry.and_then(|entry| entry.device),
    }
}

enum Content {
    Known(ContentChange),
    /// The same size and time, and nothing better to compare.
    Assumed,
}

fn content_change(before: &Side<'_>, after: &Side<'_>) -> Content {
    let (Some(a), Some(b)) = (content(before), content(after)) else {
        // Directories, links and devices have no content, and neither has a hard link without a target.
        let same = content(before).is_some() == content(after).is_some();
        return Content::Known(if same { ContentChange::Same } else { ContentChange::Different });
    };
    let ((layer_a, id_a), (layer_b, id_b)) = (a, b);
    let (Some(entry_a), Some(entry_b)) = (layer_a.entry(id_a), layer_b.entry(id_b)) else {
        return Content::Known(ContentChange::Unknown);
    };
    if id_a == id_b && is_same_layer(layer_a, layer_b) {
        return Content::Known(ContentChange::Same);
    }
    if entry_a.size != entry_b.size {
        return Content::Known(ContentChange::Different);
    }
    if entry_a.size == 0 {
        return Content::Known(ContentChange::Same);
    }
    let is_comparable = layer_a.fingerprint_key.is_some()
        && layer_a.fingerprint_key == layer_b.fingerprint_key
        && layer_a.sparse.get(&id_a.0) == layer_b.sparse.get(&id_b.0);
    if is_comparable {
        let same = entry_a.fingerprint == entry_b.fingerprint;
        return Content::Known(if same { ContentChange::Same } else { ContentChange::Different });
    }
    if entry_a.mtime == entry_b.mtime { Content::Assumed } else { Content::Known(ContentChange::Unknown) }
}

/// The layer and the entry that hold a file's content.
fn content<'a>(side: &Side<'a>) -> Option<(&'a Layer, EntryId)> {
    let (layer, entry) = side.2.content?;
    Some((side.0.layers().get(usize::from(layer))?, entry))
}

fn is_same_layer(a: &Layer, b: &Layer) -> bool {
    use crate::digest::Verification::Verified;
    std::ptr::eq(a, b) || matches!((&a.digest, &b.digest), (Verified(a), Verified(b)) if a == b)
}
