//! What can be wrong with a layer: errors end its reading, warnings do not.

use serde::{Deserialize, Serialize};

/// Why a layer could not be read to its end. Everything read before the error stays available in the layer.
///
/// Offsets are bytes from the start of the uncompressed archive, unless they are named otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LayerError {
    /// The content does not start with a tar header.
    #[error("the content is not a tar archive")]
    NotAnArchive,
    /// The content is compressed in a format that OCI layers do not use.
    #[error("{0} compression is not supported")]
    UnsupportedCompression(String),
    /// The layer is encrypted (`+encrypted` media types of ocicrypt); its key is not available here.
    #[error("the layer is encrypted")]
    Encrypted,
    /// The layer is not distributed by the registry (foreign or non-distributable media types).
    #[error("the layer is not stored in the registry; it is distributed by {}", .urls.first().map_or("its publisher", String::as_str))]
    Foreign {
        /// Where the manifest says the layer can be downloaded.
        urls: Vec<String>,
    },
    /// The compressed data is invalid.
    #[error("invalid {format} data at byte {at} of the layer: {reason}")]
    Compression {
        /// `gzip` or `zstd`.
        format: String,
        /// Offset in the compressed bytes, as near to the fault as is known.
        at: u64,
        /// What is invalid.
        reason: String,
    },
    /// The checksum that the compression format carries does not match the content.
    #[error("the {format} checksum does not match the content that ends at byte {at} of the layer")]
    ContentChecksum {
        /// `gzip` or `zstd`.
        format: String,
        /// Offset in the compressed bytes.
        at: u64,
    },
    /// The bytes ended inside of the compressed stream or of an entry.
    #[error("the layer ends early, after {at} bytes of its archive")]
    Truncated {
        /// Uncompressed bytes that were read.
        at: u64,
    },
    /// A tar header has a checksum that does not match.
    #[error("the header at byte {at} of the archive has an invalid checksum")]
    HeaderChecksum {
        /// Offset of the header.
        at: u64,
    },
    /// A tar header has a matching checksum and a field that is invalid.
    #[error("the header at byte {at} of the archive has an invalid {field}")]
    Header {
        /// Offset of the header.
        at: u64,
        /// The field's name, as POSIX and GNU tar name it.
        field: String,
    },
    /// The uncompressed size exceeds [`Limits::uncompressed_bytes`](crate::Limits::uncompressed_bytes).
    #[error("the layer is larger than {limit} bytes uncompressed")]
    UncompressedSize {
        /// The limit in bytes.
        limit: u64,
    },
    /// The compression ratio exceeds [`Limits::ratio`](crate::Limits::ratio): a decompression bomb.
    #[error("{compressed} bytes decompress to more than {uncompressed} bytes, a ratio above {limit}")]
    Ratio {
        /// Compressed bytes read.
        compressed: u64,
        /// Uncompressed bytes made of them.
        uncompressed: u64,
        /// The limit.
        limit: u64,
    },
    /// There are more entries, or more directories on their paths, than [`Limits::entries`](crate::Limits::entries).
    #[error("the layer has more than {limit} entries")]
    EntryCount {
        /// The limit.
        limit: u64,
    },
    /// A path, or the extended header that holds it, is longer than the limit.
    #[error("the entry at byte {at} of the archive has a name or extended header of more than {limit} bytes")]
    NameLength {
        /// Offset of the header.
        at: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The names, link targets and sparse maps take more than [`Limits::metadata_bytes`](crate::Limits::metadata_bytes).
    #[error("the names and links of the layer take more than {limit} bytes")]
    MetadataSize {
        /// The limit in bytes.
        limit: u64,
    },
    /// The digest of the bytes is not the one of the manifest.
    #[error("the content does not match its digest: expected {expected}, got {actual}")]
    DigestMismatch {
        /// The manifest's digest.
        expected: String,
        /// The digest of the bytes that were read.
        actual: String,
    },
    /// The digest of the uncompressed bytes is not the diff ID of the image's configuration.
    #[error("the uncompressed content does not match its diff ID: expected {expected}, got {actual}")]
    DiffIdMismatch {
        /// The configuration's `rootfs.diff_ids` entry.
        expected: String,
        /// The digest of the uncompressed bytes.
        actual: String,
    },
    /// The digest has an algorithm other than sha256 and sha512, or is not a digest.
    #[error("the digest {0:?} is not supported")]
    UnsupportedDigest(String),
    /// The bytes stopped arriving: the connection was lost, or the registry throttled or canceled the transfer.
    #[error("the transfer stopped: {0}")]
    Interrupted(String),
    /// A table of contents (eStargz, SOCI) or a stored index is invalid.
    #[error("invalid {format}: {reason}")]
    Index {
        /// What was read.
        format: String,
        /// What is invalid.
        reason: String,
    },
}

/// What is unusual about an entry, with its place. Reading goes on after a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What is unusual.
    pub kind: WarningKind,
    /// The entry's path as the archive has it; bytes that are not UTF-8 are replaced, and a path of more than 4096 bytes
    /// is cut.
    pub path: String,
    /// Offset of the entry's header in the uncompressed archive, in bytes.
    pub at: u64,
}

/// Most bytes of a path in a warning: as many as Linux accepts in a path.
const WARNING_PATH: usize = 4096;

impl Warning {
    pub(crate) fn new(kind: WarningKind, path: &[u8], at: u64) -> Self {
        let path = path.get(..WARNING_PATH).unwrap_or(path);
        Self { kind, path: String::from_utf8_lossy(path).into_owned(), at }
    }
}

/// The kinds of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum WarningKind {
    /// The path had `..` components; they were resolved within the image's root.
    ParentPath,
    /// The path was absolute; it is taken relative to the image's root.
    AbsolutePath,
    /// The path has bytes that are not UTF-8. The bytes are kept.
    NotUtf8,
    /// The path contains a NUL byte, which no file system can store.
    NulInName,
    /// The path has a name of more than 255 bytes, which file systems of Linux cannot store.
    LongName,
    /// The path repeats one of an earlier entry of the same layer; the later entry wins.
    Duplicate,
    /// The entry has a type that is not known. It is listed as a file.
    UnknownType,
    /// A field of the entry's header is invalid. It was ignored; size and place of the content are not in doubt.
    InvalidField,
    /// A hard link whose target does not exist before it.
    MissingLinkTarget,
    /// A whiteout that names no file.
    InvalidWhiteout,
    /// The path leads through a file that is not a directory, or through too many symbolic links.
    NotADirectory,
    /// The image has more paths than can be counted; this one is left out.
    TooManyPaths,
    /// The archive does not end with two zero blocks.
    MissingEnd,
    /// There is data after the end of the archive, which extracting tools ignore.
    TrailingData,
    /// A sparse file's map is invalid; its content cannot be opened.
    InvalidSparseMap,
    /// A package database could not be read, in part or completely.
    PackageDatabase,
}

impl WarningKind {
    /// A sentence for people.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::ParentPath => "The path contains “..”. It was resolved within the image’s root.",
            Self::AbsolutePath => "The path is absolute. It was read relative to the image’s root.",
            Self::NotUtf8 => "The name is not valid UTF-8.",
            Self::NulInName => "The name contains a NUL byte.",
            Self::LongName => "The path has a name of more than 255 bytes, which Linux cannot store.",
            Self::Duplicate => "The layer contains this path more than once. The last entry wins.",
            Self::UnknownType => "The entry’s type is unknown. It is listed as a file.",
            Self::InvalidField => "A field of the entry’s header is invalid and was ignored.",
            Self::MissingLinkTarget => "The hard link’s target does not exist.",
            Self::InvalidWhiteout => "The whiteout names no file.",
            Self::NotADirectory => "The path leads through something that is not a directory.",
            Self::TooManyPaths => "The image has too many paths. This one was left out.",
            Self::MissingEnd => "The archive has no end marker.",
            Self::TrailingData => "There is data after the end of the archive.",
            Self::InvalidSparseMap => "The sparse file’s map is invalid.",
            Self::PackageDatabase => "The package database could not be read completely.",
        }
    }
}
