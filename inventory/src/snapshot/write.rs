//! Writing a snapshot.

use std::borrow::Cow;

use super::line::{
    AttributesLine, ContentLine, DiffIdLine, DigestLine, EndLine, Header, KindName, Line, ManifestLine,
    RepositoryLine, TagLine,
};
use super::{Snapshot, VERSION};
use crate::chain::Chain;
use crate::id::{DigestId, RepositoryId};
use crate::inventory::Inventory;
use crate::record::Kind;

/// The text of a snapshot.
#[must_use]
pub fn write(snapshot: &Snapshot) -> String {
    let inventory = &snapshot.inventory;
    let mut writer = Writer::default();
    writer.line(&Line::AcrInventory(Header {
        version: VERSION,
        registry: inventory.registry().into(),
        taken: snapshot.taken.to_rfc3339().into(),
        catalog_gap: gap(inventory.catalog()),
    }));
    writer.digests(inventory);
    writer.contents(inventory);
    for repository in inventory.repositories() {
        writer.repository(inventory, repository);
    }
    let lines = writer.lines;
    writer.line(&Line::End(EndLine { lines }));
    writer.text
}

/// A list that runs in a circle has no gap and is not complete either: it is read again from its beginning.
fn gap(chain: &Chain) -> Option<Cow<'_, str>> {
    if chain.is_complete() { None } else { Some(chain.gap().unwrap_or_default().into()) }
}

fn number(id: DigestId) -> u32 {
    u32::try_from(id.index()).unwrap_or(u32::MAX)
}

fn kind(kind: Kind) -> KindName {
    match kind {
        Kind::Image => KindName::Image,
        Kind::Index => KindName::Index,
        Kind::Unknown => KindName::Unknown,
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    lines: u64,
}

impl Writer {
    fn line(&mut self, line: &Line<'_>) {
        // Nothing in a line can fail to be JSON: there are no maps and no foreign types.
        self.text.push_str(&serde_json::to_string(line).unwrap_or_default());
        self.text.push('\n');
        self.lines += 1;
    }

    fn digests(&mut self, inventory: &Inventory) {
        for id in inventory.digest_ids() {
            self.line(&Line::Digest(DigestLine {
                digest: inventory.digest_text(id).into(),
                size: inventory.stated_size(id),
                external: !inventory.is_stored(id),
                disputed: inventory.is_disputed(id),
                unreadable: inventory.is_unreadable(id),
            }));
        }
    }

    fn contents(&mut self, inventory: &Inventory) {
        for content in inventory.contents() {
            let base = content.base.and_then(|(name, digest)| {
                let name = inventory.base_names().find(|(_, number)| *number == name)?.0;
                Some((name.into(), number(digest)))
            });
            self.line(&Line::Content(ContentLine {
                digest: number(content.digest),
                size: content.size,
                kind: kind(content.kind),
                config: content.has_config,
                blobs: inventory.blobs(content).iter().copied().map(number).collect(),
                children: inventory.children(content).iter().copied().map(number).collect(),
                subject: content.subject.map(number),
                base,
            }));
        }
        let mut diff_ids: Vec<_> = inventory.diff_ids().collect();
        diff_ids.sort_unstable();
        for (layer, content) in diff_ids {
            self.line(&Line::DiffId(DiffIdLine { layer: number(layer), content: number(content) }));
        }
    }

    fn repository(&mut self, inventory: &Inventory, id: RepositoryId) {
        let Some(entry) = inventory.repository(id) else { return };
        let attributes = entry.row.as_ref().map(|row| AttributesLine {
            created: row.created,
            updated: row.updated,
            locks: row.locks,
        });
        self.line(&Line::Repository(RepositoryLine {
            name: entry.name.as_ref().into(),
            attributes,
            tag_gap: gap(&entry.tag_pages),
            manifest_gap: gap(&entry.manifest_pages),
        }));
        for manifest in inventory.manifests(id).filter_map(|id| inventory.manifest(id)) {
            self.line(&Line::Manifest(ManifestLine {
                digest: number(manifest.digest),
                image_size: manifest.image_size,
                created: manifest.created,
                updated: manifest.updated,
                locks: manifest.locks,
                kind: kind(manifest.kind),
            }));
        }
        for tag in inventory.tags(id).filter_map(|id| inventory.tag(id)) {
            self.line(&Line::Tag(TagLine {
                name: tag.name.as_ref().into(),
                digest: number(tag.digest),
                created: tag.created,
                updated: tag.updated,
                locks: tag.locks,
            }));
        }
    }
}
