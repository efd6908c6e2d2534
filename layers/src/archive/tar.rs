//! A push parser of tar archives: bytes go in as they arrive, entries and their content come out.
//!
//! Formats: POSIX ustar and PAX, GNU (long names, sparse files of every version), and Unix V7. Where they leave room,
//! it reads as Go's `archive/tar`, since that is what container runtimes extract with.

use super::header::{BLOCK, Header, text};
use super::pax::Pax;
use super::sparse::{GnuMap, MAX_SEGMENTS, Segment, is_valid, leading_map};
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
    pub(crate) uid: u64,
    pub(crate) gid: u64,
    pub(crate) mtime: i64,
    /// Bytes of the file, with the holes of a sparse one.
    pub(crate) size: u64,
    /// Bytes in the archive.
    pub(crate) stored: u64,
    pub(crate) device: (u32, u32),
    pub(crate) sparse: Option<Vec<Segment>>,
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
        content: Vec<u8>,
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
    global: Pax,
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
            global: Pax::default(),
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
            State::Extended { left, content, .. } => {
                let data = at_most(input, *left);
                content.extend_from_slice(data);
                *left -= data.len() as u64;
                if *left == 0 {
                    self.end_extended()?;
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
            State::SparseMap { entry, content } => self.sparse_map(entry, content, end, sink),
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
            let limit = self.limits.extended_header_bytes;
            if header.size > limit {
                return Err(LayerError::NameLength { at, limit });
            }
            self.state =
                State::Extended { type_flag: header.type_flag, left: header.size, content: Vec::new() };
            return if header.size == 0 { self.end_extended() } else { Ok(()) };
        }
        self.entry(header, at, end, sink)
    }

    fn end_extended(&mut self) -> Result<(), LayerError> {
        let State::Extended { type_flag, content, .. } = std::mem::replace(&mut self.state, State::Header)
        else {
            return Ok(());
        };
        self.padding = padding(content.len() as u64);
        let invalid = LayerError::Header { at: self.position, field: "extended header record".to_owned() };
        match type_flag {
            b'L' => self.long_name = Some(text(&content).to_vec()),
            b'K' => self.long_link = Some(text(&content).to_vec()),
            b'g' => self.global.read(&content).ok_or(invalid)?,
            _ => self.pax.get_or_insert_with(|| self.global.clone()).read(&content).ok_or(invalid)?,
        }
        Ok(())
    }

    fn entry(&mut self, header: Header, at: u64, end: u64, sink: &mut dyn Sink) -> Result<(), LayerError> {
        let pax = self.pax.take().unwrap_or_else(|| self.global.clone());
        let path = [pax.sparse.name.clone(), pax.path, self.long_name.take()].into_iter().flatten().next();
        let link = [pax.link, self.long_link.take()].into_iter().flatten().next();
        let path = path.unwrap_or(header.name);
        let (kind, known) = kind(header.type_flag, &path);
        let stored = if kind == EntryKind::File { pax.size.unwrap_or(header.size) } else { 0 };
        if stored > i64::MAX as u64 / 2 {
            return Err(LayerError::Header { at, field: "size".to_owned() });
        }
        let link = link.unwrap_or(header.link);
        let limit = self.limits.path_bytes;
        if path.len() as u64 > limit || link.len() as u64 > limit {
            return Err(LayerError::NameLength { at, limit });
        }
        if !known {
            sink.warn(WarningKind::UnknownType, &path, at);
        }
        let mut entry = Box::new(TarEntry {
            path,
            link,
            kind,
            mode: header.mode,
            uid: pax.uid.unwrap_or(header.uid),
            gid: pax.gid.unwrap_or(header.gid),
            mtime: pax.mtime.unwrap_or(header.mtime),
            size: stored,
            stored,
            device: header.device,
            sparse: None,
            data_at: end,
            header_at: at,
        });
        if kind == EntryKind::File && pax.sparse.is_sparse {
            entry.size = pax.sparse.size.unwrap_or(stored);
            if pax.sparse.major == Some(1) {
                self.state = State::SparseMap { entry, content: Vec::new() };
                return Ok(());
            }
            entry.sparse = Some(pax.sparse.map);
        }
        if header.type_flag == b'S' {
            let map = header.gnu.as_deref().and_then(GnuMap::from_header);
            let map = map.ok_or_else(|| LayerError::Header { at, field: "sparse map".to_owned() })?;
            entry.size = map.real_size.unwrap_or(stored);
            entry.sparse = Some(map.segments);
            if map.extended {
                self.state = State::SparseExtension(entry);
                return Ok(());
            }
        }
        self.emit(*entry, sink)
    }

    fn sparse_extension(
        &mut self,
        mut entry: Box<TarEntry>,
        end: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), LayerError> {
        let invalid = LayerError::Header { at: end - BLOCK as u64, field: "sparse map".to_owned() };
        let map = GnuMap::from_extension(&self.block).ok_or(invalid.clone())?;
        let segments = entry.sparse.get_or_insert_default();
        segments.extend(map.segments);
        if segments.len() > MAX_SEGMENTS {
            return Err(invalid);
        }
        entry.data_at = end;
        if map.extended {
            self.state = State::SparseExtension(entry);
            return Ok(());
        }
        self.emit(*entry, sink)
    }

    fn sparse_map(
        &mut self,
        mut entry: Box<TarEntry>,
        mut content: Vec<u8>,
        end: u64,
        sink: &mut dyn Sink,
    ) -> Result<(), LayerError> {
        content.extend_from_slice(&self.block);
        let read = content.len() as u64;
        match leading_map(&content) {
            None if read < self.limits.extended_header_bytes && read < entry.stored => {
                self.state = State::SparseMap { entry, content };
                return Ok(());
            }
            Some(Some(map)) => entry.sparse = Some(map),
            // The validity check fails, and the content cannot be opened.
            None | Some(None) => entry.sparse = Some(Vec::new()),
        }
        if read > entry.stored {
            return Err(LayerError::Header { at: entry.header_at, field: "sparse map".to_owned() });
        }
        entry.stored -= read;
        entry.data_at = end;
        self.emit(*entry, sink)
    }

    /// Hands the entry to the sink and goes on with its content.
    fn emit(&mut self, entry: TarEntry, sink: &mut dyn Sink) -> Result<(), LayerError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(LayerError::EntryCount { limit: self.limits.entries });
        }
        if entry.sparse.as_ref().is_some_and(|map| !is_valid(map, entry.size, entry.stored)) {
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

fn kind(type_flag: u8, path: &[u8]) -> (EntryKind, bool) {
    let kind = match type_flag {
        // Unix V7 marks directories by a slash.
        0 | b'0' if path.ends_with(b"/") => EntryKind::Directory,
        0 | b'0' | b'7' | b'S' => EntryKind::File,
        b'1' => EntryKind::HardLink,
        b'2' => EntryKind::SymbolicLink,
        b'3' => EntryKind::CharacterDevice,
        b'4' => EntryKind::BlockDevice,
        b'5' | b'D' => EntryKind::Directory,
        b'6' => EntryKind::Fifo,
        _ => return (EntryKind::File, false),
    };
    (kind, true)
}

fn at_most(input: &[u8], limit: u64) -> &[u8] {
    let length = usize::try_from(limit).unwrap_or(usize::MAX).min(input.len());
    input.get(..length).unwrap_or_default()
}

/// Bytes between a position, or the end of content of a size, and the next block.
fn padding(size: u64) -> u64 {
    size.next_multiple_of(BLOCK as u64) - size
}
