//! What the glue hands over, read member by member.

use std::rc::Rc;
use std::sync::Arc;

use acr_client_wasm::{FetchTransport, Transport};
use acr_dashboard::embed::Options;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsError, JsValue};

use crate::credential;

/// The options of an element; what is absent has its default.
pub(crate) fn read(given: &JsValue) -> Result<Options, JsError> {
    let tell = function(given, "tell").ok_or_else(|| JsError::new("tell must be a function"))?;
    let tell = move |name: &str, detail: &str, cancelable: bool| {
        let detail = js_sys::JSON::parse(detail).unwrap_or(JsValue::NULL);
        // A glue that throws has stopped nothing.
        let answer = tell.call3(&JsValue::UNDEFINED, &name.into(), &detail, &cancelable.into());
        answer.map_or(true, |answer| !matches!(answer.as_bool(), Some(false)))
    };
    Ok(Options {
        endpoint: text(given, "endpoint"),
        login_server: text(given, "loginServer"),
        route: text(given, "route"),
        host_routing: flag(given, "hostRouting"),
        links: text(given, "links"),
        theme: text(given, "theme"),
        density: text(given, "density"),
        read_only: flag(given, "readOnly"),
        credential: function(given, "getCredential").map(credential::asking),
        transport: function(given, "fetch")
            .map(|fetch| Arc::new(FetchTransport::calling(fetch)) as Arc<dyn Transport>),
        tell: Rc::new(tell),
    })
}

/// A member; undefined where there is none, or where looking at it throws.
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    if !object.is_object() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is text; empty where it is something else.
pub(crate) fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// A member that is a function.
pub(crate) fn function(object: &JsValue, name: &str) -> Option<Function> {
    member(object, name).dyn_into().ok()
}

fn flag(object: &JsValue, name: &str) -> bool {
    member(object, name).is_truthy()
}
