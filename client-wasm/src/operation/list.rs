//! Lists: what all of them have in common.

use super::call::{Auth, Call, Operation};
use super::query::Query;
use crate::error::Error;
use crate::name::Scope;

/// A list before its first page: the pager adds where to go on.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) scope: Scope,
    pub(crate) accept: Option<&'static str>,
    /// The query of the first page.
    pub(crate) query: Query,
    /// How many items make a full page, where the list can be continued after its last item.
    pub(crate) page_size: Option<u32>,
}

impl List {
    /// What the registry returns where the request states no number.
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

#[cfg(test)]
mod tests {
    use super::*;

    static LISTING: Operation = Operation::reading("Test_GetList", &[]);

    #[test]
    fn a_page_of_no_items_is_refused() {
        let list = |n| List::new(&LISTING, String::new(), Scope::default(), None, n);
        assert_eq!(list(Some(0)).unwrap_err().kind(), crate::ErrorKind::InvalidInput);
        assert_eq!(list(None).unwrap().page_size, Some(100));
    }
}
