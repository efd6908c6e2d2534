//! The registry's JSON as the browser parses it, and nothing that the registry said lost on the way.

use std::any::Any;

use futures_util::future::LocalBoxFuture;
use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Call, Take};
use crate::transport::{Body, FetchBody, TransportError};

/// A body, parsed, or why it could not be.
type Parsed = Result<JsValue, TransportError>;

/// Has the browser's own `JSON.parse` read the answer to a call.
pub(super) fn parsed(call: Call) -> Call {
    call.take(Take::As(parse))
}

fn parse(body: Body) -> LocalBoxFuture<'static, Result<Box<dyn Any>, TransportError>> {
    Box::pin(async move {
        let parsed: Parsed = match body.downcast::<FetchBody>() {
            Ok(body) => match body.json().await {
                Err((error, false)) => return Err(error),
                Err((error, true)) => Err(error),
                Ok(value) => Ok(value),
            },
            Err(_) => Err(TransportError::new("the answer did not come through fetch")),
        };
        Ok(Box::new(parsed) as Box<dyn Any>)
    })
}

/// The object that the answer to such a call must be.
pub(super) fn object(operation: &'static str, answer: Answer) -> Result<JsValue, Error> {
    let why = match answer.taken::<Parsed>() {
        Some(Ok(value)) if value.is_object() && !Array::is_array(&value) => return Ok(value),
        Some(Err(error)) => error,
        _ => TransportError::new("it is no object"),
    };
    Err(Error::new(ErrorKind::Decode, operation, format!("the registry's answer cannot be read: {why}")))
}
