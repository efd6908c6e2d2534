//! Time and chance as a browser, a worker or Node has them.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::pipeline::Environment;

/// `Date.now`, `setTimeout` and `Math.random`.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserEnvironment;

impl BrowserEnvironment {
    /// The environment; it holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Environment for BrowserEnvironment {
    fn now(&self) -> Duration {
        Duration::from_millis(js_sys::Date::now() as u64)
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'_, ()> {
        let milliseconds = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
        async move {
            let promise = Promise::new(&mut |resolve, _| {
                if set_timeout(&resolve, milliseconds).is_err() {
                    // Without timers there is nothing to wait for.
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                }
            });
            let _ = JsFuture::from(promise).await;
        }
        .boxed_local()
    }

    fn jitter(&self) -> f64 {
        js_sys::Math::random()
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        spawn_local(task);
    }
}

fn set_timeout(callback: &Function, milliseconds: i32) -> Result<(), JsValue> {
    let global = js_sys::global();
    let set_timeout: Function = Reflect::get(&global, &JsValue::from_str("setTimeout"))?.dyn_into()?;
    set_timeout.call2(&global, callback, &JsValue::from(milliseconds)).map(|_| ())
}

/// Host and port of the page or worker, `None` where there is none, as in Node.
pub(crate) fn page_host() -> Option<String> {
    let location = Reflect::get(&js_sys::global(), &JsValue::from_str("location")).ok()?;
    Reflect::get(&location, &JsValue::from_str("host")).ok()?.as_string().filter(|host| !host.is_empty())
}
