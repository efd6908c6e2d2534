//! A push parser of tar archives: bytes go in as they arrive, entries and their content come out.
//!
//! Formats: POSIX ustar and PAX, GNU (long names, sparse files of every version), and Unix V7. Where they leave room,
//! it reads as Go's `archive/tar`, since that is what container runtimes extract with: an extended header replaces the
//! one before it, global ones are ignored, and only a type of NUL makes a directory of a name that ends with a slash.
//!
//! What ends the reading is what leaves the place of the next header unknown: a checksum that does not match, the size
//! of an entry with content, and records of an extended header that cannot be told apart. Any other field that is
//! invalid has its default, with a warning, and the entries after it are read.

use super::header::{BLOCK, Header, Kind, text};
use super::pax::Pax;
use super::sparse::{GnuMap, LeadingMap, MAX_SEGMENTS, Segment, is_valid};
use crate::entry::EntryKind;
use crate::error::{LayerError, WarningKind};
use crate::limits::Limits;

/// An entry as its headers describe it.
#[derive(Debug)]
pub(crate) struct TarEntry {
    pub(crate) path: Vec<u8>,
    pub(crate) link: Vec<u8>,
    pub(crate) kind: EntryKind,
    pub(crate) mode: u32,
    pub(crate) uid: i64,
    pub(crate) gid: i64,
    pub(crate) mtime: i64,
    /// Bytes of the file, with the holes of a sparse one.
    pub(crate) size: u64,
    /// Bytes in the archive.
    pub(crate) stored: u64,
    pub(crate) device: (u32, u32),
    pub(crate) sparse: Option<Vec<Segment>>,
    /// Whether a part of the map could not be read.
    pub(crate) map_is_invalid: bool,
    /// Offset of the content in the archive.
    pub(crate) data_at: u64,
    /// Offset of the header that the entry's own fields come from.
    pub(crate) header_at: u64,
}

/// Receives what the parser finds, in the order of the archive.
pub(crate) trait Sink {
    fn entry(&mut self, entry: TarEntry) -> Result<(), LayerError>;
    /// Content of the last entry.
    fn data(&mut self, bytes: &[u8]);
    /// The last entry's content is complete.
    fn end_entry(&mut self);
    fn warn(&mut self, kind: WarningKind, path: &[u8], at: u64);
}

enum State {
    Header,
    /// Content of an extended header of the type; then padding.
    Extended {
        type_flag: u8,
        left: u64,
        content: Vec<u8>,
    },
    /// Extension blocks of a GNU sparse header.
    SparseExtension(Box<TarEntry>),
    /// The map before the data of a sparse file of PAX format 1.0.
    SparseMap {
        entry: Box<TarEntry>,
        map: LeadingMap,
    },
    Data {
        left: u64,
    },
    End,
}

/// The parser.
pub(crate) struct TarParser {
    state: State,
    block: [u8; BLOCK],
    filled: usize,
    /// Padding to skip before the state goes on.
    padding: u64,
    position: u64,
    entries: u64,
    zero_blocks: u32,
    trailing: bool,
    pax: Option<Pax>,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
    limits: Limits,
}

impl TarParser {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            state: State::Header,
            block: [0; BLOCK],
            filled: 0,
            padding: 0,
            position: 0,
            entries: 0,
            zero_blocks: 0,
            trailing: false,
            pax: None,
            long_name: None,
            long_link: None,
            limits,
        }
    }

    /// Reads the next bytes of the archive.
    pub(crate) fn push(&mut self, mut input: &[u8], sink: &mut dyn Sink) -> Result<(), LayerError> {
        while !input.is_empty() {
            let used = if self.padding > 0 {
                let used = at_most(input, self.padding).len();
                self.padding -= used as u64;
                used
            } else {
                self.step(input, sink)?
            };
            self.position += used as u64;
            input = input.get(used..).unwrap_or_default();
        }
        Ok(())
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// [`LayerError::Truncated`] within an entry, and for content of no bytes.
    pub(crate) fn finish(&mut self, sink: &mut dyn Sink) -> Result<(), LayerError> {
        let at_end = matches!(self.state, State::End);
        let between = matches!(self.state, State::Header) && self.filled == 0 && self.padding == 0;
        let pending = self.pax.is_some() || self.long_name.is_some() || self.long_link.is_some();
        if !at_end && self.entries == 0 && self.position > 0 && self.position < BLOCK as u64 {
            return Err(LayerError::NotAnArchive);
        }
        if !at_end && (!between || pending || self.position == 0) {
            return Err(LayerError::Truncated { at: self.position });
        }
        if !at_end {
            sink.warn(WarningKind::MissingEnd, b"", self.position);
        }
        Ok(())
    }

    fn step(&mut self, input: &[u8], sink: &mut dyn Sink) -> Result<usize, LayerError> {
        match &mut self.state {
            State::End => {
                if !self.trailing && input.iter().any(|byte| *byte != 0) {
                    self.trailing = true;
                    sink.warn(WarningKind::TrailingData, b"", self.position);
                }
                Ok(input.len())
            }
            State::Data { left } => {
                let data = at_most(input, *left);
                sink.data(data);
                *left -= data.len() as u64;
                if *left == 0 {
                    sink.end_entry();
                    self.state = State::Header;
                    self.padding = padding(self.position + data.len() as u64);
                }
                Ok(data.len())
            }
            State::Extended { type_flag, left, content } => {
                let data = at_most(input, *left);
                if *type_flag != b'g' {
                    content.extend_from_slice(data);
                }
                *left -= data.len() as u64;
                if *left == 0 {
                    self.end_extended(self.position + data.len() as u64)?;
                }
                Ok(data.len())
            }
            State::Header | State::SparseExtension(_) | State::SparseMap { .. } => {
                let missing = BLOCK - self.filled;
                let data = at_most(input, missing as u64);
                if let Some(space) = self.block.get_mut(self.filled..self.filled + data.len()) {
                    space.copy_from_slice(data);
                }
                self.filled += data.len();
                if self.filled == BLOCK {
                    self.filled = 0;
                    self.block(self.position + data.len() as u64, sink)?;
                }
                Ok(data.len())
            }
        }
    }

    /// Handles a complete block that ends at `end`.
    fn block(&mut self, end: u64, sink: &mut dyn Sink) -> Result<(), LayerError> {
        match std::mem::replace(&mut self.state, State::Header) {
            State::SparseExtension(entry) => self.sparse_extension(entry, end, sink),
            State::SparseMap { entry, map } => self.sparse_map(entry, map, end, sink),
            _ => self.header(end, sink),
        }
    }

    fn header(&mut self, end: u64, sink: &mut dyn Sink) -> Result<(), LayerError> {
        if self.block.iter().all(|byte| *byte == 0) {
            self.zero_blocks += 1;
            self.state = if self.zero_blocks == 2 { State::End } else { State::Header };
            return Ok(());
        }
        self.zero_blocks = 0;
        let at = end - BLOCK as u64;
        let header = Header::parse(&self.block, at)?;
        if let b'x' | b'X' | b'g' | b'L' | b'K' = header.type_flag {
            let left = header.size.ok_or_else(|| invalid_size(at))?;
            let limit = self.limits.extended_header_bytes;
            if left > limit && header.type_flag != b'g' {
                return Err(LayerError::NameLength { at, limit });
            }
            self.state = State::Extended { type_flag: header.type_flag, left, content: Vec::new() };
            return if left == 0 { self.end_extended(end) } else { Ok(()) };
        }
        self.entry(header, at, end, sink)
    }

    /// Takes what an extended header says, whose content ends at `end`.
    fn end_extended(&mut self, end: u64) -> Result<(), LayerError> {
        let State::Extended { type_flag, content, .. } = std::mem::replace(&mut self.state, State::Header)
        else {
            return Ok(());
        };
        self.padding = padding(end);
        match type_flag {
            b'L' => self.long_name = Some(text(&content).to_vec()),
            b'K' => self.long_link = Some(text(&content).to_vec()),
            // Go ends an entry's extended headers here.
            b'g' => (self.pax, self.long_name, self.long_link) = (None, None, None),
            _ => {
                let field = "extended header record".to_owned();
                let invalid = LayerError::Header { at: self.position, field };
                self.pax = Some(Pax::read(&content).ok_or(invalid)?);
            }
        }
        Ok(())
    }

    fn entry(&mut self, header: Header, at: u64, end: u64, sink: &mut dyn Sink) -> Result<(), LayerError> {
        let pax = self.pax.take().unwrap_or_default();
        // The order of Go's `archive/tar`, which container runtimes unpack with: an extended header of GNU tar wins over one of PAX.
        let sparse_name =
            pax.sparse.name.filter(|_| pax.sparse.major.is_some() || !pax.sparse.map.is_empty());
        let path = [sparse_name, self.long_name.take(), pax.path].into_iter().flatten().next();
        let path = path.unwrap_or(header.name);
        let link = [self.long_link.take(), pax.link].into_iter().flatten().next().unwrap_or(header.link);
        let kind = Kind::of(header.type_flag, &path);
        let stored = if kind.has_content { pax.size.or(header.size) } else { Some(0) };
        let stored = stored.filter(|size| *size <= i64::MAX as u64 / 2).ok_or_else(|| invalid_size(at))?;
        let limit = self.limits.path_bytes;
        if path.len() as u64 > limit || link.len() as u64 > limit {
            return Err(LayerError::NameLength { at, limit });
        }
        if !kind.is_known {
            sink.warn(WarningKind::UnknownType, &path, at);
        }
        if header.has_invalid_field || pax.has_invalid_field {
            sink.warn(WarningKind::InvalidField, &path, at);
        }
        let mut entry = Box::new(TarEntry {
            path,
            link,
            kind: kind.kind,
            mode: header.mode,
            uid: pax.uid.unwrap_or(header.uid),
            gid: pax.gid.unwrap_or(header.gid),
            mtime: pax.mtime.unwrap_or(header.mtime),
            size: stored,
            stored,
            device: header.device,
            sparse: None,
            map_is_invalid: pax.sparse.invalid,
            data_at: end,
            header_at: at,
        });
        if kind.kind == EntryKind::File && pax.sparse.is_sparse {
            entry.size = pax.sparse.size.unwrap_or(stored);
            if pax.sparse.major == Some(1) && stored > 0 {
                self.state = State::SparseMap { entry, map: LeadingMap::default() };
                return Ok(());
            }
            entry.sparse = Some(pax.sparse.map);
        }
        if header.type_flag == b'S' {
            return self.sparse_header(header.gnu.as_deref(), entry, sink);
        }
        self.emit(*entry, sink)
    }

    /// Takes the map that a GNU sparse header starts with.
    fn sparse_header(
        &mut self,
        fields: Option<&[u8]>,
        mut entry: Box<TarEntry>,
        sink: &mut dyn Sink,
    ) -> Result<(), LayerError> {
        let map = fields.and_then(GnuMap::from_header);
        let real_size = map.as_ref().and_then(|map| map.real_size);
        entry.map_is_invalid |= real_size.is_none();
        entry.size = real_size.unwrap_or(entry.stored);
        self.extend_map(map, entry, sink)
    }

    fn sparse_extension(
        &mut self,
        mut entry: Box<TarEntry>,
        end: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), LayerError> {
        entry.data_at = end;
        self.extend_map(GnuMap::from_extension(&self.block), entry, sink)
    }

    /// Adds a part of a GNU sparse map, and waits for the next where it says so.
    fn extend_map(
        &mut self,
        part: Option<GnuMap>,
        mut entry: Box<TarEntry>,
        sink: &mut dyn Sink,
    ) -> Result<(), LayerError> {
        let extended = part.as_ref().is_some_and(|part| part.extended);
        let map = entry.sparse.get_or_insert_default();
        match part.and_then(|part| part.segments) {
            Some(segments) if map.len() + segments.len() <= MAX_SEGMENTS => map.extend(segments),
            _ => entry.map_is_invalid = true,
        }
        if extended {
            self.state = State::SparseExtension(entry);
            return Ok(());
        }
        self.emit(*entry, sink)
    }

    fn sparse_map(
        &mut self,
        mut entry: Box<TarEntry>,
        mut map: LeadingMap,
        end: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), LayerError> {
        match map.push(&self.block) {
            Some(false) if map.read < self.limits.extended_header_bytes && map.read < entry.stored => {
                self.state = State::SparseMap { entry, map };
                return Ok(());
            }
            Some(true) => entry.sparse = Some(map.segments()),
            Some(false) | None => entry.map_is_invalid = true,
        }
        // The last block is read completely, padding included.
        entry.stored = entry.stored.saturating_sub(map.read);
        entry.data_at = end;
        self.emit(*entry, sink)
    }

    /// Hands the entry to the sink and goes on with its content.
    fn emit(&mut self, mut entry: TarEntry, sink: &mut dyn Sink) -> Result<(), LayerError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(LayerError::EntryCount { limit: self.limits.entries });
        }
        let is_invalid = |map: &Vec<Segment>| !is_valid(map, entry.size, entry.stored);
        if entry.map_is_invalid || entry.sparse.as_ref().is_some_and(is_invalid) {
            // Without parts, nothing of the stored bytes passes for the file's content.
            entry.sparse = Some(Vec::new());
            sink.warn(WarningKind::InvalidSparseMap, &entry.path, entry.header_at);
        }
        let left = entry.stored;
        sink.entry(entry)?;
        if left == 0 {
            sink.end_entry();
            self.state = State::Header;
        } else {
            self.state = State::Data { left };
        }
        Ok(())
    }
}

fn invalid_size(at: u64) -> LayerError {
    LayerError::Header { at, field: "size".to_owned() }
}

fn at_most(input: &[u8], limit: u64) -> &[u8] {
    let length = usize::try_from(limit).unwrap_or(usize::MAX).min(input.len());
    input.get(..length).unwrap_or_default()
}

/// Bytes between a position, or the end of content of a size, and the next block.
fn padding(size: u64) -> u64 {
    size.next_multiple_of(BLOCK as u64) - size
}
