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
use crate::error::Error;
use crate::http::{Auth, Call};

pub(crate) const JSON: &str = "application/json";

/// V2Support_Check: without a scope, since the registry's challenge to it has none.
pub(crate) fn check_support() -> Call {
    Call::new("V2Support_Check", http::Method::GET, "/v2/".to_owned(), Auth::Challenge, &[200])
}

/// A list before its first page: the pager adds where to go on.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) operation: &'static str,
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
    pub(crate) const DEFAULT_PAGE_SIZE: u32 = 100;

    pub(crate) fn call(&self, query: &str) -> Call {
        let path = if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) };
        let call = Call::get(self.operation, path, self.scope.clone());
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
    pub(crate) fn set(&mut self, name: &'static str, value: Option<impl ToString>) {
        self.0.retain(|(known, _)| *known != name);
        self.0.extend(value.map(|value| (name, value.to_string())));
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "&" };
            write!(f, "{separator}{name}={}", crate::endpoint::encode(value))?;
        }
        Ok(())
    }
}

/// The number of items a page: 1 or more.
pub(crate) fn page_size(operation: &'static str, n: Option<u32>) -> Result<u32, Error> {
    match n {
        Some(0) => Err(Error::invalid_input(operation, "n, the number of items a page, must be 1 or more")),
        Some(n) => Ok(n),
        None => Ok(List::DEFAULT_PAGE_SIZE),
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
        query.set("n", Some(2));
        query.set("digest", None::<&str>);
        query.set("last", Some("z"));
        assert_eq!(query.to_string(), "n=2&last=z");
        query.set("last", Some("a/b&c"));
        assert_eq!(query.to_string(), "n=2&last=a%2Fb%26c");
    }

    #[test]
    fn a_page_of_no_items_is_refused() {
        assert!(page_size("Tag_GetList", Some(0)).is_err());
        assert_eq!(page_size("Tag_GetList", None), Ok(100));
    }
}
