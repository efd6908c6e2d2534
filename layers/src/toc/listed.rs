//! An entry of a table of contents, in whichever format.

use super::time::unix_seconds;
use crate::entry::{Entry, EntryKind, Span};
use crate::error::LayerError;
use crate::layer::Layer;
use crate::limits::Limits;
use crate::path::{WhiteoutName, sanitize};

/// What tables of contents say of an entry.
pub(super) struct Listed<'a> {
    pub(super) path: &'a [u8],
    /// `reg`, `dir` and so on: both formats have the same words.
    pub(super) kind: &'a [u8],
    pub(super) link: &'a [u8],
    pub(super) size: u64,
    pub(super) data_at: u64,
    pub(super) mode: u32,
    pub(super) owner: (u32, u32),
    /// RFC 3339.
    pub(super) modified: &'a str,
    pub(super) device: (u32, u32),
}

impl Listed<'_> {
    /// Adds the entry to a layer, unless it is metadata that is not listed. Returns whether it was added.
    pub(super) fn add_to(&self, layer: &mut Layer, limits: &Limits) -> Result<bool, LayerError> {
        if self.path.len().max(self.link.len()) as u64 > limits.path_bytes {
            return Err(LayerError::NameLength { at: self.data_at, limit: limits.path_bytes });
        }
        let sanitized = sanitize(self.path);
        let kind = match WhiteoutName::of_path(&sanitized.components) {
            WhiteoutName::No => self.kind(),
            WhiteoutName::Opaque => EntryKind::OpaqueDirectory,
            WhiteoutName::LinkSource if self.kind() == EntryKind::File => EntryKind::File,
            WhiteoutName::Metadata | WhiteoutName::LinkSource => return Ok(false),
            WhiteoutName::File(_) | WhiteoutName::Invalid => EntryKind::Whiteout,
        };
        let node = layer.insert_path(&sanitized.components, limits)?;
        if layer.entries.len() as u64 >= limits.entries {
            return Err(LayerError::EntryCount { limit: limits.entries });
        }
        let is_link = matches!(kind, EntryKind::SymbolicLink | EntryKind::HardLink);
        let link = if is_link { layer.insert_link(self.link, limits)? } else { Span::default() };
        let size = if kind == EntryKind::File { self.size } else { 0 };
        let is_device = matches!(kind, EntryKind::CharacterDevice | EntryKind::BlockDevice);
        layer.add_entry(Entry {
            kind,
            mode: (self.mode & 0o7777) as u16,
            uid: self.owner.0,
            gid: self.owner.1,
            size,
            stored: size,
            mtime: unix_seconds(self.modified).unwrap_or(0),
            data_at: self.data_at,
            fingerprint: 0,
            device: is_device.then_some(self.device),
            node: node.0,
            link,
        });
        Ok(true)
    }

    fn kind(&self) -> EntryKind {
        match self.kind {
            b"dir" => EntryKind::Directory,
            b"symlink" => EntryKind::SymbolicLink,
            b"hardlink" => EntryKind::HardLink,
            b"char" => EntryKind::CharacterDevice,
            b"block" => EntryKind::BlockDevice,
            b"fifo" => EntryKind::Fifo,
            _ => EntryKind::File,
        }
    }
}
