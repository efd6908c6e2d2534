//! A list between its pages, for the iterators in `paged.js`.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::answer;
use super::error::to_js;
use super::given::Given;
use super::promise::promise;
use crate::error::Error;
use crate::http::Pipeline;
use crate::operation::manifests::ManifestListOptions;
use crate::operation::repositories::ListOptions;
use crate::operation::tags::TagListOptions;
use crate::operation::{self, Order, manifests, repositories, tags};
use crate::pager::Pages;
use crate::transport::Headers;

/// A list that is being read.
#[wasm_bindgen(skip_typescript)]
pub struct List(Rc<RefCell<State>>);

struct State {
    pages: Pages,
    /// Of the page fetched last.
    headers: Headers,
}

impl List {
    pub(super) fn new(pipeline: Arc<Pipeline>, list: operation::List, token: Option<&str>) -> Self {
        let mut pages = Pages::new(pipeline, Ok(list));
        if let Some(token) = token {
            pages.resume(token);
        }
        Self(Rc::new(RefCell::new(State { pages, headers: Headers::new() })))
    }
}

#[wasm_bindgen]
impl List {
    /// The next page as the registry answers it, nothing behind the last one.
    pub fn fetch(&self, stop: Option<Promise>) -> Promise {
        let state = self.0.clone();
        // Taken before the wait: nothing is borrowed during it.
        let (call, pipeline) = {
            let pages = &state.borrow().pages;
            (pages.next_call(), pages.pipeline().clone())
        };
        let work = async move {
            let Some(call) = call? else { return Ok(JsValue::UNDEFINED) };
            let operation = call.operation.name;
            let mut answer = pipeline.answer(&answer::parsed(call)).await?;
            state.borrow_mut().headers = std::mem::take(&mut answer.headers);
            answer::object(operation, *answer)
        };
        promise(stop, Box::pin(work))
    }

    /// Moves behind the page fetched last, which held `count` items and ended with `last`. Gives the token of the next one.
    pub fn advance(&self, count: usize, last: Option<String>) -> Result<Option<String>, JsValue> {
        let State { pages, headers } = &mut *self.0.borrow_mut();
        pages.advance(headers, count, last.as_deref()).map_err(|error| to_js(&error))
    }
}

/// The list of an operation, its arguments as [`super::calls::Calls::list`] has them.
pub(super) fn of(given: &Given) -> Result<operation::List, Error> {
    let (last, n) = (given.some(1), given.value(2).as_f64().map(|n| n as u32));
    if given.operation == repositories::LIST {
        return repositories::list(&ListOptions { last, n });
    }
    let name = given.name(0)?;
    let digest = if given.value(4).is_undefined() { None } else { Some(given.name(4)?) };
    let kind = given.some(5);
    let order = kind.as_deref().map(|kind| match kind {
        "timeasc" => Order::TimeAscending,
        _ => Order::TimeDescending,
    });
    match (given.operation, digest) {
        (manifests::REFERRERS, Some(digest)) => Ok(manifests::referrers(&name, &digest, kind.as_deref())),
        (tags::LIST, digest) => tags::list(&name, &TagListOptions { last, n, order, digest }),
        _ => manifests::list(&name, &ManifestListOptions { last, n, order }),
    }
}
