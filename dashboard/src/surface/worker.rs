//! A Web Worker of the page's own server: asked with JSON and bytes, it answers with JSON and bytes. Ends when the last handle is dropped, or
//! with its first error: nothing unwinds, so that its state is undefined afterwards.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Function, Promise, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Makes the worker object of an embedding page, which knows where its files are. An error is the exception's value.
pub(crate) type StartWorker = Rc<dyn Fn() -> Result<JsValue, JsValue>>;

type Waiting = Rc<RefCell<HashMap<u32, Function>>>;

/// What a worker answers: a text, and bytes if it sent any.
pub(crate) struct Answer {
    /// The text.
    pub(crate) text: String,
    /// The bytes.
    pub(crate) bytes: Option<Uint8Array>,
}

struct Inner {
    worker: web_sys::Worker,
    waiting: Waiting,
    failed: Rc<Cell<bool>>,
    next: Cell<u32>,
    /// A buffer that the worker sent back, for the next bytes: a layer passes through it instead of through as many buffers as it has pieces.
    spare: RefCell<Option<ArrayBuffer>>,
    _heard: Closure<dyn Fn(web_sys::MessageEvent)>,
    broken: Closure<dyn Fn()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A running worker.
#[derive(Clone)]
pub(crate) struct Worker(Rc<Inner>);

/// The number under which the worker's first message is waited for.
const READY: u32 = 0;

impl Worker {
    /// Starts the worker: the embedding page's, else the module whose address is the content of the document's `<meta name="…">`.
    /// `on_failure` is called when the worker fails later.
    ///
    /// # Errors
    /// The reason in a few words, where the document names none, or the browser or its policy allows none.
    pub(crate) async fn start(
        host: Option<StartWorker>,
        meta: &str,
        on_failure: impl Fn() + 'static,
    ) -> Result<Self, String> {
        let worker = match host {
            Some(start) => start().and_then(JsCast::dyn_into).map_err(|error| reason(&error))?,
            None => of_document(meta)?,
        };
        let waiting = Waiting::default();
        let hearing = waiting.clone();
        let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let data = event.data();
            let number = data.dyn_ref::<Array>().and_then(|answer| answer.get(0).as_f64()).unwrap_or(0.0);
            let resolve = hearing.borrow_mut().remove(&(number as u32));
            if let Some(resolve) = resolve {
                // The executor of a promise does not throw.
                let _ = resolve.call1(&JsValue::UNDEFINED, &data);
            }
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let (lost, failed) = (waiting.clone(), Rc::<Cell<bool>>::default());
        let failing = failed.clone();
        // A worker that failed answers nothing any more: what waits for it ends without an answer.
        let broken = Closure::<dyn Fn()>::new(move || {
            if failing.replace(true) {
                return;
            }
            let waiting = std::mem::take(&mut *lost.borrow_mut());
            for resolve in waiting.into_values() {
                // As above.
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
            on_failure();
        });
        let inner = Inner {
            worker,
            waiting,
            failed,
            next: Cell::new(READY + 1),
            spare: RefCell::default(),
            _heard: heard,
            broken,
        };
        let this = Self(Rc::new(inner));
        this.ready().await.map(|()| this)
    }

    async fn ready(&self) -> Result<(), String> {
        let ready = Promise::new(&mut |resolve, reject| {
            self.0.waiting.borrow_mut().insert(READY, resolve);
            self.0.worker.set_onerror(Some(&reject));
        });
        JsFuture::from(ready).await.map_err(|error| reason(&error))?;
        self.0.worker.set_onerror(Some(self.0.broken.as_ref().unchecked_ref()));
        Ok(())
    }

    /// Whether the worker has failed, so that it answers nothing any more.
    pub(crate) fn has_failed(&self) -> bool {
        self.0.failed.get()
    }

    /// Asks; `bytes` are copied into a buffer that is transferred. `None` where the message could not be sent, or the worker has failed.
    pub(crate) async fn ask(&self, text: &str, bytes: Option<&[u8]>) -> Option<Answer> {
        if self.has_failed() {
            return None;
        }
        let number = self.0.next.get();
        self.0.next.set(number.wrapping_add(1).max(READY + 1));
        let buffer = bytes.map(|bytes| self.filled(bytes));
        let message = Array::of4(
            &number.into(),
            &text.into(),
            &buffer.clone().map_or(JsValue::UNDEFINED, JsValue::from),
            &bytes.map_or(0, <[u8]>::len).into(),
        );
        let transfer: Array = buffer.into_iter().collect();
        let mut sent = true;
        let answer = Promise::new(&mut |resolve, _| {
            self.0.waiting.borrow_mut().insert(number, resolve);
            sent = self.0.worker.post_message_with_transfer(&message, &transfer).is_ok();
        });
        if !sent {
            return None;
        }
        let answer: Array = JsFuture::from(answer).await.ok()?.dyn_into().ok()?;
        if let Ok(buffer) = answer.get(3).dyn_into::<ArrayBuffer>() {
            self.0.spare.replace(Some(buffer));
        }
        let bytes = answer.get(2).dyn_into::<ArrayBuffer>().ok().map(|buffer| Uint8Array::new(&buffer));
        Some(Answer { text: answer.get(1).as_string()?, bytes })
    }

    /// A buffer that begins with these bytes.
    fn filled(&self, bytes: &[u8]) -> ArrayBuffer {
        let length = bytes.len() as u32;
        match self.0.spare.take().filter(|spare| spare.byte_length() >= length) {
            Some(spare) => {
                Uint8Array::new(&spare).subarray(0, length).copy_from(bytes);
                spare
            }
            None => Uint8Array::from(bytes).buffer(),
        }
    }
}

/// A worker of the module that the document names.
fn of_document(meta: &str) -> Result<web_sys::Worker, String> {
    let found = document().query_selector(&format!("meta[name=\"{meta}\"]")).ok().flatten();
    let address = found.and_then(|found| found.get_attribute("content")).ok_or("the page names no worker")?;
    let options = web_sys::WorkerOptions::new();
    options.set_type(web_sys::WorkerType::Module);
    web_sys::Worker::new_with_options(&address, &options).map_err(|error| reason(&error))
}

fn reason(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| "the browser started no worker".to_owned())
}

#[cfg(all(test, target_arch = "wasm32"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Echoes messages until one says "fail".
    const SCRIPT: &str = "onmessage = ({data: [number, text]}) => {
        if (text === 'fail') setTimeout(() => { throw new Error('failed'); });
        else postMessage([number, text]);
    }; postMessage('ready');";

    #[wasm_bindgen_test]
    async fn a_worker_that_fails_answers_what_waits_and_what_follows_with_nothing() {
        let host: StartWorker = Rc::new(|| {
            let blob = web_sys::Blob::new_with_str_sequence(&Array::of1(&SCRIPT.into()))?;
            let address = web_sys::Url::create_object_url_with_blob(&blob)?;
            web_sys::Worker::new(&address).map(JsValue::from)
        });
        let failures = Rc::<Cell<u32>>::default();
        let counted = failures.clone();
        let count = move || counted.set(counted.get() + 1);
        let worker = Worker::start(Some(host), "", count).await.unwrap();
        assert_eq!(worker.ask("hello", None).await.unwrap().text, "hello");
        assert!(!worker.has_failed());
        assert!(worker.ask("fail", None).await.is_none());
        assert!(worker.has_failed());
        assert!(worker.ask("hello", None).await.is_none());
        assert_eq!(failures.get(), 1);
    }
}
