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
    for item in &toc.entries {
        let is_content = matches!(item.kind.as_str(), "reg" | "chunk") && item.offset > 0;
        let last = layer.points.last().map(|point| (point.compressed, point.uncompressed));
        let data_at = match last {
            // Several files share a member.
            Some((compressed, start)) if is_content && compressed == item.offset => {
                start.saturating_add(item.inner_offset)
            }
            _ if is_content => {
                let point =
                    SeekPoint { compressed: item.offset, uncompressed: position, resume: Resume::Start };
                if last.is_some_and(|(compressed, _)| compressed > item.offset) {
                    return Err(LayerError::Index {
                        format: "eStargz table of contents".to_owned(),
                        reason: "the offsets are not ascending".to_owned(),
                    });
                }
                layer.points.push(point);
                position.saturating_add(item.inner_offset)
            }
            _ => position,
        };
        if item.kind == "reg" {
            position = position.max(data_at.saturating_add(item.size));
        }
        if item.kind != "chunk" {
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
            listed.add_to(&mut layer, limits)?;
            let entry = layer.entries.len().checked_sub(1).filter(|_| item.kind == "reg");
            if let (Some(entry), Some(hash)) = (entry, sha256(&item.digest)) {
                layer.content_digests.insert(entry as u32, hash);
            }
        }
    }
    Ok(layer)
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
