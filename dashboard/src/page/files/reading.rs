//! Reads the layers of an image: streams what is not cached from the registry into the worker, and keeps what is shown of it up to date.

use acr_client_wasm::{BlobDownload, Digest, Error};
use acr_layers_worker::protocol::{Filter, ImageSummary, LayerSummary, PackageRow, Reply, Request, Waste};
use futures_util::future::{AbortHandle, join};
use leptos::prelude::*;

use super::reader::Reader;
use super::table_of_contents;
use crate::clock::now;
use crate::failure::Failure;
use crate::query::run;
use crate::text::files as text;

/// How long after the first bytes the files read so far are shown first, in milliseconds. The intervals double from there.
const FIRST_LOOK: i64 = 400;

/// Entries up to which a layer is shown before it is read to its end: each look copies what is known of them.
const MOST_SHOWN_EARLY: u64 = 50_000;

/// Bytes of a layer that go to the worker at once.
const PIECE: usize = 256 << 10;

/// How long such a piece is waited for before what has arrived of it goes, in milliseconds.
const LONGEST_PIECE: i64 = 100;

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
            this.abort();
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
        self.abort();
        if self.done.get_untracked() {
            self.done.set(false);
        }
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

    /// Ends what reads, if anything does. Whether it did.
    fn abort(self) -> bool {
        let task = self.task.try_update_value(Option::take).flatten();
        task.inspect(AbortHandle::abort).is_some()
    }

    /// Stops reading; what was read stays.
    pub(crate) fn stop(self) {
        if !self.abort() {
            return;
        }
        let (Some(reader), Some(progress)) = (self.reader(), self.progress.get_untracked()) else { return };
        drop(run(async move {
            match reader.ask(&Request::Interrupt(text::STOPPED.to_owned())).await {
                Reply::Layer(summary) => self.note(progress.layer, summary),
                // Nothing of it had been read yet.
                _ if !self.is_read(progress.layer) => {
                    let error = Some(text::STOPPED.to_owned());
                    self.note(progress.layer, LayerSummary { error, ..LayerSummary::default() });
                }
                _ => {}
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
        match reader.layers.client.blobs().get(&reader.layers.repository, &digest).await {
            // The worker compares the digest, and reports what it found.
            Ok(download) => self.stream(reader, position, layer.size, download.without_verification()).await,
            Err(error) => interrupted(reader, &Failure::of(text::CONTENT_FAILED, &error)).await,
        }
    }

    /// Streams a layer into the worker, which reads a piece while the next one arrives.
    async fn stream(
        self,
        reader: &Reader,
        layer: usize,
        size: u64,
        mut download: BlobDownload,
    ) -> Option<LayerSummary> {
        let (begun, mut interval) = (now(), FIRST_LOOK);
        let mut next = Some(Piece::next(&mut download).await);
        while let Some(Piece { bytes, end }) = next.take() {
            let push = reader.send(&Request::Push, Some(&bytes));
            let pushed = if end.is_none() {
                let (pushed, piece) = join(push, Piece::next(&mut download)).await;
                next = Some(piece);
                pushed
            } else {
                push.await
            };
            let entries = match pushed {
                (Reply::Layer(summary), _) => return Some(summary),
                (Reply::Progress { entries, .. }, _) => entries,
                _ => 0,
            };
            if let Some(Err(error)) = end {
                return interrupted(reader, &Failure::of(text::CONTENT_FAILED, &error)).await;
            }
            self.progress.set(Some(Progress { layer, received: download.received(), size }));
            if now() - begun > interval && entries < MOST_SHOWN_EARLY {
                interval *= 2;
                self.assemble(reader).await;
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

/// A part of a layer that is worth a message to the worker.
struct Piece {
    bytes: Vec<u8>,
    /// How the layer ended with it, if it did.
    end: Option<Result<(), Error>>,
}

impl Piece {
    /// What arrives next: as much as is wanted, or as arrives within the time that progress may take to be seen.
    async fn next(download: &mut BlobDownload) -> Self {
        let begun = now();
        let mut bytes = Vec::new();
        loop {
            match download.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Self { bytes, end: Some(Ok(())) },
                Err(error) => return Self { bytes, end: Some(Err(error)) },
            }
            if bytes.len() >= PIECE || now() - begun >= LONGEST_PIECE {
                return Self { bytes, end: None };
            }
        }
    }
}

async fn interrupted(reader: &Reader, failure: &Failure) -> Option<LayerSummary> {
    match reader.ask(&Request::Interrupt(failure.why.trim_end_matches('.').to_owned())).await {
        Reply::Layer(summary) => Some(summary),
        _ => None,
    }
}
