//! What is known of one entry of a layer.

use serde::{Deserialize, Serialize};

use crate::archive::seek::SeekPoint;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    SymbolicLink,
    /// Another name of a file. The content is stored with the first name.
    HardLink,
    /// A character device.
    CharacterDevice,
    /// A block device.
    BlockDevice,
    /// A named pipe.
    Fifo,
    /// A whiteout (`.wh.NAME`): removes NAME of the layers below.
    Whiteout,
    /// An opaque directory (`.wh..wh..opq`): removes what the layers below have in the directory.
    OpaqueDirectory,
}

impl EntryKind {
    pub(crate) const ALL: [Self; 9] = [
        Self::File,
        Self::Directory,
        Self::SymbolicLink,
        Self::HardLink,
        Self::CharacterDevice,
        Self::BlockDevice,
        Self::Fifo,
        Self::Whiteout,
        Self::OpaqueDirectory,
    ];

    /// Whether the entry only removes what layers below have.
    #[must_use]
    pub fn is_whiteout(self) -> bool {
        matches!(self, Self::Whiteout | Self::OpaqueDirectory)
    }
}

/// The place of an entry in its layer, in the order of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryId(pub(crate) u32);

impl EntryId {
    /// The place, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An entry's metadata. Its path and its link's target are in the [`Layer`](crate::Layer).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the entry is.
    pub kind: EntryKind,
    /// Permission bits, with setuid, setgid and sticky: at most 0o7777.
    pub mode: u16,
    /// The owner's number. Numbers above 32 bits are truncated to the largest.
    pub uid: u32,
    /// The group's number.
    pub gid: u32,
    /// Bytes of the file, including the holes of a sparse one; 0 for everything else.
    pub size: u64,
    /// Bytes stored in the archive: `size` without the holes of a sparse file.
    pub stored: u64,
    /// Time of the last modification, in seconds since 1970-01-01 UTC.
    pub mtime: i64,
    /// Offset of the content in the uncompressed archive.
    pub data_at: u64,
    /// Keyed hash of the stored content, where the layer was read with a
    /// [`FingerprintKey`](crate::FingerprintKey). Zero for entries without content.
    pub fingerprint: u64,
    /// Major and minor number of a device.
    pub device: Option<(u32, u32)>,
    pub(crate) node: u32,
    pub(crate) link: Span,
}

/// A slice of a layer's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

/// What it costs to open a file of a layer, and where its bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// First byte of the compressed layer to request.
    pub start: u64,
    /// End of the range, exclusive; `None` where nothing is known but that the layer's end suffices.
    pub end: Option<u64>,
    pub(crate) point: SeekPoint,
}

impl Location {
    /// Offset in the uncompressed archive of the first byte that the range decompresses to.
    #[must_use]
    pub fn uncompressed_start(&self) -> u64 {
        self.point.uncompressed
    }

    /// The value of a `Range` header (RFC 9110, section 14.2).
    #[must_use]
    pub fn range_header(&self) -> String {
        match self.end {
            Some(end) => format!("bytes={}-{}", self.start, end.saturating_sub(1).max(self.start)),
            None => format!("bytes={}-", self.start),
        }
    }
}
