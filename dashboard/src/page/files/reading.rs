//! Reads the layers of an image: streams what is not cached from the registry into the worker, and keeps what is shown of it up to date.

use acr_client_wasm::Digest;
use acr_layers_worker::protocol::{Filter, ImageSummary, LayerSummary, PackageRow, Reply, Request, Waste};
use futures_util::future::AbortHandle;
use leptos::prelude::*;

use super::reader::Reader;
use super::table_of_contents;
use crate::clock::now;
use crate::failure::Failure;
use crate::query::run;
use crate::text::files as text;

/// How long after the first bytes the files read so far are shown first, in milliseconds. The intervals double from there.
const FIRST_LOOK: i64 = 400;
/// How far a layer is read: its position, the bytes received and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) layer: usize,
    pub(crate) received: u64,
    pub(crate) size: u64,
}

/// What is known so far. Lives as long as the reactive owner that began it.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    reader: StoredValue<Reader, LocalStorage>,
    task: StoredValue<Option<AbortHandle>>,
    unlimited: StoredValue<bool>,
    /// Whether layers are read even where a table of contents lists them.
    completely: StoredValue<bool>,
    pub(crate) progress: RwSignal<Option<Progress>>,
    /// Whether everything is read, as far as it could be.
    pub(crate) done: RwSignal<bool>,
    /// The layers that are read, by their position.
    pub(crate) layers: RwSignal<Vec<Option<LayerSummary>>>,
    pub(crate) image: RwSignal<ImageSummary>,
    /// How many rows the tree has.
    pub(crate) count: RwSignal<usize>,
    /// Changes whenever rows may have changed.
    pub(crate) round: RwSignal<u32>,
    pub(crate) waste: RwSignal<Option<Waste>>,
    pub(crate) packages: RwSignal<Vec<PackageRow>>,
}

impl Reading {
    /// Begins to read.
    pub(crate) fn begin(reader: StoredValue<Reader, LocalStorage>) -> Self {
        let this = Self::new(reader);
        this.start(false);
        this
    }

    /// Reads nothing before it is started.
    pub(crate) fn new(reader: StoredValue<Reader, LocalStorage>) -> Self {
        let layers = reader.with_value(|reader| reader.layers.layers.len());
        let this = Self {
            reader,
            task: StoredValue::new(None),
            unlimited: StoredValue::new(false),
            completely: StoredValue::new(false),
            progress: RwSignal::new(None),
            done: RwSignal::new(false),
            layers: RwSignal::new(vec![None; layers]),
            image: RwSignal::new(ImageSummary::default()),
            count: RwSignal::new(0),
            round: RwSignal::new(0),
            waste: RwSignal::new(None),
            packages: RwSignal::new(Vec::new()),
        };
        on_cleanup(move || {
            this.task.try_update_value(Option::take).flatten().into_iter().for_each(|task| task.abort())
        });
        this
    }

    pub(crate) fn reader(self) -> Option<Reader> {
        self.reader.try_get_value()
    }

    /// Reads what is not read yet; without limits where `unlimited`.
    pub(crate) fn start(self, unlimited: bool) {
        self.unlimited.set_value(unlimited);
        let Some(reader) = self.reader() else { return };
        let task = run(async move {
            for position in 0..reader.layers.layers.len() {
                if !self.is_read(position)
                    && let Some(summary) = self.layer(&reader, position).await
                {
                    self.note(position, summary);
                    self.assemble(&reader).await;
                }
            }
            self.end(&reader).await;
        });
        self.task.set_value(Some(task));
    }

    /// Reads the layers that were listed from their tables of contents.
    pub(crate) fn read_completely(self) {
        self.completely.set_value(true);
        self.start(false);
    }

    fn is_read(self, position: usize) -> bool {
        let layer = self.layers.with_untracked(|layers| layers.get(position).cloned().flatten());
        layer.is_some_and(|layer| self.suffices(&layer))
    }

    fn suffices(self, layer: &LayerSummary) -> bool {
        layer.error.is_none() && !(layer.from_contents && self.completely.get_value())
    }

    /// Stops reading; what was read stays.
    pub(crate) fn stop(self) {
        let Some(task) = self.task.try_update_value(Option::take).flatten() else { return };
        task.abort();
        let (Some(reader), Some(progress)) = (self.reader(), self.progress.get_untracked()) else { return };
        drop(run(async move {
            if let Reply::Layer(summary) = reader.ask(&Request::Interrupt(text::STOPPED.to_owned())).await {
                self.note(progress.layer, summary);
            }
            self.end(&reader).await;
        }));
    }

    fn note(self, position: usize, summary: LayerSummary) {
        self.layers.update(|layers| {
            layers.get_mut(position).into_iter().for_each(|layer| *layer = Some(summary.clone()))
        });
    }

    async fn end(self, reader: &Reader) {
        self.assemble(reader).await;
        self.progress.set(None);
        self.done.set(true);
        if let Reply::Waste(waste) = reader.ask(&Request::Waste(reader.side)).await {
            self.waste.set(Some(waste));
        }
        if let Reply::Packages(packages) = reader.ask(&Request::Packages(reader.side)).await {
            self.packages.set(packages);
        }
    }

    /// Reads one layer: from the cache, else from the registry.
    async fn layer(self, reader: &Reader, position: usize) -> Option<LayerSummary> {
        let layer = reader.layers.layers.get(position)?.clone();
        self.progress.set(Some(Progress { layer: position, received: 0, size: layer.size }));
        if let Reply::Layer(summary) = reader.ask(&Request::Restore(layer.source.digest.clone())).await
            && self.suffices(&summary)
        {
            return Some(summary);
        }
        if !self.completely.get_value()
            && let Some(summary) = table_of_contents::list(reader, &layer).await
        {
            return Some(summary);
        }
        let unlimited = self.unlimited.get_value();
        let open = Request::Open { layer: layer.source.clone(), unlimited };
        if let Reply::Layer(summary) = reader.ask(&open).await {
            return Some(summary);
        }
        let digest: Digest = layer.source.digest.parse().ok()?;
        let mut download = match reader.layers.client.blobs().get(&reader.layers.repository, &digest).await {
            Ok(download) => download,
            Err(error) => return interrupted(reader, &Failure::of(text::CONTENT_FAILED, &error)).await,
        };
        let (begun, mut interval) = (now(), FIRST_LOOK);
        loop {
            match download.chunk().await {
                Ok(Some(chunk)) => {
                    if let Reply::Layer(summary) = reader.send(&Request::Push, Some(&chunk)).await.0 {
                        return Some(summary);
                    }
                    let received = download.received();
                    self.progress.set(Some(Progress { layer: position, received, size: layer.size }));
                    if now() - begun > interval {
                        interval *= 2;
                        self.assemble(reader).await;
                    }
                }
                // The worker compares the digest as well, and says what it found.
                Ok(None) => break,
                Err(error) if error.kind() == acr_client_wasm::ErrorKind::DigestMismatch => break,
                Err(error) => return interrupted(reader, &Failure::of(text::CONTENT_FAILED, &error)).await,
            }
        }
        match reader.ask(&Request::Finish).await {
            Reply::Layer(summary) => Some(summary),
            _ => None,
        }
    }

    /// Puts together what was read.
    async fn assemble(self, reader: &Reader) {
        let digests = reader.layers.layers.iter().map(|layer| layer.source.digest.clone()).collect();
        if let Reply::Image(image) = reader.ask(&Request::Assemble(reader.side, digests)).await {
            self.image.set(image);
            self.show(image.rows);
        }
    }

    fn show(self, count: u32) {
        self.count.set(count as usize);
        self.round.update(|round| *round = round.wrapping_add(1));
    }

    /// Lists what a filter asks for; `problem` gets the reason where it cannot be understood.
    pub(crate) fn arrange(self, filter: Filter, problem: RwSignal<String>) {
        let Some(reader) = self.reader() else { return };
        drop(run(async move {
            match reader.ask(&Request::Arrange(reader.side, filter)).await {
                Reply::Count(count) => {
                    problem.set(String::new());
                    self.show(count);
                }
                Reply::Failed(why) => problem.set(why),
                _ => {}
            }
        }));
    }

    /// Opens or closes a directory.
    pub(crate) fn toggle(self, node: u32) {
        let Some(reader) = self.reader() else { return };
        drop(run(async move {
            if let Reply::Count(count) = reader.ask(&Request::Toggle(reader.side, node)).await {
                self.show(count);
            }
        }));
    }
}

async fn interrupted(reader: &Reader, failure: &Failure) -> Option<LayerSummary> {
    match reader.ask(&Request::Interrupt(failure.why.trim_end_matches('.').to_owned())).await {
        Reply::Layer(summary) => Some(summary),
        _ => None,
    }
}
