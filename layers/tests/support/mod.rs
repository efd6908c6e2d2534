//! Making archives and reading them.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failure of the test")]

use std::io::Write as _;

use acr_layers::{Digest, Layer, LayerReader, Options};
use sha2::Digest as _;

/// Builds an archive entry by entry.
pub(crate) struct Archive(tar::Builder<Vec<u8>>);

impl Archive {
    pub(crate) fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    fn header(kind: tar::EntryType, size: usize) -> tar::Header {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_size(size as u64);
        header.set_mtime(1_700_000_000);
        header
    }

    pub(crate) fn directory(mut self, path: &str) -> Self {
        let mut header = Self::header(tar::EntryType::Directory, 0);
        self.0.append_data(&mut header, path, &[][..]).unwrap();
        self
    }

    pub(crate) fn file(mut self, path: &str, content: &[u8]) -> Self {
        let mut header = Self::header(tar::EntryType::Regular, content.len());
        self.0.append_data(&mut header, path, content).unwrap();
        self
    }

    pub(crate) fn executable(mut self, path: &str, content: &[u8]) -> Self {
        let mut header = Self::header(tar::EntryType::Regular, content.len());
        header.set_mode(0o755);
        self.0.append_data(&mut header, path, content).unwrap();
        self
    }

    pub(crate) fn symlink(mut self, path: &str, target: &str) -> Self {
        let mut header = Self::header(tar::EntryType::Symlink, 0);
        self.0.append_link(&mut header, path, target).unwrap();
        self
    }

    pub(crate) fn hard_link(mut self, path: &str, target: &str) -> Self {
        let mut header = Self::header(tar::EntryType::Link, 0);
        self.0.append_link(&mut header, path, target).unwrap();
        self
    }

    pub(crate) fn raw(self, path: &str, type_flag: u8, content: &[u8]) -> Self {
        self.raw_bytes(path.as_bytes(), type_flag, content)
    }

    /// A header with exactly this name.
    pub(crate) fn raw_bytes(mut self, path: &[u8], type_flag: u8, content: &[u8]) -> Self {
        let mut header = Self::header(tar::EntryType::new(type_flag), content.len());
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path);
        header.set_cksum();
        self.0.append(&header, content).unwrap();
        self
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn gzip_members(bytes: &[u8], size: usize) -> Vec<u8> {
    bytes.chunks(size).flat_map(gzip).collect()
}

/// Zstandard frames of raw blocks, one frame every 2 MiB, with a skippable frame before them.
pub(crate) fn zstd_raw(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    for frame in bytes.chunks(2 << 20) {
        out.extend_from_slice(&[0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]);
        let blocks = frame.chunks(100_000).count();
        for (index, block) in frame.chunks(100_000).enumerate() {
            let header = (block.len() as u32) << 3 | u32::from(index + 1 == blocks);
            out.extend_from_slice(&header.to_le_bytes()[..3]);
            out.extend_from_slice(block);
        }
    }
    out
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    let hex: String = sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Digest::parse(&format!("sha256:{hex}")).unwrap()
}

/// Reads a layer in chunks until its end or its first error.
pub(crate) fn read(bytes: &[u8], chunk: usize, options: Options) -> Layer {
    let mut reader = LayerReader::new(options);
    for chunk in bytes.chunks(chunk) {
        // The error stays in the layer.
        let _ = reader.push(chunk);
    }
    reader.finish()
}

/// Makes a header's checksum match its changed fields.
pub(crate) fn fix_checksum(archive: &mut [u8], at: usize) {
    archive[at + 148..at + 156].fill(b' ');
    let sum: u32 = archive[at..at + 512].iter().map(|byte| u32::from(*byte)).sum();
    archive[at + 148..at + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

/// Bytes that hardly compress, the same for the same seed.
pub(crate) fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = u64::from(seed) * 2 + 1;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 58) as u8
        })
        .collect()
}
