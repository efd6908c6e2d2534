//! Reads the layers of an image: streams what is not cached from the registry into the worker, and keeps what is shown of it up to date.

use acr_client_wasm::{BlobDownload, Digest};
use acr_layers_worker::protocol::{Filter, ImageSummary, LayerSummary, PackageRow, Reply, Request, Waste};
use futures_util::future::{AbortHandle, join};
use leptos::prelude::*;

use super::piece::Piece;
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

/// How often the worker is started again in a row after it failed while it read no layer.
const RESTARTS: u32 = 3;

/// Whether a layer with this error is read again by itself once the worker has failed: not where the user stopped it, nor where the worker
/// failed over it.
fn is_read_again(error: &str) -> bool {
    ![text::STOPPED, text::WORKER_FAILED_READING].iter().any(|end| error.ends_with(end))
}

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
    /// What the tree lists.
    filter: StoredValue<Filter>,
    restarts: StoredValue<u32>,
    /// Whether the worker holds each layer, and whether it has to be sent the filter again: both change when it is started again.
    held: StoredValue<Vec<bool>>,
    forgotten: StoredValue<bool>,
    /// Whether the worker failed so often that it is not started again.
    pub(crate) given_up: RwSignal<bool>,
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
            filter: StoredValue::new(Filter::default()),
            restarts: StoredValue::new(0),
            held: StoredValue::new(vec![false; layers]),
            forgotten: StoredValue::new(false),
            given_up: RwSignal::new(false),
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
        this.go_on_after_failures();
        this
    }

    /// Starts the worker again whenever it failed. The layer that it was reading is reported, and the others are restored.
    fn go_on_after_failures(self) {
        let Some(failures) = self.reader().map(|reader| reader.failures()) else { return };
        Effect::new(move |known: Option<u32>| {
            let count = failures.get();
            if known.is_some_and(|known| known != count) {
                untrack(|| self.restart());
            }
            count
        });
    }

    fn restart(self) {
        let (was_running, is_done) = (self.abort(), self.done.get_untracked());
        let progress = self.progress.get_untracked();
        self.held.update_value(|held| held.fill(false));
        self.forgotten.set_value(true);
        match progress {
            Some(progress) if was_running => {
                let error = Some(text::WORKER_FAILED_READING.to_owned());
                self.note(progress.layer, LayerSummary { error, ..LayerSummary::default() });
            }
            None if is_done => {
                let restarts = self.restarts.get_value();
                self.restarts.set_value(restarts + 1);
                if restarts >= RESTARTS {
                    return self.given_up.set(true);
                }
            }
            // Nothing has been read yet: it is started later.
            None if !was_running => return,
            _ => {}
        }
        let was_reading = was_running && !is_done;
        self.run_all(move |this, position| match this.summary(position).map(|layer| layer.error) {
            None => was_reading,
            Some(error) => error.is_none_or(|error| is_read_again(&error)),
        });
    }

    pub(crate) fn reader(self) -> Option<Reader> {
        self.reader.try_get_value()
    }

    /// Reads what is not read yet; without limits where `unlimited`.
    pub(crate) fn start(self, unlimited: bool) {
        self.unlimited.set_value(unlimited);
        self.restarts.set_value(0);
        self.given_up.set(false);
        self.run_all(|this, position| !this.is_read(position));
    }

    /// Reads the layers that are wanted, each as its turn comes.
    fn run_all(self, is_wanted: impl Fn(Self, usize) -> bool + 'static) {
        let Some(reader) = self.reader() else { return };
        self.abort();
        if self.done.get_untracked() {
            self.done.set(false);
        }
        let task = run(async move {
            let _turn = reader.turn().await;
            if reader.restart().await.is_err() {
                self.progress.set(None);
                return self.given_up.set(true);
            }
            if self.forgotten.get_value() {
                self.remember_filter(&reader).await;
            }
            for position in 0..reader.layers.layers.len() {
                if is_wanted(self, position)
                    && let Some(summary) = self.layer(&reader, position).await
                {
                    self.note(position, summary);
                    self.assemble(&reader).await;
                }
                // What follows a failure of the worker is another run.
                if reader.has_failed() {
                    return;
                }
            }
            self.end(&reader).await;
        });
        self.task.set_value(Some(task));
    }

    /// Lists in a worker that holds nothing yet what the tree listed before.
    async fn remember_filter(self, reader: &Reader) {
        self.forgotten.set_value(false);
        reader.ask(&Request::Assemble(reader.side, digests(reader))).await;
        // A filter that was not understood lists everything, as before.
        reader.ask(&Request::Arrange(reader.side, self.filter.get_value())).await;
    }

    /// Reads the layers that were listed from their tables of contents.
    pub(crate) fn read_completely(self) {
        self.completely.set_value(true);
        self.start(false);
    }

    fn summary(self, position: usize) -> Option<LayerSummary> {
        self.layers.with_untracked(|layers| layers.get(position).cloned().flatten())
    }

    fn is_read(self, position: usize) -> bool {
        let is_held = self.held.with_value(|held| held.get(position) == Some(&true));
        is_held && self.summary(position).is_some_and(|layer| self.suffices(&layer))
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
        self.held.update_value(|held| held.get_mut(position).into_iter().for_each(|held| *held = true));
        self.layers.update(|layers| {
            layers.get_mut(position).into_iter().for_each(|layer| *layer = Some(summary.clone()))
        });
    }

    async fn end(self, reader: &Reader) {
        self.assemble(reader).await;
        if reader.has_failed() {
            return;
        }
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
        if let Reply::Image(image) = reader.ask(&Request::Assemble(reader.side, digests(reader))).await {
            let rows = image.rows;
            self.image.set(image);
            self.show(rows);
        }
    }

    fn show(self, count: u32) {
        self.count.set(count as usize);
        self.round.update(|round| *round = round.wrapping_add(1));
    }

    /// Lists what a filter asks for; `problem` gets the reason where it cannot be understood.
    pub(crate) fn arrange(self, filter: Filter, problem: RwSignal<String>) {
        let Some(reader) = self.reader() else { return };
        self.filter.set_value(filter.clone());
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

/// The digests of the image's layers.
fn digests(reader: &Reader) -> Vec<String> {
    reader.layers.layers.iter().map(|layer| layer.source.digest.clone()).collect()
}

async fn interrupted(reader: &Reader, failure: &Failure) -> Option<LayerSummary> {
    match reader.ask(&Request::Interrupt(failure.why.trim_end_matches('.').to_owned())).await {
        Reply::Layer(summary) => Some(summary),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_that_was_stopped_is_not_read_again_by_itself_however_much_of_it_was_read() {
        // What the worker says of a layer that it had begun (`LayerError::Interrupted`).
        assert!(!is_read_again(&format!("the transfer stopped: {}", text::STOPPED)));
        assert!(!is_read_again(text::STOPPED) && !is_read_again(text::WORKER_FAILED_READING));
        assert!(is_read_again("the transfer stopped: The registry did not answer"));
    }
}
