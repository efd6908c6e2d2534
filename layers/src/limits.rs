//! The limits that keep a hostile layer from exhausting memory or time.

/// What a reader accepts. The defaults fit images in use; a user who trusts a layer can raise them
/// ([`Limits::unlimited`] for the size and the ratio).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most uncompressed bytes of a layer.
    pub uncompressed_bytes: u64,
    /// Highest ratio of uncompressed to compressed bytes, applied from [`Limits::ratio_floor_bytes`] on.
    pub ratio: u64,
    /// Uncompressed bytes below which the ratio is not checked: a small layer of zeros is no threat.
    pub ratio_floor_bytes: u64,
    /// Most entries of a layer, and most distinct paths including the directories that entries imply.
    pub entries: u64,
    /// Most bytes of a path, and of a link's target. Linux accepts 4096, and 255 of a name; longer ones are readable, so
    /// that a layer that cannot be unpacked can still be looked at.
    pub path_bytes: u64,
    /// Most bytes of all names, link targets and sparse maps that are kept of a layer.
    pub metadata_bytes: u64,
    /// Most bytes of an extended header (PAX records, GNU long names).
    pub extended_header_bytes: u64,
    /// Most bytes of a file that is read for the package list.
    pub package_file_bytes: u64,
    /// Most bytes of the packages that are listed; further ones are left out, with a warning.
    pub package_bytes: u64,
    /// Most warnings kept for a layer; further ones are counted only.
    pub warnings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            uncompressed_bytes: 16 << 30,
            ratio: 200,
            ratio_floor_bytes: 64 << 20,
            entries: 2_000_000,
            path_bytes: 32 << 10,
            metadata_bytes: 128 << 20,
            extended_header_bytes: 1 << 20,
            package_file_bytes: 48 << 20,
            package_bytes: 64 << 20,
            warnings: 1_000,
        }
    }
}

impl Limits {
    /// The default limits without those on size and compression ratio, for a layer that the user chose to read
    /// after it was reported as a decompression bomb. Memory stays bounded: content is not kept.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { uncompressed_bytes: u64::MAX, ratio: u64::MAX, ..Self::default() }
    }
}
