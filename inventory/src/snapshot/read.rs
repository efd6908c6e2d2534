//! Reading a snapshot. The file may be cut off, of a newer version, or written to mislead: it is an error or an inventory, and an
//! inventory believes nothing either.

use super::line::{ContentLine, DigestLine, Header, KindName, Line, RepositoryLine};
use super::{Snapshot, VERSION};
use crate::instant::Instant;
use crate::inventory::{Inventory, Page};
use crate::record::{Content, Kind, ManifestRow, Reference, RepositoryRow, TagRow};

/// Why a snapshot cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The first line is not that of a snapshot.
    #[error("this file is not an inventory snapshot")]
    NotASnapshot,
    /// A newer version of the format.
    #[error("the snapshot has version {0} of the format; this program reads up to version {VERSION}")]
    NewerVersion(u32),
    /// The last line is missing.
    #[error("the snapshot is cut off after line {0}")]
    Truncated(u64),
    /// A line cannot be read, or contradicts the lines before it.
    #[error("line {line} of the snapshot cannot be read: {reason}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// Reads a snapshot.
///
/// # Errors
/// Where the text is not one, is cut off, has a newer version, or contradicts itself.
pub fn read(text: &str) -> Result<Snapshot, SnapshotError> {
    let mut lines = text.lines();
    let first = lines.next().and_then(|line| serde_json::from_str(line).ok());
    let Some(Line::AcrInventory(header)) = first else { return Err(newer_or_none(text)) };
    if header.version > VERSION {
        return Err(SnapshotError::NewerVersion(header.version));
    }
    let mut reader = Reader::new(&header);
    let mut number = 1;
    for line in lines {
        number += 1;
        let refuse = |reason: String| SnapshotError::Line { line: number, reason };
        let line = match serde_json::from_str::<Line<'_>>(line) {
            Ok(line) => line,
            // A line without its end is what a cut-off file looks like.
            Err(error) if error.is_eof() => return Err(SnapshotError::Truncated(number - 1)),
            Err(error) => return Err(refuse(error.to_string())),
        };
        match line {
            Line::End(end) if end.lines == number - 1 => return Ok(reader.finish(&header)),
            Line::End(end) => return Err(refuse(format!("it promises {} lines before it", end.lines))),
            line => reader.line(line).map_err(|reason| refuse(reason.to_owned()))?,
        }
    }
    Err(SnapshotError::Truncated(number))
}

/// A newer version may have another first line, as long as it says its version.
fn newer_or_none(text: &str) -> SnapshotError {
    let first: Option<serde_json::Value> =
        text.lines().next().and_then(|line| serde_json::from_str(line).ok());
    let version = first.as_ref().and_then(|line| line.get("acrInventory")?.get("version")?.as_u64());
    match version.map(|version| u32::try_from(version).unwrap_or(u32::MAX)) {
        Some(version) if version > VERSION => SnapshotError::NewerVersion(version),
        _ => SnapshotError::NotASnapshot,
    }
}

/// A page of a list whose later pages were not read, or the only one.
fn page<T>(rows: Vec<T>, gap: Option<String>) -> Option<Page<T>> {
    // A list of which nothing was read has no first page either.
    (gap.as_deref() != Some("")).then_some(Page { after: String::new(), next: gap, rows })
}

struct Reader {
    inventory: Inventory,
    digests: Vec<Reference>,
    repositories: Vec<String>,
    open: Option<OpenRepository>,
}

struct OpenRepository {
    name: String,
    tag_gap: Option<String>,
    manifest_gap: Option<String>,
    tags: Vec<TagRow>,
    manifests: Vec<ManifestRow>,
}

impl Reader {
    fn new(header: &Header<'_>) -> Self {
        let inventory = Inventory::new(&header.registry);
        Self { inventory, digests: Vec::new(), repositories: Vec::new(), open: None }
    }

    fn finish(mut self, header: &Header<'_>) -> Snapshot {
        self.close();
        let gap = header.catalog_gap.as_ref().map(|gap| gap.to_string());
        if let Some(page) = page(std::mem::take(&mut self.repositories), gap) {
            self.inventory.read_catalog(&page);
        }
        let taken = Instant::parse(&header.taken).unwrap_or_default();
        Snapshot { inventory: self.inventory, taken }
    }

    fn line(&mut self, line: Line<'_>) -> Result<(), &'static str> {
        match line {
            Line::Digest(line) => self.digest(&line),
            Line::Content(line) => self.content(&line),
            Line::DiffId(line) => {
                let (layer, content) = (self.text(line.layer)?, self.text(line.content)?);
                self.inventory.read_diff_id(&layer, &content);
                Ok(())
            }
            Line::Repository(line) => {
                self.repository(&line);
                Ok(())
            }
            Line::Manifest(line) => {
                let row = ManifestRow {
                    digest: self.text(line.digest)?,
                    image_size: line.image_size,
                    created: line.created,
                    updated: line.updated,
                    locks: line.locks,
                    kind: kind(line.kind),
                };
                self.open.as_mut().ok_or("it belongs to no repository")?.manifests.push(row);
                Ok(())
            }
            Line::Tag(line) => {
                let row = TagRow {
                    name: line.name.into_owned(),
                    digest: self.text(line.digest)?,
                    created: line.created,
                    updated: line.updated,
                    locks: line.locks,
                };
                self.open.as_mut().ok_or("it belongs to no repository")?.tags.push(row);
                Ok(())
            }
            Line::AcrInventory(_) | Line::End(_) => Err("it stands in the middle"),
        }
    }

    fn digest(&mut self, line: &DigestLine<'_>) -> Result<(), &'static str> {
        let reference =
            Reference { digest: line.digest.to_string(), size: line.size, external: line.external };
        self.inventory.restore_digest(&reference, line.disputed).ok_or("its digest is invalid")?;
        if line.unreadable {
            self.inventory.mark_unreadable(&line.digest);
        }
        self.digests.push(reference);
        Ok(())
    }

    fn content(&mut self, line: &ContentLine<'_>) -> Result<(), &'static str> {
        let references = |numbers: &[u32]| {
            numbers.iter().map(|number| self.reference(*number)).collect::<Result<Vec<_>, _>>()
        };
        let subject = line.subject.map(|number| self.text(number)).transpose()?;
        let base = match &line.base {
            Some((name, digest)) => Some((name.to_string(), self.text(*digest)?)),
            None => None,
        };
        let content = Content {
            kind: kind(line.kind),
            size: line.size,
            blobs: references(&line.blobs)?,
            has_config: line.config,
            children: references(&line.children)?,
            subject,
            base,
        };
        let digest = self.text(line.digest)?;
        self.inventory.read_content(&digest, &content);
        Ok(())
    }

    fn repository(&mut self, line: &RepositoryLine<'_>) {
        self.close();
        let name = line.name.to_string();
        self.inventory.add_repository(&name);
        if let Some(attributes) = &line.attributes {
            let row = RepositoryRow {
                created: attributes.created,
                updated: attributes.updated,
                locks: attributes.locks,
            };
            self.inventory.read_repository(&name, row);
        }
        self.repositories.push(name.clone());
        self.open = Some(OpenRepository {
            name,
            tag_gap: line.tag_gap.as_ref().map(|gap| gap.to_string()),
            manifest_gap: line.manifest_gap.as_ref().map(|gap| gap.to_string()),
            tags: Vec::new(),
            manifests: Vec::new(),
        });
    }

    /// Puts the rows of a repository into the inventory, once all of them are there.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        if let Some(page) = page(open.manifests, open.manifest_gap) {
            self.inventory.read_manifests(&open.name, &page);
        }
        if let Some(page) = page(open.tags, open.tag_gap) {
            self.inventory.read_tags(&open.name, &page);
        }
    }

    fn reference(&self, number: u32) -> Result<Reference, &'static str> {
        self.digests.get(number as usize).cloned().ok_or("it refers to a digest that is not there")
    }

    fn text(&self, number: u32) -> Result<String, &'static str> {
        self.reference(number).map(|reference| reference.digest)
    }
}

fn kind(name: KindName) -> Kind {
    match name {
        KindName::Image => Kind::Image,
        KindName::Index => Kind::Index,
        KindName::Unknown => Kind::Unknown,
    }
}
