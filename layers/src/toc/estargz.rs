//! eStargz: a gzip layer in which every file is a member of its own, with a table of contents as its last entry
//! (<https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md>).

use serde::Deserialize;

use super::listed::Listed;
use crate::archive::decoder::Compression;
use crate::archive::seek::{Resume, SeekPoint};
use crate::error::LayerError;
use crate::layer::Layer;
use crate::limits::Limits;

/// How many bytes at the end of a layer name the place of its table of contents.
pub const ESTARGZ_FOOTER_BYTES: u64 = 51;

/// The offset of the table of contents in the compressed layer. From there to the end it is a gzip-compressed archive with
/// one file, `stargz.index.json`, whose content goes to [`estargz_layer`].
///
/// `footer` is the last [`ESTARGZ_FOOTER_BYTES`] bytes of the layer. `None` for a layer that is not eStargz.
#[must_use]
pub fn estargz_toc_offset(footer: &[u8]) -> Option<u64> {
    let start = footer.len().checked_sub(ESTARGZ_FOOTER_BYTES as usize)?;
    let footer = footer.get(start..)?;
    // An empty gzip member with an extra field: subfield "SG", 22 bytes, hexadecimal offset and "STARGZ".
    let is_gzip = footer.starts_with(&[0x1f, 0x8b, 8, 4]);
    let field = footer.get(12..38)?;
    let digits = field.strip_prefix(b"SG\x16\0")?.strip_suffix(b"STARGZ")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    is_gzip.then(|| u64::from_str_radix(digits, 16).ok()).flatten()
}

#[derive(Deserialize)]
struct Toc {
    entries: Vec<TocEntry>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct TocEntry {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    size: u64,
    modtime: String,
    link_name: String,
    mode: u32,
    uid: u32,
    gid: u32,
    /// Offset of the gzip member that the content starts in.
    offset: u64,
    /// `sha256:` and the hash of the content of the file.
    digest: String,
    /// Offset of the content in that member.
    inner_offset: u64,
    /// Of a `chunk`: its offset in the file that precedes it.
    chunk_offset: u64,
    #[serde(rename = "devMajor")]
    major: u32,
    #[serde(rename = "devMinor")]
    minor: u32,
}

/// Builds a layer from a table of contents (`stargz.index.json`).
///
/// Offsets in the uncompressed archive are not part of it: the layer's are virtual, and serve [`Layer::locate`] and
/// [`FileReader`](crate::FileReader) alone. The table is only as trustworthy as its digest, which is the annotation
/// `containerd.io/snapshot/stargz/toc.digest` of the layer's descriptor: compare it before.
///
/// # Errors
/// [`LayerError::Index`] for JSON that is not a table of contents, [`LayerError::EntryCount`] above the limit.
pub fn estargz_layer(json: &[u8], compressed_bytes: u64, limits: &Limits) -> Result<Layer, LayerError> {
    let toc: Toc = serde_json::from_slice(json).map_err(|error| LayerError::Index {
        format: "eStargz table of contents".to_owned(),
        reason: error.to_string(),
    })?;
    let mut layer = Layer { compression: Some(Compression::Gzip), compressed_bytes, ..Layer::default() };
    // Where the next member starts, in virtual offsets.
    let mut position = 0_u64;
    // Where the content of the last file starts. Its chunks follow the file's own entry, which is the first of them.
    let mut file = 0_u64;
    for item in &toc.entries {
        let is_chunk = item.kind == "chunk";
        let start = if is_chunk { file.saturating_add(item.chunk_offset) } else { position };
        let has_content = is_chunk || item.kind == "reg";
        let data_at = if has_content && item.offset > 0 { item.place(&mut layer, start)? } else { start };
        if is_chunk {
            continue;
        }
        if item.kind == "reg" {
            file = data_at;
            position = position.max(data_at.saturating_add(item.size));
        }
        let listed = Listed {
            path: item.name.as_bytes(),
            kind: item.kind.as_bytes(),
            link: item.link_name.as_bytes(),
            size: item.size,
            data_at,
            mode: item.mode,
            owner: (item.uid, item.gid),
            modified: &item.modtime,
            device: (item.major, item.minor),
        };
        let is_listed = listed.add_to(&mut layer, limits)?;
        let entry = layer.entries.len().checked_sub(1).filter(|_| is_listed && item.kind == "reg");
        if let (Some(entry), Some(hash)) = (entry, sha256(&item.digest)) {
            layer.content_digests.insert(entry as u32, hash);
        }
    }
    Ok(layer)
}

impl TocEntry {
    /// The virtual offset of the content, which is `start` or, in a member that starts with other content, after that.
    /// Sets a seek point at the member, unless it is the one of the content before.
    fn place(&self, layer: &mut Layer, start: u64) -> Result<u64, LayerError> {
        // The content of a chunk continues that of the chunk before, whatever precedes it in its member.
        let is_chunk = self.kind == "chunk";
        let (member, data_at) = if is_chunk {
            (start.saturating_sub(self.inner_offset), start)
        } else {
            (start, start.saturating_add(self.inner_offset))
        };
        match layer.points.last() {
            // Several files, or several chunks, share a member.
            Some(last) if last.compressed == self.offset => {
                let inner = last.uncompressed.saturating_add(self.inner_offset);
                return Ok(if is_chunk { start } else { inner });
            }
            Some(last) if last.compressed > self.offset || last.uncompressed > member => {
                return Err(LayerError::Index {
                    format: "eStargz table of contents".to_owned(),
                    reason: "the offsets are not ascending".to_owned(),
                });
            }
            _ => {}
        }
        layer.points.push(SeekPoint { compressed: self.offset, uncompressed: member, resume: Resume::Start });
        Ok(data_at)
    }
}

/// The bytes of a `sha256:` digest; `None` for any other text.
fn sha256(digest: &str) -> Option<[u8; 32]> {
    let hex = digest.strip_prefix("sha256:").filter(|hex| hex.len() == 64)?;
    let mut hash = [0; 32];
    for (byte, digits) in hash.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}
