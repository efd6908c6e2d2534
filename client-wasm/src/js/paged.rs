//! Lists: an iterator over items whose `byPage` iterates over pages. Both stand on the pager's [`Pages`], so a list ends, goes on and
//! fails here as it does in Rust.

use std::rc::Rc;
use std::sync::Arc;

use futures_util::lock::Mutex;
use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

use super::abort::{settle, until_aborted};
use super::answer::{Parsed, fill, list};
use super::error::to_js;
use super::input::Given;
use crate::error::{Error, ErrorKind};
use crate::http::{Call, Pipeline};
use crate::operation::List;
use crate::pager::Pages;

/// What a list is made of, kept so that each iterator can begin anew.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) pipeline: Arc<Pipeline>,
    pub(super) list: Result<List, Error>,
    /// The member of the answer that holds the items.
    pub(super) member: &'static str,
    /// The member of an item that names it; `None` where the item is its name.
    pub(super) name: Option<&'static str>,
    /// Lists inside an item that may be `null`.
    pub(super) lists_of_items: &'static [&'static str],
    /// Keeps the items whose member has this value, for registries that ignore a filter.
    pub(super) only: Option<(&'static str, String)>,
    /// What to ask where the registry does not know the list itself.
    pub(super) otherwise: Option<Call>,
    pub(super) signal: Option<AbortSignal>,
}

/// An iterator over the items of a list.
#[wasm_bindgen(skip_typescript)]
pub struct ItemIterator {
    source: Source,
    items: Rc<Mutex<Items>>,
}

struct Items {
    cursor: Cursor,
    page: Array,
    position: u32,
}

/// An iterator over the pages of a list.
#[wasm_bindgen(skip_typescript)]
pub struct PageIterator {
    cursor: Rc<Mutex<Cursor>>,
    signal: Option<AbortSignal>,
}

impl ItemIterator {
    pub(super) fn new(source: Source) -> Self {
        let cursor = Cursor::new(source.clone());
        Self { source, items: Rc::new(Mutex::new(Items { cursor, page: Array::new(), position: 0 })) }
    }
}

#[wasm_bindgen]
impl ItemIterator {
    /// The next item.
    pub fn next(&self) -> Promise {
        let (items, signal) = (self.items.clone(), self.source.signal.clone());
        settle(Box::pin(async move {
            let mut items = items.lock().await;
            let item = until_aborted(signal.as_ref(), Box::pin(items.next())).await?;
            Ok(step(item))
        }))
    }

    /// Ends the iteration early.
    #[wasm_bindgen(js_name = "return")]
    pub fn end(&self) -> Promise {
        let items = self.items.clone();
        settle(Box::pin(async move {
            let mut items = items.lock().await;
            items.cursor.ended = true;
            items.page = Array::new();
            Ok(step(None))
        }))
    }

    /// The pages of the same list, from the beginning or from a continuation token.
    // By value: a borrowed one makes wasm-bindgen emit `table.fill`, which the wasm-opt of older systems cannot read.
    #[wasm_bindgen(js_name = "byPage")]
    pub fn by_page(&self, settings: JsValue) -> Result<PageIterator, JsValue> {
        let operation = self.source.list.as_ref().map_or("", |list| list.operation);
        let read = || {
            let settings = Given::options(operation, &settings)?;
            let size = settings.small("maxPageSize")?;
            Ok((size, settings.text("continuationToken")?))
        };
        let (size, token) = read().map_err(|error: Error| to_js(&error))?;
        let mut source = self.source.clone();
        if let (Some(size), Ok(list)) = (size, &mut source.list) {
            crate::operation::page_size(operation, Some(size)).map_err(|error| to_js(&error))?;
            list.query.set("n", Some(size));
            list.page_size = list.page_size.map(|_| size);
        }
        let signal = source.signal.clone();
        let mut cursor = Cursor::new(source);
        if let Some(token) = &token {
            cursor.pages.resume(token);
        }
        Ok(PageIterator { cursor: Rc::new(Mutex::new(cursor)), signal })
    }

    /// The iterator itself.
    #[wasm_bindgen(js_name = "[Symbol.asyncIterator]")]
    pub fn async_iterator(&self) -> Self {
        Self { source: self.source.clone(), items: self.items.clone() }
    }
}

#[wasm_bindgen]
impl PageIterator {
    /// The next page.
    pub fn next(&self) -> Promise {
        let (cursor, signal) = (self.cursor.clone(), self.signal.clone());
        settle(Box::pin(async move {
            let mut cursor = cursor.lock().await;
            let page = until_aborted(signal.as_ref(), Box::pin(cursor.next())).await?;
            Ok(step(page.map(|(items, token)| page_object(&items, token.as_deref()))))
        }))
    }

    /// Ends the iteration early.
    #[wasm_bindgen(js_name = "return")]
    pub fn end(&self) -> Promise {
        let cursor = self.cursor.clone();
        settle(Box::pin(async move {
            cursor.lock().await.ended = true;
            Ok(step(None))
        }))
    }

    /// The iterator itself.
    #[wasm_bindgen(js_name = "[Symbol.asyncIterator]")]
    pub fn async_iterator(&self) -> Self {
        Self { cursor: self.cursor.clone(), signal: self.signal.clone() }
    }
}

impl Items {
    async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        while self.position >= self.page.length() {
            let Some((page, _)) = self.cursor.next().await? else { return Ok(None) };
            self.page = page;
            self.position = 0;
        }
        let item = self.page.get(self.position);
        self.position += 1;
        Ok(Some(item))
    }
}

/// Where an iterator stands.
struct Cursor {
    pages: Pages,
    source: Source,
    ended: bool,
}

impl Cursor {
    fn new(source: Source) -> Self {
        Self { pages: Pages::new(source.pipeline.clone(), source.list.clone()), source, ended: false }
    }

    async fn next(&mut self) -> Result<Option<(Array, Option<String>)>, Error> {
        if self.ended {
            return Ok(None);
        }
        let operation = self.source.list.as_ref().map_err(Clone::clone)?.operation;
        let parsed = match (self.pages.fetch(Parsed::read).await, &self.source.otherwise) {
            (Err(error), Some(call)) if error.kind() == ErrorKind::NotFound => {
                self.ended = true;
                let page = self.ask_otherwise(operation, call).await?;
                return Ok(Some((page, None)));
            }
            (fetched, _) => fetched?,
        };
        let Some(parsed) = parsed else { return Ok(None) };
        let items = list(operation, &parsed.object(operation)?, self.source.member)?;
        let token =
            self.pages.advance(&parsed.headers, items.length() as usize, self.last(&items).as_deref())?;
        Ok(Some((self.finish(items), token)))
    }

    /// The other call's answer, without what would continue it; an empty list where nothing is there either.
    async fn ask_otherwise(&self, operation: &'static str, call: &Call) -> Result<Array, Error> {
        match self.source.pipeline.perform(call, Parsed::read).await {
            Ok(parsed) => Ok(self.finish(list(operation, &parsed.object(operation)?, self.source.member)?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Array::new()),
            Err(error) => Err(error),
        }
    }

    /// The name of the last item, by which a list goes on.
    fn last(&self, items: &Array) -> Option<String> {
        let last = items.get(items.length().checked_sub(1)?);
        match self.source.name {
            None => last.as_string(),
            Some(name) => Reflect::get(&last, &JsValue::from_str(name)).ok()?.as_string(),
        }
    }

    fn finish(&self, items: Array) -> Array {
        if !self.source.lists_of_items.is_empty() {
            for item in items.iter() {
                fill(&item, self.source.lists_of_items);
            }
        }
        match &self.source.only {
            None => items,
            Some((member, value)) => {
                let member = JsValue::from_str(member);
                let is_wanted = |item: &JsValue| {
                    Reflect::get(item, &member).is_ok_and(|found| found.as_string().as_deref() == Some(value))
                };
                items.iter().filter(is_wanted).collect()
            }
        }
    }
}

/// An iterator's result.
fn step(value: Option<JsValue>) -> JsValue {
    let done = value.is_none();
    object(&[("done", JsValue::from_bool(done)), ("value", value.unwrap_or(JsValue::UNDEFINED))])
}

fn page_object(items: &Array, token: Option<&str>) -> JsValue {
    match token {
        Some(token) => object(&[("items", items.into()), ("continuationToken", JsValue::from_str(token))]),
        None => object(&[("items", items.into())]),
    }
}

/// A plain object with the given members.
pub(super) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Setting a property of an object made here cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}
