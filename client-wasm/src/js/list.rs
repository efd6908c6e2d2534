//! Lists: an iterator over items whose `byPage` iterates over pages, the paging convention of the Azure SDKs for JavaScript.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::promise;
use super::convert::to_js;
use super::options::Options;
use super::turns::Turns;
use crate::client::{Page, Pager};
use crate::error::Error;

/// Opens a list, with the number of items a page if the options state it.
type Open = dyn Fn(Option<u32>) -> Result<Pager<JsValue>, Error>;

/// What a list is, before it is read.
#[derive(Clone)]
pub(super) struct List {
    operation: &'static str,
    open: Rc<Open>,
    /// The options of the call, for their signal.
    options: JsValue,
}

impl List {
    pub(super) fn new(
        operation: &'static str,
        options: JsValue,
        open: impl Fn(Option<u32>) -> Result<Pager<JsValue>, Error> + 'static,
    ) -> Self {
        Self { operation, open: Rc::new(open), options }
    }
}

#[derive(Serialize)]
struct IteratorResult {
    done: bool,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    value: JsValue,
}

fn next_value(value: JsValue) -> JsValue {
    to_js(&IteratorResult { done: false, value })
}

fn end() -> JsValue {
    to_js(&IteratorResult { done: true, value: JsValue::UNDEFINED })
}

/// The pages of a list while they are read.
struct Pages {
    list: List,
    settings: Result<Options, Error>,
    state: RefCell<State>,
    turns: Turns,
}

enum State {
    Unopened,
    Open(Pager<JsValue>),
    Ended,
}

impl Pages {
    fn new(list: List, settings: Result<Options, Error>) -> Self {
        Self { list, settings, state: RefCell::new(State::Unopened), turns: Turns::default() }
    }

    /// The next page; `None` after the last one. Calls wait for one another before they come here.
    async fn next_page(&self) -> Result<Option<Page<JsValue>>, Error> {
        // Taken out while it is read: nothing is borrowed meanwhile.
        let mut pager = match self.state.replace(State::Ended) {
            State::Unopened => self.open()?,
            State::Open(pager) => pager,
            State::Ended => return Ok(None),
        };
        let page = pager.next_page().await;
        if !matches!(page, Ok(None)) {
            self.state.replace(State::Open(pager));
        }
        page
    }

    fn open(&self) -> Result<Pager<JsValue>, Error> {
        let settings = self.settings.clone()?;
        let pager = (self.list.open)(settings.integer("maxPageSize")?)?;
        Ok(match settings.string("continuationToken")? {
            Some(token) => pager.resume(&token),
            None => pager,
        })
    }

    fn end(&self) {
        self.state.replace(State::Ended);
    }
}

/// An iterator over the pages of a list.
#[wasm_bindgen(skip_typescript)]
pub struct PageIterator(Rc<Pages>);

#[wasm_bindgen]
impl PageIterator {
    /// The next page.
    pub fn next(&self) -> Promise {
        let (pages, turn) = (self.0.clone(), self.0.turns.take());
        promise(&self.0.list.options, async move {
            turn.first().await;
            Ok(pages.next_page().await?.map_or_else(end, |page| next_value(page_to_js(page))))
        })
    }

    /// Ends the iteration.
    #[wasm_bindgen(js_name = "return")]
    pub fn finish(&self) -> Promise {
        let (pages, turn) = (self.0.clone(), self.0.turns.take());
        promise(&JsValue::UNDEFINED, async move {
            turn.first().await;
            pages.end();
            Ok(end())
        })
    }

    /// The iterator itself.
    #[wasm_bindgen(js_name = "[Symbol.asyncIterator]")]
    pub fn async_iterator(&self) -> PageIterator {
        Self(self.0.clone())
    }
}

fn page_to_js(page: Page<JsValue>) -> JsValue {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct JsPage {
        #[serde(with = "serde_wasm_bindgen::preserve")]
        items: js_sys::Array,
        #[serde(skip_serializing_if = "Option::is_none")]
        continuation_token: Option<String>,
    }
    let items = page.items.into_iter().collect();
    to_js(&JsPage { items, continuation_token: page.continuation_token })
}

/// The items of a list while they are read.
struct Items {
    pages: Pages,
    /// Items of the page read last.
    page: RefCell<std::vec::IntoIter<JsValue>>,
    turns: Turns,
    ended: Cell<bool>,
}

impl Items {
    async fn next_item(&self) -> Result<JsValue, Error> {
        loop {
            let item = self.page.borrow_mut().next();
            if let Some(item) = item {
                return Ok(next_value(item));
            }
            match self.pages.next_page().await? {
                Some(page) => *self.page.borrow_mut() = page.items.into_iter(),
                None => return Ok(end()),
            }
        }
    }
}

/// An iterator over the items of a list.
#[wasm_bindgen(skip_typescript)]
pub struct ItemIterator(Rc<Items>);

impl From<List> for ItemIterator {
    fn from(list: List) -> Self {
        let settings = Options::of(list.operation, &JsValue::UNDEFINED);
        let pages = Pages::new(list, settings);
        let (page, turns, ended) = (RefCell::default(), Turns::default(), Cell::new(false));
        Self(Rc::new(Items { pages, page, turns, ended }))
    }
}

#[wasm_bindgen]
impl ItemIterator {
    /// The next item.
    pub fn next(&self) -> Promise {
        let (items, turn) = (self.0.clone(), self.0.turns.take());
        promise(&self.0.pages.list.options, async move {
            turn.first().await;
            if items.ended.get() { Ok(end()) } else { items.next_item().await }
        })
    }

    /// Ends the iteration.
    #[wasm_bindgen(js_name = "return")]
    pub fn finish(&self) -> Promise {
        let (items, turn) = (self.0.clone(), self.0.turns.take());
        promise(&JsValue::UNDEFINED, async move {
            turn.first().await;
            items.ended.set(true);
            items.pages.end();
            Ok(end())
        })
    }

    /// The pages of the list, from the first or from a continuation token on.
    #[wasm_bindgen(js_name = "byPage")]
    pub fn by_page(&self, settings: JsValue) -> PageIterator {
        let list = self.0.pages.list.clone();
        let settings = Options::of(list.operation, &settings);
        PageIterator(Rc::new(Pages::new(list, settings)))
    }

    /// The iterator itself.
    #[wasm_bindgen(js_name = "[Symbol.asyncIterator]")]
    pub fn async_iterator(&self) -> ItemIterator {
        Self(self.0.clone())
    }
}
