//! What reads layers: the worker, and the registry that the layers are in.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use acr_client_wasm::{Descriptor, Digest};
use acr_layers_worker::protocol::{Reply, Request, Side};
use js_sys::Uint8Array;

use super::layers::Layers;
use crate::failure::Failure;
use crate::surface::Surface;
use crate::surface::worker::Worker;
use crate::text::files as text;

/// The element of the page that names the worker's script.
const META: &str = "layers-worker";
/// How much of a file is requested at once, in bytes.
const PIECE: u64 = 4 << 20;

/// The tables of contents that a SOCI index has for the layers of an image (ztocs), by the digests of the layers.
pub(super) type Ztocs = BTreeMap<String, Descriptor>;

/// The worker, and the layers that it reads.
#[derive(Clone)]
pub(crate) struct Reader {
    worker: Worker,
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
        let worker = Worker::start(surface.start_worker(), META).await?;
        Ok(Self { worker, side: Side::Left, layers, ztocs: Rc::default() })
    }

    /// Another image in the same worker. The two are read one after the other.
    pub(crate) fn other(&self, layers: Rc<Layers>) -> Self {
        Self { worker: self.worker.clone(), side: Side::Right, layers, ztocs: Rc::default() }
    }

    /// Asks the worker.
    pub(crate) async fn ask(&self, request: &Request) -> Reply {
        self.send(request, None).await.0
    }

    /// Asks the worker, with bytes to read.
    pub(super) async fn send(&self, request: &Request, bytes: Option<&[u8]>) -> (Reply, Option<Uint8Array>) {
        let failed = || (Reply::Failed(text::WORKER_FAILED.to_owned()), None);
        let Ok(message) = serde_json::to_string(request) else { return failed() };
        let Some(answer) = self.worker.ask(&message, bytes).await else { return failed() };
        match serde_json::from_slice(answer.text.as_bytes()) {
            Ok(reply) => (reply, answer.bytes),
            Err(_) => failed(),
        }
    }

    /// The content of a file, of which at most `limit` bytes are kept: from as much of the layer as it takes.
    ///
    /// # Errors
    /// A failure that says why it could not be read.
    pub(crate) async fn content(
        &self,
        node: u32,
        limit: u64,
    ) -> Result<(Reply, Option<Uint8Array>), Failure> {
        let failure = |why: String| Failure::local(text::CONTENT_FAILED, why, text::CONTENT_REMEDY);
        let Reply::File(details) = self.ask(&Request::File(self.side, node)).await else {
            return Ok((Reply::Absent, None));
        };
        let Some((digest, start, end)) = details.range else { return Ok((Reply::Absent, None)) };
        let digest: Digest =
            digest.parse().map_err(|error: acr_client_wasm::NameError| failure(error.to_string()))?;
        let begun = self.ask(&Request::Extract(self.side, node, limit)).await;
        if !matches!(begun, Reply::More) {
            return Ok((begun, None));
        }
        let blobs = self.layers.client.blobs();
        let mut at = start;
        while end.is_none_or(|end| at < end) {
            let last = end.map_or(at + PIECE, |end| end.min(at + PIECE)).saturating_sub(1);
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
