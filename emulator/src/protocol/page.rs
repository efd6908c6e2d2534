//! Pages of a list: how many, after what, and the `Link` to the next. Works on any ordered iterator that already
//! starts after the last item, so its cost does not depend on the position.

use crate::protocol::error::ApiError;
use crate::protocol::query::{Query, encode};
use crate::protocol::time::Time;

/// Page size when the request names none.
pub(crate) const DEFAULT_SIZE: usize = 100;

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// By name or digest.
    #[default]
    Lexical,
    /// By time of last update, oldest first.
    TimeAscending,
    /// By time of last update, newest first.
    TimeDescending,
}

/// Where a page begins: after the last item of the page before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cursor<'a> {
    /// At the beginning of the list.
    Start,
    /// After the item of this name.
    Name(&'a str),
    /// After the item of this name that was last updated then.
    Moment(Time, &'a str),
}

/// What a request asks of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// Items at most.
    pub size: usize,
    /// The last item of the page before; empty for the first page.
    pub last: String,
    /// The requested order.
    pub order: Order,
    order_text: String,
}

impl PageRequest {
    /// Reads `n`, `last` and `orderby`. An `orderby` that is not known means the order by name.
    ///
    /// # Errors
    /// `PAGINATION_NUMBER_INVALID` when `n` is not a positive number.
    pub(crate) fn parse(query: &Query) -> Result<Self, ApiError> {
        let size = match query.get("n") {
            None | Some("") => DEFAULT_SIZE,
            Some(text) => match text.parse::<usize>() {
                Ok(n) if n > 0 => n,
                _ => return Err(ApiError::pagination_number_invalid(text)),
            },
        };
        let order_text = query.get("orderby").unwrap_or_default().to_owned();
        let order = match order_text.as_str() {
            "timeasc" => Order::TimeAscending,
            "timedesc" => Order::TimeDescending,
            _ => Order::Lexical,
        };
        let last = query.get("last").unwrap_or_default().to_owned();
        Ok(Self { size, last, order, order_text })
    }

    /// Where the page begins. In time order the cursor is `<ticks>&<name>`; a name alone is understood too.
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        if self.last.is_empty() {
            return Cursor::Start;
        }
        let timed = self.last.split_once('&').filter(|_| self.order != Order::Lexical);
        let time = timed.and_then(|(ticks, _)| Time::from_dotnet_ticks(ticks.parse().ok()?));
        match (timed, time) {
            (Some((_, name)), Some(time)) => Cursor::Moment(time, name),
            _ => Cursor::Name(&self.last),
        }
    }

    /// The cursor after an item.
    pub(crate) fn cursor_after(&self, name: &str, updated: Time) -> String {
        match self.order {
            Order::Lexical => name.to_owned(),
            Order::TimeAscending | Order::TimeDescending => format!("{}&{name}", updated.dotnet_ticks()),
        }
    }

    /// Takes one page from `items`, and says whether more follow.
    pub(crate) fn take<T>(&self, items: impl Iterator<Item = T>) -> (Vec<T>, bool) {
        let mut page: Vec<T> = Vec::new();
        for item in items {
            if page.len() == self.size {
                return (page, true);
            }
            page.push(item);
        }
        (page, false)
    }

    /// The `Link` header to the page after the cursor `last`, in the request path's own spelling. Filters are not repeated,
    /// except what `extra` adds.
    #[must_use]
    pub(crate) fn link(&self, path: &str, last: &str, extra: &str) -> String {
        let order = encode(&self.order_text);
        format!("<{path}?last={}&n={}&orderby={order}{extra}>; rel=\"next\"", encode(last), self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_positive_are_refused() {
        for bad in ["n=0", "n=-1", "n=x", "n=1.5"] {
            assert!(PageRequest::parse(&Query::parse(bad)).is_err(), "{bad}");
        }
        assert_eq!(PageRequest::parse(&Query::parse("")).unwrap().size, DEFAULT_SIZE);
    }

    #[test]
    fn the_link_keeps_n_and_always_names_the_order() {
        let page = PageRequest::parse(&Query::parse("api-version=2021-07-01&n=1")).unwrap();
        let link = page.link("/acr/v1/library%2Fhello-world/_tags", "latest", "");
        assert_eq!(link, "</acr/v1/library%2Fhello-world/_tags?last=latest&n=1&orderby=>; rel=\"next\"");
    }

    #[test]
    fn a_cursor_in_time_order_has_ticks_and_a_name() {
        let page =
            PageRequest::parse(&Query::parse("last=639039224611470601%26v2&orderby=timedesc")).unwrap();
        let Cursor::Moment(time, "v2") = page.cursor() else { panic!("{:?}", page.cursor()) };
        assert_eq!(page.cursor_after("v2", time), "639039224611470601&v2");
        let lexical = PageRequest::parse(&Query::parse("last=639039224611470601%26v2")).unwrap();
        assert_eq!(lexical.cursor(), Cursor::Name("639039224611470601&v2"));
        assert_eq!(
            PageRequest::parse(&Query::parse("last=v2&orderby=timeasc")).unwrap().cursor(),
            Cursor::Name("v2")
        );
        assert_eq!(PageRequest::default().cursor(), Cursor::Start);
    }

    #[test]
    fn a_page_looks_at_one_item_more_than_it_holds() {
        let page = PageRequest::parse(&Query::parse("n=10")).unwrap();
        let looked = std::cell::Cell::new(0);
        let (items, more) = page.take((0..20_000).inspect(|_| looked.set(looked.get() + 1)));
        assert_eq!((items.len(), more, looked.get()), (10, true, 11));
    }

    #[test]
    fn a_full_last_page_has_no_next() {
        let page = PageRequest::parse(&Query::parse("n=2")).unwrap();
        assert_eq!(page.take([1, 2].into_iter()), (vec![1, 2], false));
        assert_eq!(page.take([1, 2, 3].into_iter()), (vec![1, 2], true));
    }
}
