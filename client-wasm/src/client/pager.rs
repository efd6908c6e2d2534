//! One pager for every list. It ends where the registry ends it, never at an empty page; it goes on where the registry's link says or,
//! where a browser hides that, after the last item of a full page; a cursor that comes back is an error, not an endless loop.

use std::fmt;
use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};

use crate::error::{Error, ErrorKind};
use crate::http::url::same_path;
use crate::http::{Headers, field, next_link};
use crate::operation::{Answer, Call, LastItem, List, push_field};
use crate::pipeline::Pipeline;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the registry's order. A page may be empty and others follow.
    pub items: Vec<T>,
    /// Where the next page begins, for [`Pager::resume`]; `None` on the last page.
    pub continuation_token: Option<String>,
}

/// The pages of a list before they are decoded: what requests to send and when to stop.
pub(crate) struct Pages {
    pipeline: Arc<Pipeline>,
    list: Result<List, Error>,
    next: Next,
    seen: Vec<String>,
    /// What to send if the registry does not know the list itself.
    fallback: Option<Call>,
}

enum Next {
    First,
    At(String),
    End,
}

impl Pages {
    pub(crate) fn new(pipeline: Arc<Pipeline>, list: Result<List, Error>) -> Self {
        Self { pipeline, list, next: Next::First, seen: Vec::new(), fallback: None }
    }

    /// Sends another call if the registry does not know the list.
    pub(crate) fn or_else(mut self, fallback: Call) -> Self {
        self.fallback = Some(fallback);
        self
    }

    /// Starts at a page whose continuation token was kept.
    pub(crate) fn resume(&mut self, continuation_token: &str) {
        self.next = Next::At(continuation_token.to_owned());
        self.seen.clear();
    }

    /// Requests the next page; `None` after the last one. The page counts as read, and the next one follows, once [`Pages::advance`] was
    /// called with what it held. Boxed, and not generic: one copy of it serves every list.
    pub(crate) fn answer(&mut self) -> LocalBoxFuture<'_, Result<Option<Box<Answer>>, Error>> {
        Box::pin(async move {
            let list = self.list.as_ref().map_err(Clone::clone)?;
            let query = match &self.next {
                Next::End => return Ok(None),
                Next::First => list.query.text(),
                Next::At(token) => checked_token(list.operation.name, token)?.to_owned(),
            };
            match (self.pipeline.answer(&list.call(&query)).await, &self.fallback) {
                (Err(error), Some(fallback)) if error.kind() == ErrorKind::NotFound => {
                    answer_of_fallback(&self.pipeline, fallback).await.map(Some)
                }
                (answer, _) => answer.map(Some),
            }
        })
    }

    /// Moves on to the next page: `count` and `last` are of the page just read. Gives the token of the next page, `None` at the end.
    pub(crate) fn advance(
        &mut self,
        headers: &Headers,
        count: usize,
        last: Option<&LastItem>,
    ) -> Result<Option<String>, Error> {
        let list = self.list.as_ref().map_err(Clone::clone)?;
        let link = headers.get_all("link").find_map(next_link);
        let token = match link {
            Some(target) => Some(self.token_of(list, target)?),
            None => token_after(list, headers, count, last),
        };
        let Some(token) = token else {
            self.next = Next::End;
            return Ok(None);
        };
        let operation = list.operation.name;
        if let Next::At(current) = &self.next {
            self.seen.push(current.clone());
        }
        if self.seen.contains(&token) {
            self.next = Next::End;
            return Err(Error::protocol(
                operation,
                "the registry's list runs in a circle: its link leads back to a page already read",
            ));
        }
        self.next = Next::At(token.clone());
        Ok(Some(token))
    }

    /// The query of the registry's link. Its host is dropped, and its path must be that of the list.
    fn token_of(&self, list: &List, target: &str) -> Result<String, Error> {
        let refuse = || {
            Error::protocol(
                list.operation.name,
                "the registry's link to the next page leads out of this list",
            )
        };
        let (path, query) = self.pipeline.sender.endpoint.rebase(target).ok_or_else(refuse)?;
        if !same_path(path, &list.path) || query.is_empty() {
            return Err(refuse());
        }
        checked_token(list.operation.name, query).map(|query| with_filter(list, query)).map_err(|_| refuse())
    }
}

/// The answer to the other call, without a link to continue it; an empty list if the registry does not know that either.
async fn answer_of_fallback(pipeline: &Pipeline, call: &Call) -> Result<Box<Answer>, Error> {
    match pipeline.answer(call).await {
        Ok(answer) => Ok(Box::new(Answer { headers: Headers::new(), ..*answer })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Box::new(Answer {
            operation: call.operation.name,
            status: http::StatusCode::OK,
            headers: Headers::new(),
            body: bytes::Bytes::from_static(b"{}"),
            complete: true,
            stream: None,
        })),
        Err(error) => Err(error),
    }
}

/// The query of a link with the filter of the list, which the service leaves out: without it the next page would hold every tag.
fn with_filter(list: &List, query: &str) -> String {
    let mut query = query.to_owned();
    if let Some(digest) = list.query.get("digest")
        && !query.split('&').any(|field| field.starts_with("digest="))
    {
        push_field(&mut query, "digest", digest);
    }
    query
}

/// If headers may be hidden and the page is full, the list continues after its last item.
fn token_after(list: &List, headers: &Headers, count: usize, last: Option<&LastItem>) -> Option<String> {
    let full = list.page_size.is_some_and(|size| u32::try_from(count).is_ok_and(|count| count >= size));
    if !full || !field::may_be_hidden(headers) {
        return None;
    }
    let mut query = list.query.clone();
    let in_order_of_time = query.get("orderby").is_some();
    query.set("last", Some(&last?.cursor(in_order_of_time)?));
    Some(query.text())
}

/// A continuation token is a query, wherever the caller got it from.
fn checked_token<'a>(operation: &'static str, token: &'a str) -> Result<&'a str, Error> {
    const LONGEST: usize = 4096;
    let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'#' | b'?' | b'\\' | b'"' | b'<' | b'>');
    if token.is_empty() || token.len() > LONGEST || !token.bytes().all(plain) {
        return Err(Error::invalid_input(operation, "this is no continuation token of a list"));
    }
    Ok(token)
}

type Decode<T> = Box<dyn Fn(&Answer) -> Result<Vec<T>, Error>>;

/// A list, page by page or item by item. Nothing is sent until a page is requested. After an error the same page can be requested again.
pub struct Pager<T> {
    pages: Pages,
    decode: Decode<T>,
    /// What a list can be continued after.
    last_item: fn(&T) -> Option<LastItem>,
}

impl<T> Pager<T> {
    pub(crate) fn new(
        pages: Pages,
        decode: impl Fn(&Answer) -> Result<Vec<T>, Error> + 'static,
        last_item: fn(&T) -> Option<LastItem>,
    ) -> Self {
        Self { pages, decode: Box::new(decode), last_item }
    }

    /// Starts at a page whose continuation token was kept, instead of at the first.
    #[must_use]
    pub fn resume(mut self, continuation_token: &str) -> Self {
        self.pages.resume(continuation_token);
        self
    }

    /// The next page, `None` after the last one.
    ///
    /// # Errors
    /// Whatever [`Error`] sending and reading a page can end in; [`ErrorKind::Protocol`] where the registry's cursor repeats or leads
    /// out of the list, [`ErrorKind::InvalidInput`] where the options or the continuation token are invalid.
    pub async fn next_page(&mut self) -> Result<Option<Page<T>>, Error> {
        let Some(answer) = self.pages.answer().await? else { return Ok(None) };
        let items = (self.decode)(&answer)?;
        let last = items.last().and_then(self.last_item);
        let continuation_token = self.pages.advance(&answer.headers, items.len(), last.as_ref())?;
        Ok(Some(Page { items, continuation_token }))
    }

    /// The pages as a stream; it ends after the first error.
    pub fn into_pages(self) -> impl Stream<Item = Result<Page<T>, Error>> + Unpin {
        Box::pin(stream::try_unfold(self, async |mut pager| {
            Ok(pager.next_page().await?.map(|page| (page, pager)))
        }))
    }

    /// The items as a stream; it ends after the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<T, Error>> + Unpin {
        self.into_pages().map_ok(|page| stream::iter(page.items).map(Ok)).try_flatten()
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pager")
    }
}
