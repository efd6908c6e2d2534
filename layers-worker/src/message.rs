//! The message loop.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use acr_layers_worker::cache::Cache;
use acr_layers_worker::protocol::{Reply, Request};
use acr_layers_worker::{Service, cached_index};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// What the page's first message may follow: the worker listens.
const READY: &str = "ready";

struct Worker {
    scope: DedicatedWorkerGlobalScope,
    service: Service,
    cache: Option<Cache>,
    /// The digest of the layer that is being read.
    reading: Option<String>,
}

/// Listens for messages for as long as the worker lives, and then reports that it does.
pub(crate) fn listen() {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let waiting: Rc<RefCell<VecDeque<MessageEvent>>> = Rc::default();
    spawn_local(async move {
        // A private window may have no database; layers are read again then.
        let cache = Cache::open().await;
        let random = random(&scope);
        let key = match &cache {
            Some(cache) => cache.key(random).await.unwrap_or(random),
            None => random,
        };
        let worker = Worker { scope: scope.clone(), service: Service::new(key), cache, reading: None };
        let worker = Rc::new(RefCell::new(Some(worker)));
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event| {
            waiting.borrow_mut().push_back(event);
            work(&worker, &waiting);
        });
        scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();
        // Fails only for a page that is gone.
        let _ = scope.post_message(&READY.into());
    });
}

/// Sixteen random bytes; zeros where the browser has no source of them, which makes fingerprints predictable and nothing else worse.
fn random(scope: &DedicatedWorkerGlobalScope) -> [u8; 16] {
    let mut bytes = [0; 16];
    if let Ok(crypto) = scope.crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

/// Answers what waits, unless this is being done already: answers that wait for the database keep their order.
fn work(worker: &Rc<RefCell<Option<Worker>>>, waiting: &Rc<RefCell<VecDeque<MessageEvent>>>) {
    let Some(mut taken) = worker.borrow_mut().take() else { return };
    let (worker, waiting) = (worker.clone(), waiting.clone());
    spawn_local(async move {
        loop {
            let next = waiting.borrow_mut().pop_front();
            let Some(event) = next else { break };
            taken.answer(&event).await;
        }
        *worker.borrow_mut() = Some(taken);
    });
}

impl Worker {
    async fn answer(&mut self, event: &MessageEvent) {
        let message = Array::from(&event.data());
        let text = message.get(1).as_string().unwrap_or_default();
        let received = message.get(2).dyn_into::<ArrayBuffer>().ok();
        let length = message.get(3).as_f64().unwrap_or_default() as u32;
        let bytes = received.as_ref().map(|buffer| Uint8Array::new(buffer).subarray(0, length).to_vec());
        let (reply, content) = match serde_json::from_str(&text) {
            Ok(request) => self.handle(request, &bytes.unwrap_or_default()).await,
            Err(error) => (Reply::Failed(error.to_string()), None),
        };
        let text = serde_json::to_string(&reply).unwrap_or_default();
        let buffer = content.map(|content| Uint8Array::from(content.as_slice()).buffer());
        // What came goes back, to be filled again.
        let value = |buffer: &Option<ArrayBuffer>| buffer.clone().map_or(JsValue::UNDEFINED, JsValue::from);
        let answer = Array::of4(&message.get(0), &text.into(), &value(&buffer), &value(&received));
        let transfer: Array = buffer.into_iter().chain(received).collect();
        // Fails only for a page that is gone.
        let _ = self.scope.post_message_with_transfer(&answer, &transfer);
    }

    async fn handle(&mut self, request: Request, bytes: &[u8]) -> (Reply, Option<Vec<u8>>) {
        match request {
            Request::Restore(digest) => {
                let index = match &self.cache {
                    Some(cache) => cache.get(&digest).await,
                    None => None,
                };
                (self.service.restored(&digest, index.as_deref()), None)
            }
            Request::Finish => {
                let answer = self.service.handle(Request::Finish, bytes);
                if let (Some(digest), Some(cache)) = (self.reading.take(), &self.cache)
                    && let Some(index) = cached_index(&self.service, &digest)
                {
                    // A layer whose index is not kept is read again.
                    let _ = cache.put(&digest, &index).await;
                }
                answer
            }
            Request::Open { layer, unlimited } => {
                self.reading = Some(layer.digest.clone());
                self.service.handle(Request::Open { layer, unlimited }, bytes)
            }
            other => self.service.handle(other, bytes),
        }
    }
}
