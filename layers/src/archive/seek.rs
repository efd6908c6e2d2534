//! Seek points: places in compressed data where decompression can start again.

/// Compressed bytes between two seek points of one stream. Opening a file transfers at most two distances and the
/// file itself, so this keeps a small file below 4 MiB.
pub(crate) const COMPRESSED_SPACING: u64 = 3 << 19;

/// Uncompressed bytes between two seek points, for data that compresses well: bounds what is decompressed in vain.
pub(crate) const UNCOMPRESSED_SPACING: u64 = 64 << 20;

/// A place where decompression can start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeekPoint {
    /// Offset of the next byte to decompress, in the compressed layer.
    pub compressed: u64,
    /// Offset of the next byte that decompression makes, in the uncompressed archive.
    pub uncompressed: u64,
    /// What the decompressor has to know.
    pub resume: Resume,
}

/// The state of a decompressor at a seek point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// A gzip member or a zstd frame starts here: no state.
    Start,
    /// A deflate block (RFC 1951) starts here, or within the byte before.
    Block {
        /// How many bits of the byte before belong to the block, 0 to 7.
        bits: u8,
        /// Those bits, in the least significant places. `None` where they are not known: the point's compressed offset is
        /// then that of the byte they are in.
        value: Option<u8>,
        /// The bytes that the block may refer to: at most 32 KiB before it.
        window: Vec<u8>,
    },
}

/// Decides where seek points are set, and keeps them.
#[derive(Debug, Default)]
pub(crate) struct SeekRecorder {
    points: Vec<SeekPoint>,
    disabled: bool,
}

impl SeekRecorder {
    /// A recorder that keeps nothing, for reading from a seek point.
    pub(crate) fn disabled() -> Self {
        Self { points: Vec::new(), disabled: true }
    }

    /// Whether the last point is far enough away that the next possible place should become one.
    pub(crate) fn due(&self, compressed: u64, uncompressed: u64) -> bool {
        if self.disabled {
            return false;
        }
        self.points.last().is_none_or(|last| {
            compressed.saturating_sub(last.compressed) >= COMPRESSED_SPACING
                || uncompressed.saturating_sub(last.uncompressed) >= UNCOMPRESSED_SPACING
        })
    }

    pub(crate) fn record(&mut self, point: SeekPoint) {
        self.points.push(point);
    }

    pub(crate) fn into_points(self) -> Vec<SeekPoint> {
        self.points
    }
}
