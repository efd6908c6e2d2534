//! Opening one file of a layer that was read before, from the bytes of one Range request.

use std::hash::Hasher as _;

use sha2::{Digest as _, Sha256};
use siphasher::sip::SipHasher13;

use crate::archive::decoder::Decoder;
use crate::archive::sparse::Segment;
use crate::entry::EntryId;
use crate::error::LayerError;
use crate::layer::Layer;

/// Reads a file's content from the compressed bytes that [`Layer::locate`] names.
///
/// ```
/// # use acr_layers::{FileReader, LayerReader, Options};
/// # fn example(layer: &acr_layers::Layer, blob: &[u8]) -> Result<Vec<u8>, acr_layers::LayerError> {
/// let id = layer.tree().find(b"etc/motd").and_then(|node| layer.entry_at(node)).unwrap();
/// let location = layer.locate(id).unwrap();
/// // Request `location.range_header()`, then:
/// # let response = &blob[location.start as usize..location.end.unwrap() as usize];
/// let mut content = Vec::new();
/// let mut file = FileReader::new(layer, id, 1 << 20).unwrap();
/// file.push(response, &mut |bytes| content.extend_from_slice(bytes))?;
/// file.finish(&mut |bytes| content.extend_from_slice(bytes))?;
/// # Ok(content)
/// # }
/// ```
pub struct FileReader {
    decoder: Decoder,
    progress: Progress,
    expected_fingerprint: Option<u64>,
    expected_digest: Option<[u8; 32]>,
}

/// What of the content was reached. Apart from the decoder, since the decoder writes to it.
struct Progress {
    /// Uncompressed bytes before the content.
    skip: u64,
    /// Stored bytes still to come.
    left: u64,
    /// Parts of the file that are stored: `None` for all of it.
    sparse: Option<std::vec::IntoIter<Segment>>,
    /// Stored bytes left of the current part.
    segment: u64,
    /// Bytes of the file that were written, and its size.
    written: u64,
    size: u64,
    limit: u64,
    hasher: Option<SipHasher13>,
    sha256: Option<Sha256>,
}

impl FileReader {
    /// A reader of an entry's content that writes at most `limit` bytes of it. `None` where there is no such entry, and
    /// for a sparse file with an invalid map.
    #[must_use]
    pub fn new(layer: &Layer, id: EntryId, limit: u64) -> Option<Self> {
        let entry = layer.entry(id)?;
        let location = layer.locate(id)?;
        if entry.stored > 0 && layer.sparse.get(&id.0).is_some_and(Vec::is_empty) {
            return None;
        }
        let skip = entry.data_at.checked_sub(location.point.uncompressed)?;
        let has_fingerprint = entry.fingerprint != 0;
        let key = layer.fingerprint_key.filter(|_| has_fingerprint);
        let expected_digest = layer.content_digests.get(&id.0).copied();
        Some(Self {
            decoder: Decoder::resume(layer.compression?, &location.point),
            progress: Progress {
                skip,
                left: entry.stored,
                sparse: layer.sparse.get(&id.0).cloned().map(Vec::into_iter),
                segment: 0,
                written: 0,
                size: entry.size,
                limit,
                hasher: key.map(|key| SipHasher13::new_with_key(&key.0)),
                sha256: expected_digest.map(|_| Sha256::new()),
            },
            expected_digest,
            expected_fingerprint: has_fingerprint.then_some(entry.fingerprint),
        })
    }

    /// Reads the next bytes of the range, and hands the file's content to `output`. Returns whether the content is
    /// complete, or the limit reached: the transfer can be canceled then.
    ///
    /// # Errors
    /// Those of decompression.
    pub fn push(&mut self, bytes: &[u8], output: &mut dyn FnMut(&[u8])) -> Result<bool, LayerError> {
        let Self { decoder, progress, .. } = self;
        if !progress.is_done() {
            // Small pieces, so that little is decompressed after the end of the content.
            for piece in bytes.chunks(16 << 10) {
                decoder.push(piece, &mut |bytes| {
                    progress.content(bytes, output);
                    Ok(())
                })?;
                if progress.is_done() {
                    break;
                }
            }
        }
        Ok(progress.is_done())
    }

    /// Ends the file, and returns what is known of it.
    ///
    /// # Errors
    /// [`LayerError::Truncated`] where bytes are missing; [`LayerError::DigestMismatch`] where the content is not that
    /// of the listing, by its fingerprint, or by the digest that a table of contents has.
    pub fn finish(mut self, output: &mut dyn FnMut(&[u8])) -> Result<FileSummary, LayerError> {
        if self.progress.left == 0 {
            self.progress.hole_until(self.progress.size, output);
        }
        let Progress { left, written, size, limit, hasher, sha256, .. } = self.progress;
        if left > 0 && written < limit {
            return Err(LayerError::Truncated { at: written });
        }
        let actual = hasher.filter(|_| left == 0).map(|hasher| hasher.finish());
        let digest: Option<[u8; 32]> = sha256.filter(|_| left == 0).map(|hasher| hasher.finalize().into());
        let digest_matches = match (self.expected_digest, digest) {
            (Some(expected), Some(actual)) if expected != actual => {
                let [expected, actual] = [expected, actual].map(|hash| digest_text(&hash));
                return Err(LayerError::DigestMismatch { expected, actual });
            }
            (Some(_), Some(_)) => true,
            _ => false,
        };
        let verified = match (self.expected_fingerprint, actual) {
            (Some(expected), Some(actual)) if expected != actual => {
                let [expected, actual] = [expected, actual].map(|value| format!("fingerprint {value:016x}"));
                return Err(LayerError::DigestMismatch { expected, actual });
            }
            (Some(_), Some(_)) => true,
            _ => digest_matches,
        };
        Ok(FileSummary { written, size, truncated: written < size, verified })
    }
}

/// What [`FileReader::finish`] knows of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileSummary {
    /// Bytes that were written to the output.
    pub written: u64,
    /// Bytes of the file.
    pub size: u64,
    /// Whether the limit cut the content.
    pub truncated: bool,
    /// Whether the content is known to be that of the listing, by its fingerprint or its digest.
    pub verified: bool,
}

fn digest_text(hash: &[u8; 32]) -> String {
    hash.iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

impl Progress {
    fn is_done(&self) -> bool {
        self.left == 0 || self.written >= self.limit
    }

    fn content(&mut self, bytes: &[u8], output: &mut dyn FnMut(&[u8])) {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
        self.skip -= skipped as u64;
        let stored = bytes.get(skipped..).unwrap_or_default();
        let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(stored.len());
        let mut stored = stored.get(..length).unwrap_or_default();
        self.left -= length as u64;
        if let Some(hasher) = &mut self.hasher {
            hasher.write(stored);
        }
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(stored);
        }
        if self.sparse.is_none() {
            return self.write(stored, output);
        }
        while !stored.is_empty() {
            if self.segment == 0 {
                let Some(next) = self.sparse.as_mut().and_then(Iterator::next) else { return };
                self.hole_until(next.offset, output);
                self.segment = next.length;
                continue;
            }
            let length = usize::try_from(self.segment).unwrap_or(usize::MAX).min(stored.len());
            let (part, rest) = stored.split_at_checked(length).unwrap_or((stored, &[]));
            self.segment -= length as u64;
            stored = rest;
            self.write(part, output);
        }
    }

    fn write(&mut self, bytes: &[u8], output: &mut dyn FnMut(&[u8])) {
        let room = usize::try_from(self.limit.saturating_sub(self.written)).unwrap_or(usize::MAX);
        let bytes = bytes.get(..room).unwrap_or(bytes);
        self.written += bytes.len() as u64;
        if !bytes.is_empty() {
            output(bytes);
        }
    }

    /// Writes zeros up to an offset of the file.
    fn hole_until(&mut self, offset: u64, output: &mut dyn FnMut(&[u8])) {
        const ZEROS: [u8; 4096] = [0; 4096];
        while self.written < offset.min(self.limit) {
            let length = usize::try_from(offset - self.written).unwrap_or(usize::MAX).min(ZEROS.len());
            self.write(ZEROS.get(..length).unwrap_or_default(), output);
        }
    }
}
