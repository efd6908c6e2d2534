//! Which compression a layer has, and one decompressor for all of them.

use serde::{Deserialize, Serialize};

use super::gzip::Gzip;
use super::output::Output;
use super::seek::SeekPoint;
use super::zstd::Zstd;
use crate::error::LayerError;

/// How a layer is compressed. It is recognized by its first bytes, not by its media type: registries hold layers whose
/// media type is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Compression {
    /// An uncompressed tar archive.
    None,
    /// gzip, in one or many members.
    Gzip,
    /// Zstandard, in one or many frames.
    Zstd,
}

/// Decompresses a layer whose compression is not known before its first bytes.
pub(crate) enum Decoder {
    /// Waits for the first bytes.
    Unknown(Vec<u8>),
    None,
    Gzip(Box<Gzip>),
    Zstd(Box<Zstd>),
}

/// How many bytes recognize every compression.
const MAGIC_BYTES: usize = 6;

impl Decoder {
    pub(crate) fn new() -> Self {
        Self::Unknown(Vec::with_capacity(MAGIC_BYTES))
    }

    /// A decompressor that starts at a seek point.
    pub(crate) fn resume(compression: Compression, point: &SeekPoint) -> Self {
        match compression {
            Compression::None => Self::None,
            Compression::Gzip => Self::Gzip(Box::new(Gzip::resume(point))),
            Compression::Zstd => Self::Zstd(Box::new(Zstd::resume(point))),
        }
    }

    /// The compression, once it is known.
    pub(crate) fn compression(&self) -> Option<Compression> {
        match self {
            Self::Unknown(_) => None,
            Self::None => Some(Compression::None),
            Self::Gzip(_) => Some(Compression::Gzip),
            Self::Zstd(_) => Some(Compression::Zstd),
        }
    }

    pub(crate) fn push(&mut self, input: &[u8], output: &mut Output<'_>) -> Result<(), LayerError> {
        if let Self::Unknown(start) = self {
            let missing = MAGIC_BYTES.saturating_sub(start.len());
            let (taken, rest) = input.split_at_checked(missing).unwrap_or((input, &[]));
            start.extend_from_slice(taken);
            if start.len() < MAGIC_BYTES {
                return Ok(());
            }
            self.recognize(output)?;
            return self.push(rest, output);
        }
        match self {
            Self::Unknown(_) => Ok(()),
            Self::None => output(input),
            Self::Gzip(gzip) => gzip.push(input, output),
            Self::Zstd(zstd) => zstd.push(input, output),
        }
    }

    /// Chooses the decompressor and hands it the first bytes.
    fn recognize(&mut self, output: &mut Output<'_>) -> Result<(), LayerError> {
        let Self::Unknown(start) = self else { return Ok(()) };
        let start = std::mem::take(start);
        *self = match start.as_slice() {
            [0x1f, 0x8b, ..] => Self::Gzip(Box::new(Gzip::new())),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Self::Zstd(Box::new(Zstd::new()))
            }
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => return Err(unsupported("bzip2")),
            [0xfd, b'7', b'z', b'X', b'Z', 0] => return Err(unsupported("xz")),
            [0x04, 0x22, 0x4d, 0x18, ..] => return Err(unsupported("lz4")),
            _ => Self::None,
        };
        self.push(&start, output)
    }

    /// Ends the input.
    ///
    /// # Errors
    /// [`LayerError::Truncated`] where the compressed stream is incomplete; `produced` is its place.
    pub(crate) fn finish(&mut self, produced: u64, output: &mut Output<'_>) -> Result<(), LayerError> {
        self.recognize(output)?;
        let complete = match self {
            Self::Unknown(_) | Self::None => true,
            Self::Gzip(gzip) => gzip.is_complete(),
            Self::Zstd(zstd) => zstd.is_complete(),
        };
        if complete { Ok(()) } else { Err(LayerError::Truncated { at: produced }) }
    }

    /// The seek points that were recorded.
    pub(crate) fn into_points(self) -> Vec<SeekPoint> {
        match self {
            Self::Unknown(_) | Self::None => Vec::new(),
            Self::Gzip(gzip) => gzip.seek.into_points(),
            Self::Zstd(zstd) => zstd.seek.into_points(),
        }
    }
}

fn unsupported(format: &str) -> LayerError {
    LayerError::UnsupportedCompression(format.to_owned())
}
