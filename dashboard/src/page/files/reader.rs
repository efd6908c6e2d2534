//! What reads layers: the worker, and the registry that the layers are in.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use acr_client_wasm::{Descriptor, Digest};
use acr_layers_worker::protocol::{ContentRange, FileVersion, Reply, Request, Side};
use futures_util::lock::{Mutex, MutexGuard};
use js_sys::Uint8Array;
use leptos::prelude::{ArcRwSignal, Update};

use super::layers::Layers;
use crate::failure::Failure;
use crate::surface::Surface;
use crate::surface::worker::Worker;
use crate::text::files as text;

/// The element of the page that names the worker's script.
const META: &str = "layers-worker";
/// How much of a file is requested at once, in bytes.
const PIECE: u64 = 4 << 20;

/// Bytes of layers that are downloaded to show a file without asking.
pub(crate) const UNASKED: u64 = 8 << 20;

/// The tables of contents that a SOCI index has for the layers of an image (ztocs), by the digests of the layers.
pub(super) type Ztocs = BTreeMap<String, Descriptor>;

/// The worker, which can be started again after it failed.
struct Engine {
    surface: Surface,
    worker: RefCell<Worker>,
    /// How often a worker has failed.
    failures: ArcRwSignal<u32>,
    /// Held while layers are read: a worker reads one at a time, also where it holds two images.
    turn: Mutex<()>,
    /// Held while a file's content is read: a worker extracts one at a time, and takes what it is sent for that one's.
    extracting: Mutex<()>,
}

/// The worker, and the layers that it reads.
#[derive(Clone)]
pub(crate) struct Reader {
    engine: Rc<Engine>,
    pub(crate) side: Side,
    pub(crate) layers: Rc<Layers>,
    /// What the image's SOCI index has of its layers, once a layer needed it.
    pub(super) ztocs: Rc<OnceCell<Ztocs>>,
}

impl Reader {
    /// Starts the worker.
    ///
    /// # Errors
    /// The reason why no worker could be started.
    pub(crate) async fn start(surface: Surface, layers: Rc<Layers>) -> Result<Self, String> {
        let failures = ArcRwSignal::new(0);
        let worker = RefCell::new(start(surface, &failures).await?);
        let (turn, extracting) = (Mutex::default(), Mutex::default());
        let engine = Rc::new(Engine { surface, worker, failures, turn, extracting });
        Ok(Self { engine, side: Side::Left, layers, ztocs: Rc::default() })
    }

    /// Another image in the same worker. The two are read one after the other.
    pub(crate) fn other(&self, layers: Rc<Layers>) -> Self {
        Self { engine: self.engine.clone(), side: Side::Right, layers, ztocs: Rc::default() }
    }

    /// Whether the worker has failed and was not started again.
    pub(super) fn has_failed(&self) -> bool {
        self.engine.worker.borrow().has_failed()
    }

    /// How often a worker has failed.
    pub(super) fn failures(&self) -> ArcRwSignal<u32> {
        self.engine.failures.clone()
    }

    /// Waits until nothing else reads layers, which holds for as long as the guard lives.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.engine.turn.lock().await
    }

    /// Starts another worker in place of one that failed. It holds nothing.
    pub(super) async fn restart(&self) -> Result<(), String> {
        if self.has_failed() {
            let worker = start(self.engine.surface, &self.engine.failures).await?;
            self.engine.worker.replace(worker);
        }
        Ok(())
    }

    /// Asks the worker.
    pub(crate) async fn ask(&self, request: &Request) -> Reply {
        self.send(request, None).await.0
    }

    /// Asks the worker, with bytes to read.
    pub(super) async fn send(&self, request: &Request, bytes: Option<&[u8]>) -> (Reply, Option<Uint8Array>) {
        let failed = || (Reply::Failed(text::WORKER_FAILED.to_owned()), None);
        let Ok(message) = serde_json::to_string(request) else { return failed() };
        let worker = self.engine.worker.borrow().clone();
        let Some(answer) = worker.ask(&message, bytes).await else { return failed() };
        match serde_json::from_slice(answer.text.as_bytes()) {
            Ok(reply) => (reply, answer.bytes),
            Err(_) => failed(),
        }
    }

    /// Bytes of the layer that it takes to show so much of a version of a file, at most.
    pub(crate) async fn cost(&self, file: FileVersion, shown: u64) -> u64 {
        match self.ask(&Request::File(self.side, file)).await {
            Reply::File(details) => {
                details.range.map_or(0, |range| cost(&range, details.row.size.min(shown)))
            }
            _ => 0,
        }
    }

    /// The content of a version of a file, of which at most `limit` bytes are kept: from as much of the layer as it takes.
    ///
    /// # Errors
    /// A failure that says why it could not be read.
    pub(crate) async fn content(
        &self,
        file: FileVersion,
        limit: u64,
    ) -> Result<(Reply, Option<Uint8Array>), Failure> {
        let failure = |why: String| Failure::local(text::CONTENT_FAILED, why, text::CONTENT_REMEDY);
        let _extracting = self.engine.extracting.lock().await;
        let range = match self.ask(&Request::Extract(self.side, file, limit)).await {
            Reply::Range(range) => range,
            Reply::Failed(why) => return Err(failure(why)),
            other => return Ok((other, None)),
        };
        let digest: Digest =
            range.digest.parse().map_err(|error: acr_client_wasm::NameError| failure(error.to_string()))?;
        let blobs = self.layers.client.blobs();
        let mut at = range.start;
        while range.end.is_none_or(|end| at < end) {
            let last = range.end.map_or(at + PIECE, |end| end.min(at + PIECE)).saturating_sub(1);
            let bytes = blobs.get_chunk(&self.layers.repository, &digest, at, last).await;
            let bytes = bytes.map_err(|error| Failure::of(text::CONTENT_FAILED, &error))?;
            if bytes.is_empty() {
                break;
            }
            at += bytes.len() as u64;
            match self.send(&Request::ExtractPush, Some(&bytes)).await {
                (Reply::More, _) => {}
                (Reply::Failed(why), _) => return Err(failure(why)),
                answer => return Ok(answer),
            }
        }
        match self.send(&Request::ExtractEnd, None).await {
            (Reply::Failed(why), _) => Err(failure(why)),
            answer => Ok(answer),
        }
    }
}

async fn start(surface: Surface, failures: &ArcRwSignal<u32>) -> Result<Worker, String> {
    let failures = failures.clone();
    let note = move || failures.update(|count| *count = count.wrapping_add(1));
    Worker::start(surface.start_worker(), META, note).await
}

/// Bytes of the layer that it takes to show so much of a file, at most.
pub(super) fn cost(range: &ContentRange, shown: u64) -> u64 {
    let needed = range.before.saturating_add(shown);
    range.end.map_or(needed, |end| needed.min(end.saturating_sub(range.start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_costs_what_precedes_it_and_what_is_shown_up_to_its_range() {
        let range = |start, end, before| ContentRange { digest: String::new(), start, end, before };
        assert_eq!(cost(&range(100, Some(300), 0), 50), 50);
        // One compressed frame, which begins long before the file.
        assert_eq!(cost(&range(0, Some(300), 1_000), 50), 300);
        assert_eq!(cost(&range(0, None, 1_000), 50), 1_050);
    }
}
