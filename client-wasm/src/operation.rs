//! The operations of the API as requests: one file a resource, pure functions from names and options to a [`crate::http::Call`] with its
//! static scope. No I/O, nothing asynchronous, no tokens.

pub(crate) mod blobs;
pub(crate) mod manifests;
pub(crate) mod repositories;
pub(crate) mod tags;
pub(crate) mod tokens;
pub(crate) mod uploads;

use bytes::Bytes;
use serde::Serialize;

use crate::auth::Scope;
use crate::endpoint::encode;
use crate::error::Error;
use crate::http::{Auth, Call, Operation};

pub(crate) const JSON: &str = "application/json";

/// The operations that JavaScript callers name, as the API spells them.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
const SPELLED: [&str; 30] = [
    CHECK_SUPPORT,
    repositories::LIST,
    repositories::GET_ATTRIBUTES,
    repositories::UPDATE_ATTRIBUTES,
    repositories::DELETE,
    tags::LIST,
    tags::GET_ATTRIBUTES,
    tags::UPDATE_ATTRIBUTES,
    tags::DELETE,
    manifests::LIST,
    manifests::GET_ATTRIBUTES,
    manifests::UPDATE_ATTRIBUTES,
    manifests::GET,
    manifests::CREATE,
    manifests::DELETE,
    manifests::REFERRERS,
    blobs::GET,
    blobs::GET_CHUNK,
    blobs::CHECK,
    blobs::CHECK_CHUNK,
    blobs::DELETE,
    blobs::MOUNT,
    tokens::EXCHANGE,
    tokens::ACCESS,
    tokens::LOGIN,
    uploads::START,
    uploads::STATUS,
    uploads::APPEND,
    uploads::END,
    uploads::CANCEL,
];

/// An operation's name for as long as the program runs; nothing where there is no such operation.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) fn spelled(operation: &str) -> &'static str {
    SPELLED.into_iter().find(|known| *known == operation).unwrap_or_default()
}

pub(crate) const CHECK_SUPPORT: &str = "V2Support_Check";

static CHECKING_SUPPORT: Operation = Operation::reading(CHECK_SUPPORT, &[]);

/// V2Support_Check: without a scope, since the registry's challenge to it has none.
pub(crate) fn check_support() -> Call {
    Call::new(&CHECKING_SUPPORT, "/v2/".to_owned(), Auth::Challenge)
}

/// A list before its first page: the pager adds where to go on.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) scope: Scope,
    pub(crate) accept: Option<&'static str>,
    /// The query of the first page.
    pub(crate) query: Query,
    /// How many items make a full page, where the list can be continued behind its last item.
    pub(crate) page_size: Option<u32>,
}

impl List {
    /// What the registry gives where nobody says how many.
    const DEFAULT_PAGE_SIZE: u32 = 100;

    /// A list of ACR's own API, of `n` items a page.
    pub(crate) fn new(
        operation: &'static Operation,
        path: String,
        scope: Scope,
        last: Option<&str>,
        n: Option<u32>,
    ) -> Result<Self, Error> {
        if n == Some(0) {
            let message = "n, the number of items a page, must be 1 or more";
            return Err(Error::invalid_input(operation.name, message));
        }
        let mut query = Query::default();
        query.set("last", last);
        query.set("n", n.map(|n| n.to_string()).as_deref());
        let page_size = Some(n.unwrap_or(Self::DEFAULT_PAGE_SIZE));
        Ok(Self { operation, path, scope, accept: None, query, page_size })
    }

    pub(crate) fn call(&self, query: &str) -> Call {
        let separator = if query.is_empty() { "" } else { "?" };
        let path = [self.path.as_str(), separator, query].concat();
        let call = Call::new(self.operation, path, Auth::Scope(self.scope.clone()));
        match self.accept {
            Some(accept) => call.fixed_header("accept", accept),
            None => call,
        }
    }
}

/// The order of tags and manifests in their lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The least recently updated first.
    TimeAscending,
    /// The most recently updated first.
    TimeDescending,
}

impl Order {
    /// The value of the `orderby` parameter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TimeAscending => "timeasc",
            Self::TimeDescending => "timedesc",
        }
    }
}

/// The parameters of a list, in the order they were set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(&'static str, String)>);

impl Query {
    pub(crate) fn set(&mut self, name: &'static str, value: Option<&str>) {
        self.0.retain(|(known, _)| *known != name);
        self.0.extend(value.map(|value| (name, value.to_owned())));
    }

    /// As it stands behind the question mark.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            push_field(&mut text, name, value);
        }
        text
    }
}

/// Adds a field to a query or a form.
pub(crate) fn push_field(text: &mut String, name: &str, value: &str) {
    let separator = if text.is_empty() { "" } else { "&" };
    for part in [separator, name, "=", &encode(value)] {
        text.push_str(part);
    }
}

pub(crate) fn to_json(operation: &'static str, value: &impl Serialize) -> Result<Bytes, Error> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| {
        Error::invalid_input(operation, format!("the value cannot be written as JSON: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded_and_sets_a_name_once() {
        let mut query = Query::default();
        query.set("last", Some("a/b&c"));
        query.set("n", Some("2"));
        query.set("digest", None::<&str>);
        query.set("last", Some("z"));
        assert_eq!(query.text(), "n=2&last=z");
        query.set("last", Some("a/b&c"));
        assert_eq!(query.text(), "n=2&last=a%2Fb%26c");
    }

    #[test]
    fn a_page_of_no_items_is_refused() {
        let list = |n| List::new(&CHECKING_SUPPORT, String::new(), Scope::default(), None, n);
        assert_eq!(list(Some(0)).unwrap_err().kind(), crate::ErrorKind::InvalidInput);
        assert_eq!(list(None).unwrap().page_size, Some(100));
    }
}
