//! A read layer as bytes, to be cached by its digest: a second visit reads this and downloads nothing.
//!
//! # Format, version 2
//!
//! All integers are unsigned LEB128 unless a width is named; signed ones are zigzag-encoded.
//!
//! | part | content |
//! |---|---|
//! | magic | `ACRLAYER` |
//! | version | one byte, 2; version 1 has the same form, and what earlier rules read of an archive |
//! | length | bytes of the body |
//! | body | see below |
//! | checksum | CRC-32 of the body, 4 bytes, little-endian |
//!
//! The body holds, in this order: compression (0 unknown, 1 none, 2 gzip, 3 zstd); compressed and uncompressed bytes;
//! the fingerprint key (0, or 1 and 16 bytes); the digest and the diff ID that were verified (a text each, empty where
//! unchecked); the entries; sparse maps; seek points; and, as one JSON text, warnings, packages and the error.
//!
//! A text is its length and its bytes. An entry is: kind; the bytes its path shares with the path before it; the rest of
//! the path (a text); mode; uid; gid; size; stored bytes; the difference of its time to the entry before it (signed); the
//! difference of its content's offset to the end of the content before it (signed); the fingerprint (8 bytes, where there
//! is a key and content); the link's target (a text, links only); both device numbers (devices only).
//!
//! A layer whose digest did not match is not cached. Whatever the bytes are, decoding ends with a layer or an error.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::archive::decoder::Compression;
use crate::archive::seek::{Resume, SeekPoint};
use crate::archive::sparse::Segment;
use crate::cursor::{Cursor, put_prefixed, put_varint, unzigzag, zigzag};
use crate::digest::{Digest, Verification};
use crate::entry::{Entry, EntryId, EntryKind, Span};
use crate::error::{LayerError, Warning};
use crate::layer::{FingerprintKey, Layer};
use crate::package::{Package, PackageDatabase};

const MAGIC: &[u8] = b"ACRLAYER";
const VERSION: u8 = 2;
const COMPRESSIONS: [Option<Compression>; 4] =
    [None, Some(Compression::None), Some(Compression::Gzip), Some(Compression::Zstd)];

/// The parts that are small: as JSON.
#[derive(Serialize, Deserialize)]
struct Notes {
    warnings: Vec<Warning>,
    warning_count: u64,
    packages: Vec<(u32, bool, Vec<Package>)>,
    error: Option<LayerError>,
}

impl Layer {
    /// The layer as bytes. The format is documented in the source of this crate (`index.rs`).
    ///
    /// # Errors
    /// [`LayerError::DigestMismatch`] for a layer that is not what its digest names: it must not be cached under it.
    pub fn to_index(&self) -> Result<Vec<u8>, LayerError> {
        if let Some(error @ (LayerError::DigestMismatch { .. } | LayerError::DiffIdMismatch { .. })) =
            &self.error
        {
            return Err(error.clone());
        }
        let mut body = Vec::new();
        self.put_summary(&mut body);
        self.put_entries(&mut body);
        put_varint(&mut body, self.sparse.len() as u64);
        for (entry, map) in &self.sparse {
            put_varint(&mut body, u64::from(*entry));
            put_varint(&mut body, map.len() as u64);
            for segment in map {
                put_varint(&mut body, segment.offset);
                put_varint(&mut body, segment.length);
            }
        }
        put_varint(&mut body, self.points.len() as u64);
        for point in &self.points {
            put_point(&mut body, point);
        }
        let packages = self.packages.iter();
        let notes = Notes {
            warnings: self.warnings.clone(),
            warning_count: self.warning_count,
            packages: packages.map(|list| (list.entry.0, list.complete, list.packages.clone())).collect(),
            error: self.error.clone(),
        };
        let notes = serde_json::to_vec(&notes).map_err(|error| invalid(&error.to_string()))?;
        put_prefixed(&mut body, &notes);
        let mut index = MAGIC.to_vec();
        index.push(VERSION);
        put_prefixed(&mut index, &body);
        index.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
        Ok(index)
    }

    fn put_summary(&self, body: &mut Vec<u8>) {
        let compression = COMPRESSIONS.iter().position(|compression| *compression == self.compression);
        body.push(compression.unwrap_or(0) as u8);
        put_varint(body, self.compressed_bytes);
        put_varint(body, self.uncompressed_bytes);
        match self.fingerprint_key {
            None => body.push(0),
            Some(FingerprintKey(key)) => {
                body.push(1);
                body.extend_from_slice(&key);
            }
        }
        for verification in [&self.digest, &self.diff_id] {
            let verified = match verification {
                Verification::Verified(digest) => digest.as_str(),
                Verification::Unchecked | Verification::Mismatch { .. } => "",
            };
            put_prefixed(body, verified.as_bytes());
        }
    }

    fn put_entries(&self, body: &mut Vec<u8>) {
        put_varint(body, self.entries.len() as u64);
        let mut previous = Vec::new();
        let (mut time, mut end) = (0_i64, 0_u64);
        for entry in &self.entries {
            let path = self.path(entry);
            let shared = path.iter().zip(&previous).take_while(|(a, b)| a == b).count();
            let kind = EntryKind::ALL.iter().position(|kind| *kind == entry.kind).unwrap_or(0);
            body.push(kind as u8);
            put_varint(body, shared as u64);
            put_prefixed(body, path.get(shared..).unwrap_or_default());
            for number in
                [u64::from(entry.mode), entry.uid.into(), entry.gid.into(), entry.size, entry.stored]
            {
                put_varint(body, number);
            }
            put_varint(body, zigzag(entry.mtime.wrapping_sub(time)));
            put_varint(body, zigzag(entry.data_at.wrapping_sub(end) as i64));
            if self.fingerprint_key.is_some() && entry.stored > 0 {
                body.extend_from_slice(&entry.fingerprint.to_le_bytes());
            }
            if is_link(entry.kind) {
                put_prefixed(body, self.link(entry));
            }
            if is_device(entry.kind) {
                let (major, minor) = entry.device.unwrap_or_default();
                put_varint(body, major.into());
                put_varint(body, minor.into());
            }
            time = entry.mtime;
            end = entry.data_at.wrapping_add(entry.stored);
            previous = path;
        }
    }

    /// Reads what [`Layer::to_index`] wrote.
    ///
    /// # Errors
    /// [`LayerError::Index`] for another version, for damage, and for anything else: read the layer again then.
    pub fn from_index(index: &[u8]) -> Result<Self, LayerError> {
        let mut cursor = Cursor::new(index);
        if cursor.take(MAGIC.len()) != Some(MAGIC) {
            return Err(invalid("not a layer index"));
        }
        if cursor.u8() != Some(VERSION) {
            return Err(invalid("the version is not supported"));
        }
        let body = cursor.prefixed().ok_or_else(|| invalid("it ends early"))?;
        if cursor.u32_le() != Some(crc32fast::hash(body)) {
            return Err(invalid("the checksum does not match"));
        }
        read_body(body).ok_or_else(|| invalid("the body is malformed"))
    }
}

fn invalid(reason: &str) -> LayerError {
    LayerError::Index { format: "layer index".to_owned(), reason: reason.to_owned() }
}

fn is_link(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::SymbolicLink | EntryKind::HardLink)
}

fn is_device(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::CharacterDevice | EntryKind::BlockDevice)
}

fn put_point(body: &mut Vec<u8>, point: &SeekPoint) {
    put_varint(body, point.compressed);
    put_varint(body, point.uncompressed);
    match &point.resume {
        Resume::Start => body.push(0),
        Resume::Block { bits, value, window } => {
            match value {
                Some(value) => body.extend_from_slice(&[1, *bits, *value]),
                None => body.extend_from_slice(&[2, *bits]),
            }
            put_prefixed(body, window);
        }
    }
}

fn read_body(body: &[u8]) -> Option<Layer> {
    let mut cursor = Cursor::new(body);
    let cursor = &mut cursor;
    let mut layer = Layer {
        compression: *COMPRESSIONS.get(usize::from(cursor.u8()?))?,
        compressed_bytes: cursor.varint()?,
        uncompressed_bytes: cursor.varint()?,
        ..Layer::default()
    };
    layer.fingerprint_key = match cursor.u8()? {
        0 => None,
        _ => Some(FingerprintKey(cursor.take(16)?.try_into().ok()?)),
    };
    layer.digest = read_verification(cursor)?;
    layer.diff_id = read_verification(cursor)?;
    read_entries(cursor, &mut layer)?;
    layer.sparse = read_sparse(cursor)?;
    layer.sparse_bytes = layer.sparse.values().map(|map| size_of_val(map.as_slice())).sum();
    for _ in 0..cursor.varint()? {
        layer.points.push(read_point(cursor)?);
    }
    if !layer.points.is_sorted_by_key(|point| point.uncompressed) {
        return None;
    }
    let notes: Notes = serde_json::from_slice(cursor.prefixed()?).ok()?;
    layer.warnings = notes.warnings;
    layer.warning_count = notes.warning_count;
    layer.error = notes.error;
    let list = |(entry, complete, packages)| PackageDatabase { entry: EntryId(entry), packages, complete };
    layer.packages = notes.packages.into_iter().map(list).collect();
    Some(layer)
}

fn read_verification(cursor: &mut Cursor<'_>) -> Option<Verification> {
    match cursor.prefixed()? {
        [] => Some(Verification::Unchecked),
        digest => Some(Verification::Verified(Digest::parse(std::str::from_utf8(digest).ok()?).ok()?)),
    }
}

fn read_entries(cursor: &mut Cursor<'_>, layer: &mut Layer) -> Option<()> {
    let mut path: Vec<u8> = Vec::new();
    let (mut time, mut end) = (0_i64, 0_u64);
    for _ in 0..cursor.varint()? {
        let kind = *EntryKind::ALL.get(usize::from(cursor.u8()?))?;
        let shared = usize::try_from(cursor.varint()?).ok()?;
        if shared > path.len() {
            return None;
        }
        path.truncate(shared);
        path.extend_from_slice(cursor.prefixed()?);
        let root = layer.tree.root();
        let mut names = path.split(|byte| *byte == b'/').filter(|name| !name.is_empty());
        let node = names.try_fold(root, |node, name| layer.tree.insert(node, name))?;
        let mut entry = Entry {
            kind,
            mode: u16::try_from(cursor.varint()?).ok()?,
            uid: u32::try_from(cursor.varint()?).ok()?,
            gid: u32::try_from(cursor.varint()?).ok()?,
            size: cursor.varint()?,
            stored: cursor.varint()?,
            mtime: time.wrapping_add(unzigzag(cursor.varint()?)),
            data_at: end.wrapping_add(unzigzag(cursor.varint()?) as u64),
            fingerprint: 0,
            device: None,
            node: node.0,
            link: Span::default(),
        };
        if layer.fingerprint_key.is_some() && entry.stored > 0 {
            entry.fingerprint = cursor.u64_le()?;
        }
        if is_link(kind) {
            entry.link = layer.add_text(cursor.prefixed()?)?;
        }
        if is_device(kind) {
            let (major, minor) = (cursor.varint()?, cursor.varint()?);
            entry.device = Some((u32::try_from(major).ok()?, u32::try_from(minor).ok()?));
        }
        time = entry.mtime;
        end = entry.data_at.wrapping_add(entry.stored);
        layer.add_entry(entry);
    }
    Some(())
}

fn read_sparse(cursor: &mut Cursor<'_>) -> Option<BTreeMap<u32, Vec<Segment>>> {
    let mut sparse = BTreeMap::new();
    for _ in 0..cursor.varint()? {
        let entry = u32::try_from(cursor.varint()?).ok()?;
        let mut map = Vec::new();
        for _ in 0..cursor.varint()? {
            map.push(Segment { offset: cursor.varint()?, length: cursor.varint()? });
        }
        sparse.insert(entry, map);
    }
    Some(sparse)
}

fn read_point(cursor: &mut Cursor<'_>) -> Option<SeekPoint> {
    let (compressed, uncompressed) = (cursor.varint()?, cursor.varint()?);
    let resume = match cursor.u8()? {
        0 => Resume::Start,
        kind => Resume::Block {
            bits: cursor.u8().filter(|bits| *bits < 8)?,
            value: if kind == 1 { Some(cursor.u8()?) } else { None },
            window: cursor.prefixed().filter(|window| window.len() <= 32 << 10)?.to_vec(),
        },
    };
    Some(SeekPoint { compressed, uncompressed, resume })
}
