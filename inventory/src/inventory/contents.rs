//! Reading the contents of manifests.

use std::collections::HashSet;

use super::{ContentEntry, DISPUTED, Inventory, NONE, STORED, UNREADABLE};
use crate::digest::DigestKey;
use crate::id::{ContentId, DigestId};
use crate::record::{Content, Kind, Reference};

/// A content whose references are interned.
pub(crate) struct InternedContent<'a> {
    pub(crate) kind: Kind,
    pub(crate) size: u64,
    pub(crate) blobs: Vec<DigestId>,
    pub(crate) has_config: bool,
    pub(crate) children: Vec<DigestId>,
    pub(crate) subject: Option<DigestId>,
    pub(crate) base: Option<(&'a str, DigestId)>,
}

impl Inventory {
    /// Reads the content of a manifest (Manifests_Get). Content is immutable: what was read before is kept.
    pub fn read_content(&mut self, digest: &str, content: &Content) {
        let Some(digest) = self.intern_text(digest) else { return };
        if self.content_of(digest).is_some() {
            return;
        }
        let first_is_config =
            content.blobs.first().is_some_and(|first| DigestKey::parse(&first.digest).is_some());
        let interned = InternedContent {
            kind: content.kind,
            size: content.size,
            blobs: self.intern_references(&content.blobs),
            has_config: content.has_config && first_is_config,
            children: self.intern_references(&content.children),
            subject: content.subject.as_deref().and_then(|subject| self.intern_text(subject)),
            base: content
                .base
                .as_ref()
                .and_then(|(name, digest)| Some((name.as_str(), self.intern_text(digest)?))),
        };
        self.put_content(digest, &interned);
    }

    /// Puts a content into the tables, unless the digest's is there.
    pub(crate) fn put_content(&mut self, digest: DigestId, content: &InternedContent<'_>) {
        if self.content_of(digest).is_some() {
            return;
        }
        self.touch();
        let start = u32::try_from(self.references.len()).unwrap_or(NONE);
        let blobs = self.add_references(&content.blobs);
        let children = self.add_references(&content.children);
        let base = content.base.map(|(name, digest)| {
            let number = u32::try_from(self.bases.len()).unwrap_or(NONE);
            (*self.bases.entry(name.into()).or_insert(number), digest)
        });
        let id = ContentId::new(self.contents.len());
        self.contents.push(ContentEntry {
            digest,
            size: content.size,
            kind: content.kind,
            has_config: content.has_config,
            start,
            blobs,
            children,
            subject: content.subject,
            base,
        });
        if let Some(slot) = self.contents_of.get_mut(digest.index()) {
            *slot = u32::try_from(id.index()).unwrap_or(NONE);
        }
        // The bytes of a manifest are verified by its digest, so what its references state does not count any more.
        if let Some((size, flags)) =
            self.sizes.get_mut(digest.index()).zip(self.flags.get_mut(digest.index()))
        {
            *size = content.size;
            *flags = (*flags | STORED) & !(DISPUTED | UNREADABLE);
        }
    }

    /// The content of a manifest that was read, as it can be read into another inventory; `None` where it was not.
    #[must_use]
    pub fn known_content(&self, digest: &str) -> Option<Content> {
        let entry = self.content(self.content_of(self.digests.find(digest)?)?)?;
        let reference = |id: &DigestId| Reference {
            digest: self.digest_text(*id),
            size: self.stated_size(*id),
            external: !self.is_stored(*id),
        };
        let base = entry.base.and_then(|(number, digest)| {
            let name = self.base_names().find(|(_, known)| *known == number)?.0;
            Some((name.to_owned(), self.digest_text(digest)))
        });
        Some(Content {
            kind: entry.kind,
            size: entry.size,
            blobs: self.blobs(entry).iter().map(reference).collect(),
            has_config: entry.has_config,
            children: self.children(entry).iter().map(reference).collect(),
            subject: entry.subject.map(|id| self.digest_text(id)),
            base,
        })
    }

    /// Records that the content of a manifest cannot be read: what depends on it stays unknown, and no plan deletes it.
    pub fn mark_unreadable(&mut self, digest: &str) {
        self.touch();
        let Some(digest) = self.intern_text(digest) else { return };
        if self.content_of(digest).is_none()
            && let Some(flags) = self.flags.get_mut(digest.index())
        {
            *flags |= UNREADABLE;
        }
    }

    /// Reads which uncompressed content the layers of an image hold: the `rootfs.diff_ids` of its config, the lowest layer first. Layers
    /// of equal content and different compression are found by it.
    pub fn read_diff_ids(&mut self, digest: &str, diff_ids: &[String]) {
        let Some(content) = self.digests.find(digest).and_then(|id| self.content_of(id)) else { return };
        let Some(layers) = self.content(content).map(|content| self.layers(content).to_vec()) else { return };
        if layers.len() != diff_ids.len() {
            return;
        }
        for (layer, diff_id) in layers.into_iter().zip(diff_ids) {
            if let Some(diff_id) = self.intern_text(diff_id) {
                self.diff_ids.insert(layer, diff_id);
            }
        }
    }

    /// What [`Inventory::read_diff_ids`] read of an image; `None` where that is not known of every layer.
    #[must_use]
    pub fn known_diff_ids(&self, digest: &str) -> Option<Vec<String>> {
        let content = self.content(self.content_of(self.digests.find(digest)?)?)?;
        let diff_id = |layer| self.diff_ids.get(layer).map(|diff_id| self.digest_text(*diff_id));
        self.layers(content).iter().map(diff_id).collect()
    }

    /// Takes a digest from a snapshot, with what was known of it. `None` where it is invalid.
    pub(crate) fn restore_digest(&mut self, reference: &Reference, disputed: bool) -> Option<DigestId> {
        let id = self.intern_text(&reference.digest)?;
        self.state_size(id, reference);
        // Of a manifest that was read the size is certain.
        let is_read = self.content_of(id).is_some();
        if disputed && let Some(flags) = self.flags.get_mut(id.index()).filter(|_| !is_read) {
            *flags |= DISPUTED;
        }
        Some(id)
    }

    /// Takes the uncompressed content of a layer from a snapshot.
    pub(crate) fn restore_diff_id(&mut self, layer: DigestId, diff_id: DigestId) {
        self.diff_ids.insert(layer, diff_id);
    }

    fn intern_text(&mut self, digest: &str) -> Option<DigestId> {
        DigestKey::parse(digest).map(|key| self.intern_digest(key))
    }

    pub(super) fn intern_digest(&mut self, key: DigestKey) -> DigestId {
        let id = self.digests.intern(key);
        if id.index() >= self.sizes.len() {
            self.sizes.push(u64::MAX);
            self.flags.push(0);
            self.contents_of.push(NONE);
        }
        id
    }

    /// The valid digests among references, with what is stated of them.
    fn intern_references(&mut self, references: &[Reference]) -> Vec<DigestId> {
        let intern = |reference: &Reference| {
            let id = self.intern_text(&reference.digest)?;
            self.state_size(id, reference);
            Some(id)
        };
        references.iter().filter_map(intern).collect()
    }

    /// Adds references to the common table, each digest once; returns how many.
    fn add_references(&mut self, references: &[DigestId]) -> u32 {
        let start = self.references.len();
        let mut seen = HashSet::new();
        for id in references {
            let added = self.references.get(start..).unwrap_or_default();
            // A set is slower than a look at the few references that most manifests have.
            let known = if added.len() < 32 { added.contains(id) } else { !seen.insert(*id) };
            if known {
                continue;
            }
            if added.len() == 31 {
                seen.extend(added.iter().copied().chain([*id]));
            }
            self.references.push(*id);
        }
        u32::try_from(self.references.len() - start).unwrap_or_default()
    }

    fn state_size(&mut self, id: DigestId, reference: &Reference) {
        let is_manifest = self.content_of(id).is_some();
        let slots = self.sizes.get_mut(id.index()).zip(self.flags.get_mut(id.index()));
        let Some((size, flags)) = slots else { return };
        if !reference.external {
            *flags |= STORED;
        }
        let Some(stated) = reference.size.filter(|_| !is_manifest) else { return };
        if *size != u64::MAX && *size != stated {
            *flags |= DISPUTED;
        }
        *size = (*size).min(stated);
    }
}
