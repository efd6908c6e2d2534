//! The push reader: compressed bytes of a layer go in as they arrive, a [`Layer`] comes out.

use std::hash::Hasher as _;

use siphasher::sip::SipHasher13;

use crate::archive::decoder::Decoder;
use crate::archive::tar::{Sink, TarEntry, TarParser};
use crate::digest::{Digest, Verification, Verifier};
use crate::entry::{Entry, EntryKind};
use crate::error::{LayerError, Warning, WarningKind};
use crate::layer::{FingerprintKey, Layer};
use crate::limits::Limits;
use crate::package::PackageCollector;
use crate::path::{WhiteoutName, sanitize};

/// What a layer is read for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The digest of the compressed bytes, as the manifest has it.
    pub digest: Option<Digest>,
    /// The digest of the uncompressed bytes, as the configuration has it. Hashing takes about as long as decompression;
    /// the digest of the compressed bytes already protects the content.
    pub diff_id: Option<Digest>,
    /// The key for fingerprints of content. Without it, differences between files of the same size go by their time.
    pub fingerprint_key: Option<FingerprintKey>,
    /// Whether to read package databases.
    pub packages: bool,
    /// What is accepted.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self { digest: None, diff_id: None, fingerprint_key: None, packages: true, limits: Limits::default() }
    }
}

/// Reads a layer chunk by chunk. Memory is bounded by the list of entries; content passes through.
///
/// ```
/// use acr_layers::{LayerReader, Options};
///
/// # let archive = {
/// #     let mut builder = tar::Builder::new(Vec::new());
/// #     let mut header = tar::Header::new_gnu();
/// #     header.set_size(5);
/// #     header.set_mode(0o644);
/// #     builder.append_data(&mut header, "etc/motd", "hello".as_bytes()).unwrap();
/// #     builder.into_inner().unwrap()
/// # };
/// let mut reader = LayerReader::new(Options::default());
/// for chunk in archive.chunks(100) {
///     reader.push(chunk)?;
/// }
/// let layer = reader.finish();
/// assert_eq!(layer.error, None);
/// assert!(layer.tree().find(b"etc/motd").is_some());
/// # Ok::<(), acr_layers::LayerError>(())
/// ```
pub struct LayerReader {
    decoder: Decoder,
    parser: TarParser,
    collector: Collector,
    digest: Option<Verifier>,
    diff_id: Option<Verifier>,
    limits: Limits,
}

impl LayerReader {
    /// A reader that waits for the first bytes.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let Options { digest, diff_id, fingerprint_key, packages, limits } = options;
        Self {
            decoder: Decoder::new(),
            parser: TarParser::new(limits.clone()),
            collector: Collector {
                layer: Layer { fingerprint_key, ..Layer::default() },
                hasher: None,
                packages: packages.then(|| PackageCollector::new(&limits)),
                limits: limits.clone(),
                skipped: true,
            },
            digest: digest.map(Verifier::new),
            diff_id: diff_id.map(Verifier::new),
            limits,
        }
    }

    /// Reads the next bytes of the compressed layer.
    ///
    /// # Errors
    /// The first error ends the reading of entries and is returned again by every further call. Those calls still
    /// compute the digest and do nothing else: a caller that knows the digest pushes the rest of the transfer in spite of
    /// the error, and [`LayerReader::finish`] then reports whether these are the bytes that the digest names. Only
    /// then it is known whether the layer is damaged where it was built or was changed on its way.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), LayerError> {
        if let Some(digest) = &mut self.digest {
            digest.update(chunk);
        }
        let layer = &mut self.collector.layer;
        layer.compressed_bytes += chunk.len() as u64;
        if let Some(error) = &layer.error {
            return Err(error.clone());
        }
        let result = self.decode(Some(chunk));
        self.collector.layer.compression = self.decoder.compression();
        if let Err(error) = &result {
            self.collector.layer.error = Some(error.clone());
        }
        result
    }

    /// Pushes a chunk, or the end of the input, through the decoder and the parser.
    fn decode(&mut self, chunk: Option<&[u8]>) -> Result<(), LayerError> {
        let Self { decoder, parser, collector, diff_id, limits, .. } = self;
        let produced = collector.layer.uncompressed_bytes;
        let mut output = |bytes: &[u8]| {
            let layer = &mut collector.layer;
            layer.uncompressed_bytes += bytes.len() as u64;
            check_limits(limits, layer.compressed_bytes, layer.uncompressed_bytes)?;
            if let Some(diff_id) = diff_id {
                diff_id.update(bytes);
            }
            parser.push(bytes, collector)
        };
        match chunk {
            Some(chunk) => decoder.push(chunk, &mut output),
            None => decoder.finish(produced, &mut output),
        }
    }

    /// What was read until now: entries can be shown while the rest arrives.
    #[must_use]
    pub fn layer(&self) -> &Layer {
        &self.collector.layer
    }

    /// Ends the layer after its last byte: checks that it is complete, and its digests. Bytes that are not those of the
    /// digest are the error of the layer, whatever else was wrong before: its entries must not be shown as the
    /// manifest's.
    #[must_use]
    pub fn finish(mut self) -> Layer {
        if self.collector.layer.error.is_none() {
            let result = self.decode(None).and_then(|()| self.parser.finish(&mut self.collector));
            self.collector.layer.error = result.err();
        }
        let complete = self.collector.layer.error.is_none();
        let digest = self.digest.take().map_or(Verification::Unchecked, Verifier::finish);
        let diff_id =
            self.diff_id.take().filter(|_| complete).map_or(Verification::Unchecked, Verifier::finish);
        let mut layer = self.into_layer();
        if let Verification::Mismatch { expected, actual } = &diff_id {
            let (expected, actual) = (expected.as_str().to_owned(), actual.clone());
            layer.error = Some(LayerError::DiffIdMismatch { expected, actual });
        }
        if let Verification::Mismatch { expected, actual } = &digest {
            let (expected, actual) = (expected.as_str().to_owned(), actual.clone());
            layer.error = Some(LayerError::DigestMismatch { expected, actual });
        }
        layer.digest = digest;
        layer.diff_id = diff_id;
        layer
    }

    /// Ends the layer where its transfer stopped: keeps what was read and reports the reason.
    #[must_use]
    pub fn interrupt(self, reason: impl Into<String>) -> Layer {
        let mut layer = self.into_layer();
        layer.error.get_or_insert(LayerError::Interrupted(reason.into()));
        layer
    }

    fn into_layer(self) -> Layer {
        let mut layer = self.collector.layer;
        layer.compression = self.decoder.compression();
        layer.points = self.decoder.into_points();
        layer
    }
}

fn check_limits(limits: &Limits, compressed: u64, uncompressed: u64) -> Result<(), LayerError> {
    if uncompressed > limits.uncompressed_bytes {
        return Err(LayerError::UncompressedSize { limit: limits.uncompressed_bytes });
    }
    let most = compressed.saturating_mul(limits.ratio);
    if uncompressed > limits.ratio_floor_bytes && uncompressed > most {
        return Err(LayerError::Ratio { compressed, uncompressed, limit: limits.ratio });
    }
    Ok(())
}

/// Builds the layer from the parser's events.
struct Collector {
    layer: Layer,
    /// Of the content that follows.
    hasher: Option<SipHasher13>,
    packages: Option<PackageCollector>,
    limits: Limits,
    /// Whether the current entry is not listed.
    skipped: bool,
}

impl Sink for Collector {
    fn entry(&mut self, tar: TarEntry) -> Result<(), LayerError> {
        let sanitized = sanitize(&tar.path);
        for kind in sanitized.warnings {
            self.warn(kind, &tar.path, tar.header_at);
        }
        let mut kind = tar.kind;
        let whiteout = WhiteoutName::of_path(&sanitized.components);
        self.skipped = match whiteout {
            WhiteoutName::Metadata => true,
            WhiteoutName::LinkSource => kind != EntryKind::File,
            _ => false,
        };
        match whiteout {
            _ if self.skipped => return Ok(()),
            WhiteoutName::No | WhiteoutName::LinkSource | WhiteoutName::Metadata => {}
            WhiteoutName::File(_) => kind = EntryKind::Whiteout,
            WhiteoutName::Opaque => kind = EntryKind::OpaqueDirectory,
            WhiteoutName::Invalid => {
                kind = EntryKind::Whiteout;
                self.warn(WarningKind::InvalidWhiteout, &tar.path, tar.header_at);
            }
        }
        let node = self.layer.insert_path(&sanitized.components, &self.limits)?;
        let earlier = self.layer.entry_at(node).and_then(|id| self.layer.entry(id)).map(|entry| entry.kind);
        if earlier.is_some_and(|earlier| earlier != EntryKind::Directory || kind != EntryKind::Directory) {
            self.warn(WarningKind::Duplicate, &tar.path, tar.header_at);
        }
        let is_link = matches!(kind, EntryKind::SymbolicLink | EntryKind::HardLink);
        let link =
            if is_link { self.layer.insert_link(&tar.link, &self.limits)? } else { Default::default() };
        let is_device = matches!(kind, EntryKind::CharacterDevice | EntryKind::BlockDevice);
        let wanted = kind == EntryKind::File && tar.sparse.is_none();
        if let Some(packages) = self.packages.as_mut().filter(|_| wanted) {
            packages.begin(&sanitized.components, tar.stored);
        }
        // Some types have bytes in the archive that are not the content of a file.
        let (size, stored) = if kind == EntryKind::File { (tar.size, tar.stored) } else { (0, 0) };
        let id = self.layer.add_entry(Entry {
            kind,
            mode: tar.mode as u16,
            uid: owner(tar.uid),
            gid: owner(tar.gid),
            size,
            stored,
            mtime: tar.mtime,
            data_at: tar.data_at,
            fingerprint: 0,
            device: is_device.then_some(tar.device),
            node: node.0,
            link,
        });
        if let Some(sparse) = tar.sparse {
            self.layer.insert_sparse(id, sparse, &self.limits)?;
        }
        let key = self.layer.fingerprint_key.filter(|_| stored > 0);
        self.hasher = key.map(|key| SipHasher13::new_with_key(&key.0));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.write(bytes);
        }
        if let Some(packages) = &mut self.packages {
            packages.data(bytes);
        }
    }

    fn end_entry(&mut self) {
        let fingerprint = self.hasher.take().map(|hasher| hasher.finish());
        if self.skipped {
            return;
        }
        if let (Some(fingerprint), Some(entry)) = (fingerprint, self.layer.entries.last_mut()) {
            entry.fingerprint = fingerprint;
        }
        let id = self.layer.entries.len().saturating_sub(1) as u32;
        let Some(found) = self.packages.as_mut().and_then(|packages| packages.end(id)) else { return };
        let incomplete = !found.complete;
        self.layer.packages.push(found);
        if let Some(entry) = self.layer.entries.last().filter(|_| incomplete) {
            let (path, at) = (self.layer.path(entry), entry.data_at);
            self.warn(WarningKind::PackageDatabase, &path, at);
        }
    }

    fn warn(&mut self, kind: WarningKind, path: &[u8], at: u64) {
        self.layer.warning_count += 1;
        if self.layer.warnings.len() < self.limits.warnings {
            self.layer.warnings.push(Warning::new(kind, path, at));
        }
    }
}

/// A number of an owner or a group as chown(2) takes it: -2 is 4 294 967 294.
fn owner(id: i64) -> u32 {
    i32::try_from(id).map_or_else(|_| u32::try_from(id).unwrap_or(u32::MAX), |id| id as u32)
}

/// Whether a layer with this descriptor can be read from the registry at all.
///
/// # Errors
/// [`LayerError::Encrypted`] for media types of encrypted layers, [`LayerError::Foreign`] for layers that the registry
/// does not distribute and the manifest names URLs for.
pub fn check_descriptor(media_type: &str, urls: &[String]) -> Result<(), LayerError> {
    let base = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if base.ends_with("+encrypted") || base.contains("+encrypted+") || base.ends_with(".enc") {
        return Err(LayerError::Encrypted);
    }
    let foreign = base.contains(".foreign.") || base.contains(".nondistributable.");
    if foreign || !urls.is_empty() {
        return Err(LayerError::Foreign { urls: urls.to_vec() });
    }
    Ok(())
}
