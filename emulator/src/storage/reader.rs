//! Reading a blob, or a range of it, as a stream of pieces.

use std::io::{self, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::registry::blob::MemoryBlob;

const PIECE: usize = 256 * 1024;

/// A blob that can be read; it stays readable when it is deleted meanwhile.
pub(crate) enum BlobReader {
    /// The pieces it is made of.
    Memory(Arc<MemoryBlob>),
    /// A file of its own.
    File(PathBuf),
}

impl BlobReader {
    /// The bytes from `start`, `length` of them, as a body. The range must lie inside the blob.
    pub(crate) async fn body(&self, start: u64, length: u64) -> io::Result<Body> {
        match self {
            Self::Memory(blob) => {
                let pieces: Vec<_> = slices(&blob.pieces, start, length).map(Ok::<_, io::Error>).collect();
                Ok(Body::from_stream(stream::iter(pieces)))
            }
            Self::File(path) => {
                let mut file = File::open(path).await?;
                file.seek(SeekFrom::Start(start)).await?;
                Ok(Body::from_stream(stream::try_unfold((file, length), |(mut file, left)| async move {
                    if left == 0 {
                        return Ok::<_, io::Error>(None);
                    }
                    let want = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
                    let mut piece = BytesMut::with_capacity(want);
                    let mut limited = (&mut file).take(want as u64);
                    if limited.read_buf(&mut piece).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    let left = left - piece.len() as u64;
                    Ok(Some((piece.freeze(), (file, left))))
                })))
            }
        }
    }

    /// All of the blob, when it is not larger than `limit` bytes.
    pub(crate) async fn bytes(&self, size: u64, limit: u64) -> io::Result<Option<Bytes>> {
        if size > limit {
            return Ok(None);
        }
        let read = axum::body::to_bytes(self.body(0, size).await?, usize::MAX).await;
        read.map(Some).map_err(io::Error::other)
    }
}

/// The parts of `pieces` that make up a range.
fn slices(pieces: &[Bytes], start: u64, length: u64) -> impl Iterator<Item = Bytes> {
    let end = start.saturating_add(length);
    let mut position = 0u64;
    pieces.iter().filter_map(move |piece| {
        let (first, last) = (position, position + piece.len() as u64);
        position = last;
        let from = start.max(first);
        let to = end.min(last);
        let offset = |at: u64| usize::try_from(at - first).unwrap_or(0);
        (from < to).then(|| piece.slice(offset(from)..offset(to)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_may_begin_and_end_inside_pieces() {
        let pieces = [Bytes::from_static(b"abc"), Bytes::from_static(b"def"), Bytes::from_static(b"g")];
        let range = |start, length| slices(&pieces, start, length).flatten().collect::<Vec<u8>>();
        assert_eq!(range(0, 7), b"abcdefg");
        assert_eq!(range(2, 3), b"cde");
        assert_eq!(range(3, 3), b"def");
        assert_eq!(range(6, 1), b"g");
        assert_eq!(range(0, 0), b"");
    }
}
