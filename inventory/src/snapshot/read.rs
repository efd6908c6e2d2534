//! Reading a snapshot. The file may be cut off, of a newer version, or written to mislead: it is an error or an inventory, and an
//! inventory believes nothing either.

use std::borrow::Cow;

use super::line::{ContentLine, DigestLine, KindName, Line, RepositoryLine};
use super::{Snapshot, VERSION};
use crate::id::DigestId;
use crate::instant::Instant;
use crate::inventory::{InternedContent, Inventory, Page};
use crate::record::{Kind, ManifestRow, Reference, RepositoryRow, TagRow};

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

/// The longest line that is read, in bytes: many times that of the largest manifest that a registry accepts.
const LONGEST_LINE: usize = 16 << 20;
/// The longest first line, in bytes: what has none by then is another kind of file.
const LONGEST_HEADER: usize = 64 << 10;

/// Reads a snapshot that is a text.
///
/// # Errors
/// Where the text is not one, is cut off, has a newer version, or contradicts itself.
pub fn read(text: &str) -> Result<Snapshot, SnapshotError> {
    let mut reader = SnapshotReader::default();
    reader.push(text.as_bytes())?;
    reader.finish()
}

/// Reads a snapshot piece by piece, so that neither the file is held whole nor anything else waits until all of it is read.
///
/// ```
/// use acr_inventory::snapshot::{Snapshot, SnapshotReader, write};
/// use acr_inventory::{Instant, Inventory};
///
/// let taken = Instant::from_unix_millis(0);
/// let file = write(&Snapshot { inventory: Inventory::new("contoso.azurecr.io"), taken });
/// let mut reader = SnapshotReader::default();
/// for piece in file.as_bytes().chunks(16) {
///     reader.push(piece)?;
/// }
/// assert_eq!(reader.finish()?.inventory.registry(), "contoso.azurecr.io");
/// # Ok::<(), acr_inventory::snapshot::SnapshotError>(())
/// ```
#[derive(Debug, Default)]
pub struct SnapshotReader {
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    lines: u64,
    /// What the file is read into, before its first line; a new inventory without one.
    start: Option<Inventory>,
    /// What the lines after the first are read into.
    body: Option<Body>,
    is_ended: bool,
}

impl SnapshotReader {
    /// Reads into an inventory that is there: several files make one. Of these the manifests' contents are of use; lists of other registries
    /// are not distinguished.
    #[must_use]
    pub fn extending(inventory: Inventory) -> Self {
        Self { start: Some(inventory), ..Self::default() }
    }

    /// What was read so far, whether or not the file came to its end.
    #[must_use]
    pub fn into_inventory(self) -> Inventory {
        self.body.map(|body| body.inventory).or(self.start).unwrap_or_default()
    }

    /// Reads the next bytes of the file. What follows its last line is ignored.
    ///
    /// # Errors
    /// As [`read`]. A reader that has failed is of no further use.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), SnapshotError> {
        let mut bytes = bytes;
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, following) = bytes.split_at(end);
            bytes = following.get(1..).unwrap_or_default();
            if self.rest.is_empty() {
                self.line(line)?;
            } else {
                self.rest.extend_from_slice(line);
                let line = std::mem::take(&mut self.rest);
                self.line(&line)?;
                self.rest = line;
                self.rest.clear();
            }
        }
        if self.is_ended {
            return Ok(());
        }
        self.rest.extend_from_slice(bytes);
        match self.body {
            None if self.rest.len() > LONGEST_HEADER => Err(SnapshotError::NotASnapshot),
            _ if self.rest.len() > LONGEST_LINE => {
                let reason = format!("it is longer than {} MiB", LONGEST_LINE >> 20);
                Err(SnapshotError::Line { line: self.lines + 1, reason })
            }
            _ => Ok(()),
        }
    }

    /// The snapshot, after the file's last byte.
    ///
    /// # Errors
    /// As [`read`].
    pub fn finish(mut self) -> Result<Snapshot, SnapshotError> {
        if !self.is_ended && (self.body.is_none() || !self.rest.is_empty()) {
            let line = std::mem::take(&mut self.rest);
            self.line(&line)?;
        }
        match self.body {
            Some(body) if self.is_ended => Ok(body.finish()),
            _ => Err(SnapshotError::Truncated(self.lines)),
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), SnapshotError> {
        if self.is_ended {
            return Ok(());
        }
        self.lines += 1;
        let number = self.lines;
        let Some(body) = &mut self.body else {
            let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
            self.body = Some(Body::begin(line, &mut self.start)?);
            return Ok(());
        };
        let refuse = |reason: String| SnapshotError::Line { line: number, reason };
        match serde_json::from_slice::<Line<'_>>(line) {
            Ok(Line::End(end)) if end.lines == number - 1 => self.is_ended = true,
            Ok(Line::End(end)) => return Err(refuse(format!("it promises {} lines before it", end.lines))),
            Ok(line) => body.line(line).map_err(|reason| refuse(reason.to_owned()))?,
            // A line without its end is what a cut-off file looks like.
            Err(error) if error.is_eof() => return Err(SnapshotError::Truncated(number - 1)),
            Err(error) => return Err(refuse(error.to_string())),
        }
        Ok(())
    }
}

/// What some editors put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A newer version may have another first line, as long as it says its version.
fn newer_or_none(first: &[u8]) -> SnapshotError {
    let first: Option<serde_json::Value> = serde_json::from_slice(first).ok();
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

/// What was read of a snapshot so far.
#[derive(Debug)]
struct Body {
    inventory: Inventory,
    taken: Instant,
    catalog_gap: Option<String>,
    /// The digests in the order of their lines, whose numbers the other lines use.
    digests: Vec<DigestId>,
    repositories: Vec<String>,
    open: Option<OpenRepository>,
}

#[derive(Debug)]
struct OpenRepository {
    name: String,
    tag_gap: Option<String>,
    manifest_gap: Option<String>,
    tags: Vec<TagRow>,
    manifests: Vec<ManifestRow>,
}

impl Body {
    /// Begins with the first line of the file.
    fn begin(first: &[u8], start: &mut Option<Inventory>) -> Result<Self, SnapshotError> {
        let Ok(Line::AcrInventory(header)) = serde_json::from_slice(first) else {
            return Err(newer_or_none(first));
        };
        if header.version > VERSION {
            return Err(SnapshotError::NewerVersion(header.version));
        }
        Ok(Self {
            inventory: start.take().unwrap_or_else(|| Inventory::new(&header.registry)),
            taken: Instant::parse(&header.taken).unwrap_or_default(),
            catalog_gap: header.catalog_gap.map(Cow::into_owned),
            digests: Vec::new(),
            repositories: Vec::new(),
            open: None,
        })
    }

    fn finish(mut self) -> Snapshot {
        self.close();
        if let Some(page) = page(std::mem::take(&mut self.repositories), self.catalog_gap) {
            self.inventory.read_catalog(&page);
        }
        Snapshot { inventory: self.inventory, taken: self.taken }
    }

    fn line(&mut self, line: Line<'_>) -> Result<(), &'static str> {
        match line {
            Line::Digest(line) => self.digest(&line),
            Line::Content(line) => self.content(&line),
            Line::DiffId(line) => {
                let (layer, content) = (self.id(line.layer)?, self.id(line.content)?);
                self.inventory.restore_diff_id(layer, content);
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
        let id = self.inventory.restore_digest(&reference, line.disputed).ok_or("its digest is invalid")?;
        if line.unreadable {
            self.inventory.mark_unreadable(&line.digest);
        }
        self.digests.push(id);
        Ok(())
    }

    fn content(&mut self, line: &ContentLine<'_>) -> Result<(), &'static str> {
        let ids = |numbers: &[u32]| numbers.iter().map(|number| self.id(*number)).collect::<Result<_, _>>();
        let content = InternedContent {
            kind: kind(line.kind),
            size: line.size,
            blobs: ids(&line.blobs)?,
            has_config: line.config,
            children: ids(&line.children)?,
            subject: line.subject.map(|number| self.id(number)).transpose()?,
            base: match &line.base {
                Some((name, digest)) => Some((name, self.id(*digest)?)),
                None => None,
            },
        };
        let digest = self.id(line.digest)?;
        self.inventory.put_content(digest, &content);
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

    fn id(&self, number: u32) -> Result<DigestId, &'static str> {
        self.digests.get(number as usize).copied().ok_or("it refers to a digest that is not there")
    }

    fn text(&self, number: u32) -> Result<String, &'static str> {
        self.id(number).map(|id| self.inventory.digest_text(id))
    }
}

fn kind(name: KindName) -> Kind {
    match name {
        KindName::Image => Kind::Image,
        KindName::Index => Kind::Index,
        KindName::Unknown => Kind::Unknown,
    }
}
