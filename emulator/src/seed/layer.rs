//! Layers: real tar archives, gzipped, the same bytes at every start.

use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::protocol::name::Digest;

/// A file of a layer.
pub(super) struct File {
    path: String,
    mode: u32,
    content: Content,
}

enum Content {
    Text(String),
    /// So many bytes that look like a program's.
    Binary(usize),
    Folder,
    Link(String),
}

/// A gzipped tar archive.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) bytes: Bytes,
    pub(super) digest: Digest,
    /// The digest before compression.
    pub(super) diff_id: Digest,
}

/// A text file.
pub(super) fn text(path: &str, content: impl Into<String>) -> File {
    File { path: path.to_owned(), mode: 0o644, content: Content::Text(content.into()) }
}

/// An executable of a size in bytes.
pub(super) fn program(path: &str, size: usize) -> File {
    File { path: path.to_owned(), mode: 0o755, content: Content::Binary(size) }
}

/// A folder.
pub(super) fn folder(path: &str) -> File {
    File { path: path.to_owned(), mode: 0o755, content: Content::Folder }
}

/// A symbolic link.
pub(super) fn link(path: &str, target: &str) -> File {
    File { path: path.to_owned(), mode: 0o777, content: Content::Link(target.to_owned()) }
}

/// Packs files. `salt` makes the programs of one platform differ from another's.
pub(super) fn layer(salt: &str, files: &[File]) -> std::io::Result<Arc<Layer>> {
    let mut archive = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(file.mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(1_736_150_400);
        match &file.content {
            Content::Text(text) => append(&mut archive, &mut header, &file.path, text.as_bytes())?,
            Content::Binary(size) => {
                let bytes = binary(&format!("{salt}:{}", file.path), *size);
                append(&mut archive, &mut header, &file.path, &bytes)?;
            }
            Content::Folder => {
                header.set_entry_type(tar::EntryType::Directory);
                append(&mut archive, &mut header, &format!("{}/", file.path), &[])?;
            }
            Content::Link(target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                header.set_size(0);
                archive.append_link(&mut header, &file.path, target)?;
            }
        }
    }
    let tar = archive.into_inner()?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&tar)?;
    let bytes = Bytes::from(gzip.finish()?);
    Ok(Arc::new(Layer { digest: Digest::of(&bytes), diff_id: Digest::of(&tar), bytes }))
}

fn append(
    archive: &mut tar::Builder<Vec<u8>>,
    header: &mut tar::Header,
    path: &str,
    data: &[u8],
) -> std::io::Result<()> {
    header.set_size(data.len() as u64);
    archive.append_data(header, path, data)
}

/// Bytes that compress a little, as machine code does: noise (SplitMix64) with runs of zeros.
fn binary(seed: &str, size: usize) -> Vec<u8> {
    const RUN: usize = 64;
    let hash = Sha256::digest(seed.as_bytes());
    let mut state = hash.iter().fold(0u64, |state, byte| state.rotate_left(8) ^ u64::from(*byte));
    let mut bytes = Vec::with_capacity(size + RUN);
    bytes.extend(b"\x7fELF\x02\x01\x01\0");
    while bytes.len() < size {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        bytes.extend_from_slice(&z.to_le_bytes());
        if z % 16 == 0 {
            bytes.resize(bytes.len() + RUN, 0);
        }
    }
    bytes.truncate(size);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_layer_is_a_gzipped_tar_with_its_files() {
        let files = [
            folder("etc"),
            text("etc/os-release", "ID=debian\n"),
            program("bin/sh", 100),
            link("sh", "bin/sh"),
        ];
        let made = layer("amd64", &files).unwrap();
        let mut tar = Vec::new();
        flate2::read::GzDecoder::new(&made.bytes[..]).read_to_end(&mut tar).unwrap();
        assert_eq!(Digest::of(&tar), made.diff_id);
        let mut archive = tar::Archive::new(&tar[..]);
        let paths: Vec<_> =
            archive.entries().unwrap().map(|e| e.unwrap().path().unwrap().display().to_string()).collect();
        assert_eq!(paths, ["etc/", "etc/os-release", "bin/sh", "sh"]);
        assert_eq!(layer("amd64", &files).unwrap().digest, made.digest);
        assert_ne!(layer("arm64", &files).unwrap().digest, made.digest);
    }
}
