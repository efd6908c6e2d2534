//! One pager for every list. It ends where the registry ends it, never at an empty page; it goes on where the registry's link says or,
//! where a browser hides that, behind the last item of a full page; a cursor that comes back is an error, not an endless loop.

use std::fmt;
use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};

use crate::endpoint::same_path;
use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Call, Pipeline, headers, next_link};
use crate::operation::List;
use crate::transport::Headers;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the registry's order. A page may be empty and others follow.
    pub items: Vec<T>,
    /// Where the next page begins, for [`Pager::resume`]; `None` on the last page.
    pub continuation_token: Option<String>,
}

/// The pages of a list before anybody has made sense of their content: what requests to send and when to stop. The typed [`Pager`]
/// and the JavaScript bindings both stand on it.
pub(crate) struct Pages {
    pipeline: Arc<Pipeline>,
    list: Result<List, Error>,
    next: Next,
    seen: Vec<String>,
}

enum Next {
    First,
    At(String),
    End,
}

impl Pages {
    pub(crate) fn new(pipeline: Arc<Pipeline>, list: Result<List, Error>) -> Self {
        Self { pipeline, list, next: Next::First, seen: Vec::new() }
    }

    /// Starts at a page whose continuation token was kept.
    pub(crate) fn resume(&mut self, continuation_token: &str) {
        self.next = Next::At(continuation_token.to_owned());
        self.seen.clear();
    }

    /// Asks for the next page; `None` behind the last one. The page counts as read, and the next one comes, once [`Pages::advance`] was
    /// called with what it held.
    pub(crate) fn next_call(&self) -> Result<Option<Call>, Error> {
        let list = self.list.as_ref().map_err(Clone::clone)?;
        let query = match &self.next {
            Next::End => return Ok(None),
            Next::First => list.query.text(),
            Next::At(token) => checked_token(list.operation.name, token)?.to_owned(),
        };
        Ok(Some(list.call(&query)))
    }

    /// Sends for the next page, or for `otherwise` where the registry does not know the list. Boxed, and not generic: one copy of it
    /// serves every list.
    fn answer<'a>(
        &'a mut self,
        otherwise: Option<&'a Call>,
    ) -> LocalBoxFuture<'a, Result<Option<Box<Answer>>, Error>> {
        Box::pin(async move {
            let Some(call) = self.next_call()? else { return Ok(None) };
            match (self.pipeline.answer(&call).await, otherwise) {
                (Err(error), Some(otherwise)) if error.kind() == ErrorKind::NotFound => {
                    ask_otherwise(&self.pipeline, otherwise).await.map(Some)
                }
                (answer, _) => answer.map(Some),
            }
        })
    }

    /// What sends the calls.
    #[cfg(all(feature = "js", target_arch = "wasm32"))]
    pub(crate) fn pipeline(&self) -> &Arc<Pipeline> {
        &self.pipeline
    }

    /// Moves on to the next page: `count` and `last` are of the page just read. Gives the token of the next page, `None` at the end.
    pub(crate) fn advance(
        &mut self,
        headers: &Headers,
        count: usize,
        last: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let list = self.list.as_ref().map_err(Clone::clone)?;
        let link = headers.get_all("link").find_map(next_link);
        let token = match link {
            Some(target) => Some(self.token_of(list, target)?),
            None => token_behind(list, headers, count, last),
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
        checked_token(list.operation.name, query).map(str::to_owned).map_err(|_| refuse())
    }
}

/// The other call's answer, without what would continue it; an empty list where nothing is there either.
async fn ask_otherwise(pipeline: &Pipeline, call: &Call) -> Result<Box<Answer>, Error> {
    match pipeline.answer(call).await {
        Ok(answer) => Ok(Box::new(Answer { headers: Headers::new(), ..*answer })),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let body = bytes::Bytes::from_static(b"{}");
            Ok(Box::new(Answer {
                status: http::StatusCode::OK,
                headers: Headers::new(),
                body,
                complete: true,
                taken: None,
            }))
        }
        Err(error) => Err(error),
    }
}

/// Where headers may be hidden and the page is full, the list goes on behind its last item.
fn token_behind(list: &List, headers: &Headers, count: usize, last: Option<&str>) -> Option<String> {
    let full = list.page_size.is_some_and(|size| u32::try_from(count).is_ok_and(|count| count >= size));
    if !full || !headers::may_be_hidden(headers) {
        return None;
    }
    let mut query = list.query.clone();
    query.set("last", Some(last?));
    Some(query.text())
}

/// A continuation token is a query, and stays one whoever hands it in.
fn checked_token<'a>(operation: &'static str, token: &'a str) -> Result<&'a str, Error> {
    const LONGEST: usize = 4096;
    let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'#' | b'?' | b'\\' | b'"' | b'<' | b'>');
    if token.is_empty() || token.len() > LONGEST || !token.bytes().all(plain) {
        return Err(Error::invalid_input(operation, "this is no continuation token of a list"));
    }
    Ok(token)
}

type Decode<T> = Box<dyn Fn(&[u8]) -> Result<Vec<T>, serde_json::Error>>;

/// A list, page by page or item by item. Nothing is sent until a page is asked for. After an error the same page can be asked for again.
pub struct Pager<T> {
    pages: Pages,
    decode: Decode<T>,
    name_of: fn(&T) -> &str,
    /// What to ask where the registry does not know the list itself.
    otherwise: Option<Call>,
}

impl<T> Pager<T> {
    pub(crate) fn new(
        pages: Pages,
        decode: impl Fn(&[u8]) -> Result<Vec<T>, serde_json::Error> + 'static,
        name_of: fn(&T) -> &str,
    ) -> Self {
        Self { pages, decode: Box::new(decode), name_of, otherwise: None }
    }

    pub(crate) fn or_else(mut self, call: Call) -> Self {
        self.otherwise = Some(call);
        self
    }

    /// Starts at a page whose continuation token was kept, instead of at the first.
    #[must_use]
    pub fn resume(mut self, continuation_token: &str) -> Self {
        self.pages.resume(continuation_token);
        self
    }

    /// The next page, `None` behind the last one.
    ///
    /// # Errors
    /// Whatever [`Error`] sending and reading a page can end in; [`ErrorKind::Protocol`] where the registry's cursor repeats or leads
    /// out of the list, [`ErrorKind::InvalidInput`] where the options or the continuation token are none.
    pub async fn next_page(&mut self) -> Result<Option<Page<T>>, Error> {
        let Some(answer) = self.pages.answer(self.otherwise.as_ref()).await? else { return Ok(None) };
        let operation = self.pages.list.as_ref().map_or("", |list| list.operation.name);
        let items = (self.decode)(&answer.body).map_err(|error| Error::decode(operation, &error))?;
        let continuation_token =
            self.pages.advance(&answer.headers, items.len(), items.last().map(self.name_of))?;
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
