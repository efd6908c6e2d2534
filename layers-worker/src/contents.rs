//! A layer that is listed from its table of contents: the end of the layer (eStargz) or a blob next to it (SOCI) instead of all of it.

use acr_layers::{FileReader, Layer, LayerError, LayerReader, Limits, Options, estargz_layer, soci_layer};
use sha2::{Digest as _, Sha256};

/// The table's name in the archive at the layer's end.
const TABLE: &[u8] = b"stargz.index.json";
/// Bytes of the largest table that is read.
const LARGEST: u64 = 128 << 20;

/// The layer that a table of contents lists. `archive` is the layer from `offset` to its end, `digest` what the manifest says of the table.
///
/// # Errors
/// What is wrong with the archive or the table, or that it is another than the manifest's.
pub(crate) fn estargz(archive: &[u8], offset: u64, digest: &str) -> Result<Layer, LayerError> {
    let invalid = |reason: &str| LayerError::Index {
        format: "eStargz table of contents".to_owned(),
        reason: reason.to_owned(),
    };
    let mut reader = LayerReader::new(Options::default());
    reader.push(archive)?;
    let listed = reader.finish();
    let table = listed.tree().find(TABLE).and_then(|node| listed.entry_at(node));
    let table = table.ok_or_else(|| invalid("the archive does not contain it"))?;
    let start = listed.locate(table).map_or(0, |location| location.start);
    let content = usize::try_from(start).ok().and_then(|start| archive.get(start..)).unwrap_or_default();
    let mut reader =
        FileReader::new(&listed, table, LARGEST).ok_or_else(|| invalid("the archive does not contain it"))?;
    let mut json = Vec::new();
    reader.push(content, &mut |bytes| json.extend_from_slice(bytes))?;
    reader.finish(&mut |bytes| json.extend_from_slice(bytes))?;
    let actual =
        Sha256::digest(&json).iter().fold("sha256:".to_owned(), |all, byte| all + &format!("{byte:02x}"));
    if actual != digest {
        return Err(LayerError::DigestMismatch { expected: digest.to_owned(), actual });
    }
    estargz_layer(&json, offset, &Limits::default())
}

/// The layer that a ztoc lists, where that is the ztoc of a layer of `size` compressed bytes.
///
/// # Errors
/// What is wrong with the ztoc.
pub(crate) fn soci(ztoc: &[u8], size: u64) -> Result<Layer, LayerError> {
    let layer = soci_layer(ztoc, &Limits::default())?;
    if layer.compressed_bytes == size {
        return Ok(layer);
    }
    let reason = format!("it is of a layer of {} bytes, and this layer has {size}", layer.compressed_bytes);
    Err(LayerError::Index { format: "SOCI ztoc".to_owned(), reason })
}
