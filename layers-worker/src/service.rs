//! Answers the page's messages: holds the layers and images that were read, and the one that is being read.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use acr_layers::{
    Comparison, ContentKind, Digest, FileReader, FingerprintKey, Image, Layer, LayerError, LayerReader,
    Limits, Options, Warning, check_descriptor, display_path, estargz_toc_offset,
};

use crate::arrangement::Arranged;
use crate::protocol::{
    Compared, ContentSummary, FileVersion, Filter, ImageSummary, LayerSource, LayerSummary, Reply, Request,
    Side, Warnings,
};
use crate::{comparison, contents, details};

/// Warnings of a layer that the page gets, and of merging it.
const WARNINGS: usize = 100;

/// An image as it is shown.
struct Shown {
    arranged: Arranged,
    digests: Vec<String>,
    filter: Filter,
}

/// A file whose content is being read.
struct Extraction {
    reader: FileReader,
    content: Vec<u8>,
}

/// What the worker holds. It answers everything but what concerns the cache.
pub struct Service {
    key: FingerprintKey,
    layers: HashMap<String, Arc<Layer>>,
    reading: Option<(String, LayerReader)>,
    images: HashMap<Side, Shown>,
    extraction: Option<Extraction>,
    comparison: Option<Comparison>,
}

/// The index of a layer that [`Service::handle`] finished, to be cached under its digest. `None` for a layer that was not read to its end
/// or is not what its digest names.
#[must_use]
pub fn cached_index(service: &Service, digest: &str) -> Option<Vec<u8>> {
    let is_read = |layer: &&Arc<Layer>| layer.error.is_none() && layer.fingerprint_key().is_some();
    let layer = service.layers.get(digest).filter(is_read)?;
    layer.to_index().ok()
}

impl Service {
    /// A service that holds nothing. `key` is the secret key of content fingerprints.
    #[must_use]
    pub fn new(key: [u8; 16]) -> Self {
        Self {
            key: FingerprintKey(key),
            layers: HashMap::new(),
            reading: None,
            images: HashMap::new(),
            extraction: None,
            comparison: None,
        }
    }

    /// Answers a message; bytes travel next to it and to the answer.
    pub fn handle(&mut self, request: Request, bytes: &[u8]) -> (Reply, Option<Vec<u8>>) {
        let reply = match request {
            Request::Restore(digest) => self.restored(&digest, None),
            Request::FindContents => estargz_toc_offset(bytes).map_or(Reply::Absent, Reply::Offset),
            Request::ReadContents(layer, offset) => {
                let contents = layer.contents.as_deref().unwrap_or_default();
                self.list(&layer.digest, contents::estargz(bytes, offset, contents))
            }
            Request::ReadZtoc(layer, size) => self.list(&layer.digest, contents::soci(bytes, size)),
            Request::Open { layer, unlimited } => self.open(&layer, unlimited),
            Request::Push => self.push(bytes),
            Request::Finish => self.end(LayerReader::finish),
            Request::Interrupt(reason) => self.end(|reader| reader.interrupt(reason)),
            Request::Assemble(side, digests) => self.assemble(side, digests),
            Request::Arrange(side, filter) => self.arrange(side, filter),
            Request::Toggle(side, node) => self.with(side, |shown| {
                shown.arranged.toggle(node);
                Reply::Count(shown.arranged.count())
            }),
            Request::Rows(side, first, end) => {
                self.with(side, |shown| Reply::Rows(shown.arranged.rows(first, end)))
            }
            Request::File(side, version) => self.with(side, |shown| {
                let details = details::file(&shown.arranged, &version, &shown.digests);
                details.map_or(Reply::Absent, |details| Reply::File(Box::new(details)))
            }),
            Request::Extract(side, version, limit) => self.extract(side, &version, limit),
            Request::ExtractPush => return self.extract_push(bytes),
            Request::ExtractEnd => return self.extract_end(),
            Request::Waste(side) => {
                self.with(side, |shown| Reply::Waste(details::waste(shown.arranged.image())))
            }
            Request::Packages(side) => {
                self.with(side, |shown| Reply::Packages(details::packages(shown.arranged.image())))
            }
            Request::Compare(compared) => self.compare(&compared),
            Request::Lines(before, after) => {
                comparison::lines(&before, &after).map_or(Reply::TooDifferent, Reply::Lines)
            }
            Request::Export { markdown } => self.export(markdown),
        };
        (reply, None)
    }

    /// Answers [`Request::Restore`]: with a layer that is held already, else with what the index of the cache describes.
    pub fn restored(&mut self, digest: &str, index: Option<&[u8]>) -> Reply {
        if let Some(layer) = self.layers.get(digest).filter(|layer| layer.error.is_none()) {
            return Reply::Layer(summary(layer));
        }
        match index.map(Layer::from_index) {
            // An index of another browser's key cannot be compared with what is read now: it is read again.
            Some(Ok(layer)) if layer.fingerprint_key() == Some(self.key) => {
                let summary = summary(&layer);
                self.layers.insert(digest.to_owned(), Arc::new(layer));
                Reply::Layer(summary)
            }
            _ => Reply::Absent,
        }
    }

    fn open(&mut self, layer: &LayerSource, unlimited: bool) -> Reply {
        let digest =
            check_descriptor(&layer.media_type, &layer.urls).and_then(|()| Digest::parse(&layer.digest));
        let digest = match digest {
            Ok(digest) => digest,
            Err(error) => {
                let mut unread = Layer::default();
                unread.error = Some(error);
                let summary = summary(&unread);
                self.layers.insert(layer.digest.clone(), Arc::new(unread));
                return Reply::Layer(summary);
            }
        };
        let options = Options {
            digest: Some(digest),
            fingerprint_key: Some(self.key),
            limits: if unlimited { Limits::unlimited() } else { Limits::default() },
            ..Options::default()
        };
        self.reading = Some((layer.digest.clone(), LayerReader::new(options)));
        Reply::Done
    }

    /// Holds a layer that its table of contents lists.
    fn list(&mut self, digest: &str, listed: Result<Layer, LayerError>) -> Reply {
        match listed {
            Ok(layer) => {
                let summary = summary(&layer);
                self.layers.insert(digest.to_owned(), Arc::new(layer));
                Reply::Layer(summary)
            }
            Err(error) => Reply::Failed(error.to_string()),
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Reply {
        let Some((_, reader)) = &mut self.reading else { return Reply::Absent };
        // The layer has the error. The rest of the transfer shows whether the bytes are the manifest's at all.
        let _ = reader.push(bytes);
        let layer = reader.layer();
        Reply::Progress { entries: layer.entries().len() as u64, uncompressed: layer.uncompressed_bytes }
    }

    fn end(&mut self, end: impl FnOnce(LayerReader) -> Layer) -> Reply {
        let Some((digest, reader)) = self.reading.take() else { return Reply::Absent };
        let layer = end(reader);
        let summary = summary(&layer);
        self.layers.insert(digest, Arc::new(layer));
        Reply::Layer(summary)
    }

    fn assemble(&mut self, side: Side, digests: Vec<String>) -> Reply {
        // A layer of a different content than its digest names is shown nowhere. One that is being read is shown as far as it is.
        let layer = |digest: &String| {
            let reading = self.reading.as_ref().filter(|(reading, _)| reading == digest);
            let partial = || reading.map(|(_, reader)| Arc::new(reader.layer().clone()));
            let layer = partial().or_else(|| self.layers.get(digest).cloned());
            layer.filter(|layer| !is_other_content(layer)).unwrap_or_default()
        };
        // Let go before another is made: the two would take twice the memory.
        let earlier = self.images.remove(&side).filter(|earlier| earlier.digests == digests);
        let earlier = earlier.map(|earlier| (earlier.arranged.directories(), earlier.filter));
        let layers: Vec<Arc<Layer>> = digests.iter().map(layer).collect();
        let mut arranged = Arranged::new(Image::merge(&layers));
        if let Some((directories, filter)) = &earlier {
            // The filter was accepted before.
            let _ = arranged.continue_from(directories, filter);
        }
        let filter = earlier.map(|(_, filter)| filter).unwrap_or_default();
        let (paths, bytes) = arranged.totals();
        let summary = ImageSummary {
            layers: layers.len() as u32,
            paths,
            bytes,
            rows: arranged.count(),
            warnings: merge_warnings(arranged.image()),
        };
        self.images.insert(side, Shown { arranged, digests, filter });
        Reply::Image(summary)
    }

    fn arrange(&mut self, side: Side, filter: Filter) -> Reply {
        self.with(side, |shown| match shown.arranged.filter(&filter) {
            Ok(()) => {
                shown.filter = filter;
                Reply::Count(shown.arranged.count())
            }
            Err(error) => Reply::Failed(error),
        })
    }

    fn with(&mut self, side: Side, answer: impl FnOnce(&mut Shown) -> Reply) -> Reply {
        self.images.get_mut(&side).map_or(Reply::Absent, answer)
    }

    fn extract(&mut self, side: Side, version: &FileVersion, limit: u64) -> Reply {
        self.extraction = None;
        let found = self.images.get(&side).and_then(|shown| {
            let image = shown.arranged.image();
            let node = shown.arranged.find(&version.path)?;
            let content = shown.arranged.file(node, version.layer)?.content?;
            let reader = FileReader::new(image.layers().get(usize::from(content.0))?, content.1, limit)?;
            Some((reader, details::range(image, content, &shown.digests)?))
        });
        let Some((reader, range)) = found else { return Reply::Absent };
        self.extraction = Some(Extraction { reader, content: Vec::new() });
        Reply::Range(range)
    }

    fn extract_push(&mut self, bytes: &[u8]) -> (Reply, Option<Vec<u8>>) {
        let Some(Extraction { reader, content }) = &mut self.extraction else { return (Reply::Absent, None) };
        match reader.push(bytes, &mut |bytes| content.extend_from_slice(bytes)) {
            Ok(false) => (Reply::More, None),
            Ok(true) => self.extract_end(),
            Err(error) => {
                self.extraction = None;
                (Reply::Failed(error.to_string()), None)
            }
        }
    }

    fn extract_end(&mut self) -> (Reply, Option<Vec<u8>>) {
        let Some(Extraction { reader, mut content }) = self.extraction.take() else {
            return (Reply::Absent, None);
        };
        match reader.finish(&mut |bytes| content.extend_from_slice(bytes)) {
            Ok(summary) => {
                let encoding = ContentKind::guess(&content).encoding_label().map(str::to_owned);
                let reply = ContentSummary { encoding, size: summary.size, truncated: summary.truncated };
                (Reply::Content(reply), Some(content))
            }
            Err(error) => (Reply::Failed(error.to_string()), None),
        }
    }

    fn compare(&mut self, compared: &Compared) -> Reply {
        let images = (self.images.get(&Side::Left), self.images.get(&Side::Right));
        let images = match images {
            (Some(left), Some(right)) if compared.with_files => {
                Some((left.arranged.image(), right.arranged.image()))
            }
            _ => None,
        };
        match comparison::compare(compared, images) {
            Ok(comparison) => {
                let tables = comparison::tables(&comparison);
                self.comparison = Some(comparison);
                Reply::Comparison(Box::new(tables))
            }
            Err(error) => Reply::Failed(error),
        }
    }

    fn export(&self, markdown: bool) -> Reply {
        let Some(comparison) = &self.comparison else { return Reply::Absent };
        if markdown {
            return Reply::Document(comparison.to_markdown());
        }
        comparison.to_json().map_or_else(|error| Reply::Failed(error.to_string()), Reply::Document)
    }
}

fn is_other_content(layer: &Layer) -> bool {
    matches!(layer.error, Some(LayerError::DigestMismatch { .. } | LayerError::DiffIdMismatch { .. }))
}

fn summary(layer: &Layer) -> LayerSummary {
    let limits = matches!(layer.error, Some(LayerError::UncompressedSize { .. } | LayerError::Ratio { .. }));
    LayerSummary {
        entries: layer.entries().len() as u64,
        compressed: layer.compressed_bytes,
        uncompressed: layer.uncompressed_bytes,
        from_contents: layer.error.is_none() && layer.fingerprint_key().is_none(),
        error: layer.error.as_ref().map(ToString::to_string),
        can_override: limits,
        warnings: Warnings {
            count: layer.warning_count,
            first: layer.warnings.iter().take(WARNINGS).map(sentence).collect(),
        },
    }
}

fn sentence(warning: &Warning) -> (String, String) {
    (warning.kind.message().to_owned(), display_path(warning.path.as_bytes()))
}

/// What was unusual when the layers of an image were merged, by layer.
fn merge_warnings(image: &Image) -> Vec<(u16, Warnings)> {
    let mut layers: BTreeMap<u16, Warnings> = BTreeMap::new();
    for (layer, warning) in &image.warnings {
        let warnings = layers.entry(*layer).or_default();
        warnings.count += 1;
        if warnings.first.len() < WARNINGS {
            warnings.first.push(sentence(warning));
        }
    }
    layers.into_iter().collect()
}
