//! The registry's JSON as the browser parses it, and nothing that the registry said lost on the way.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::error::{Error, ErrorKind};
use crate::http::{Call, Pipeline};
use crate::transport::{FetchBody, Headers, Response, TransportError};

/// An answer's header and its body, parsed, or why it could not be parsed.
pub(super) struct Parsed {
    pub(super) headers: Headers,
    body: Result<JsValue, TransportError>,
}

impl Parsed {
    /// Reads an answer with the browser's own `JSON.parse`.
    pub(super) async fn read(response: Response) -> Result<Self, TransportError> {
        let Response { headers, body, .. } = response;
        let body = match body.downcast::<FetchBody>() {
            Ok(body) => match body.json().await {
                Err((error, false)) => return Err(error),
                Err((error, true)) => Err(error),
                Ok(value) => Ok(value),
            },
            Err(_) => Err(TransportError::new("the answer did not come through fetch")),
        };
        Ok(Self { headers, body })
    }

    /// The object that the answer must be.
    pub(super) fn object(&self, operation: &'static str) -> Result<JsValue, Error> {
        let refuse = |why: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Decode, operation, format!("the registry's answer cannot be read: {why}"))
        };
        let value = self.body.as_ref().map_err(|error| refuse(error))?;
        if !value.is_object() || Array::is_array(value) {
            return Err(refuse(&"it is no object"));
        }
        Ok(value.clone())
    }
}

/// Sends a call and gives the object it answers. The `lists` of the object named are empty where the registry said `null`.
pub(super) async fn fetch(pipeline: &Pipeline, call: &Call, lists: &[&str]) -> Result<JsValue, Error> {
    let parsed = pipeline.perform(call, Parsed::read).await?;
    let object = parsed.object(call.operation)?;
    fill(&object, lists);
    Ok(object)
}

/// The same for an answer that wraps its resource in a member of its own.
pub(super) async fn fetch_wrapped(
    pipeline: &Pipeline,
    call: &Call,
    member: &str,
    lists: &[&str],
) -> Result<JsValue, Error> {
    let object = fetch(pipeline, call, &[]).await?;
    if let Ok(resource) = Reflect::get(&object, &JsValue::from_str(member)) {
        fill(&resource, lists);
    }
    Ok(object)
}

/// Makes the lists named empty where they are `null`.
pub(super) fn fill(object: &JsValue, lists: &[&str]) {
    for name in lists {
        let name = JsValue::from_str(name);
        if Reflect::get(object, &name).is_ok_and(|list| list.is_null()) {
            // What JSON.parse made takes any property.
            let _ = Reflect::set(object, &name, &Array::new());
        }
    }
}

/// The list that an answer holds, empty where it is `null` or missing.
pub(super) fn list(operation: &'static str, object: &JsValue, name: &str) -> Result<Array, Error> {
    let list = Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    if list.is_null() || list.is_undefined() {
        return Ok(Array::new());
    }
    list.dyn_into().map_err(|_| {
        Error::new(ErrorKind::Decode, operation, format!("the registry's answer has no list {name}"))
    })
}

/// Parses bytes as JSON, in the browser.
pub(super) fn parse(operation: &'static str, bytes: &[u8]) -> Result<JsValue, Error> {
    let refuse = || Error::new(ErrorKind::Decode, operation, "the content is not JSON");
    let text = std::str::from_utf8(bytes).map_err(|_| refuse())?;
    JSON::parse(text).map_err(|_| refuse())
}
