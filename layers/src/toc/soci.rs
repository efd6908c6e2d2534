//! SOCI: an index next to a layer, with its files and the state of decompression at places of it
//! (<https://github.com/awslabs/soci-snapshotter>, `ztoc.fbs`).

use super::flatbuffer::Table;
use super::listed::Listed;
use crate::archive::decoder::Compression;
use crate::archive::seek::{Resume, SeekPoint};
use crate::cursor::Cursor;
use crate::error::LayerError;
use crate::layer::Layer;
use crate::limits::Limits;

const WINDOW: usize = 32 << 10;
/// How often the bytes of a ztoc may be read as paths and link targets. Entries can share them, which must not make a
/// small ztoc take the time of a large one.
const TEXT_READS: usize = 16;

/// Builds a layer from a ztoc, the blob that a SOCI index has for a layer. Compare its digest before.
///
/// # Errors
/// [`LayerError::Index`] for bytes that are not a ztoc, [`LayerError::EntryCount`] above the limit.
pub fn soci_layer(ztoc: &[u8], limits: &Limits) -> Result<Layer, LayerError> {
    let invalid =
        |reason: &str| LayerError::Index { format: "SOCI ztoc".to_owned(), reason: reason.to_owned() };
    let root = Table::root(ztoc).ok_or_else(|| invalid("it is too short"))?;
    let toc = root.table(4).ok_or_else(|| invalid("it has no table of contents"))?;
    let compression = root.table(5).ok_or_else(|| invalid("it has no compression information"))?;
    let mut layer = Layer {
        compressed_bytes: root.u64(2),
        uncompressed_bytes: root.u64(3),
        compression: Some(Compression::Gzip),
        ..Layer::default()
    };
    // 1, the default, is gzip.
    if compression.u8(0) == Some(2) {
        layer.compression = Some(Compression::None);
    } else {
        layer.points =
            checkpoints(compression.bytes(3)).ok_or_else(|| invalid("its checkpoints are malformed"))?;
    }
    let mut text_left = ztoc.len().saturating_mul(TEXT_READS);
    for file in toc.tables(0) {
        let listed = Listed {
            path: file.bytes(0),
            kind: file.bytes(1),
            data_at: file.u64(2),
            size: file.u64(3),
            link: file.bytes(4),
            mode: file.u64(5) as u32,
            owner: (file.u32(6), file.u32(7)),
            modified: std::str::from_utf8(file.bytes(10)).unwrap_or_default(),
            device: (file.u64(11) as u32, file.u64(12) as u32),
        };
        let text = listed.path.len() + listed.link.len();
        text_left = text_left.checked_sub(text).ok_or_else(|| invalid("its entries share their paths"))?;
        listed.add_to(&mut layer, limits)?;
    }
    Ok(layer)
}

/// The checkpoints: a count, the distance, and for each the offsets, the bits and the window. A ztoc of version 0.9 leaves
/// out the first checkpoint, which is the start of the layer.
fn checkpoints(bytes: &[u8]) -> Option<Vec<SeekPoint>> {
    let mut points = vec![SeekPoint { compressed: 0, uncompressed: 0, resume: Resume::Start }];
    if bytes.is_empty() {
        return Some(points);
    }
    let mut cursor = Cursor::new(bytes);
    let (_count, _distance) = (cursor.u32_le()?, cursor.u64_le()?);
    while !cursor.is_empty() {
        let (compressed, uncompressed) = (cursor.u64_le()?, cursor.u64_le()?);
        let bits = cursor.u8().filter(|bits| *bits < 8)?;
        let window = cursor.take(WINDOW)?;
        if uncompressed == 0 {
            continue;
        }
        if points.last().is_some_and(|last| last.uncompressed > uncompressed || last.compressed > compressed)
        {
            return None;
        }
        // Where less than a window precedes the point, it is padded.
        let length = usize::try_from(uncompressed).unwrap_or(WINDOW).min(WINDOW);
        let window = window.get(WINDOW - length..)?.to_vec();
        // The bits themselves are not stored: they are in the byte before.
        let (compressed, value) =
            if bits == 0 { (compressed, Some(0)) } else { (compressed.checked_sub(1)?, None) };
        let resume = Resume::Block { bits, value, window };
        points.push(SeekPoint { compressed, uncompressed, resume });
    }
    Some(points)
}
