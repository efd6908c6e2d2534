//! Which pages of a list were read. A list is a chain of pages, each named by the cursor that it was asked with; the registry's cursors
//! are opaque, so nothing here depends on the order of a list.

use std::collections::{HashMap, HashSet};

/// The number of no page: of rows that were read one by one.
const NO_PAGE: u32 = u32::MAX;
/// The number of no page: of rows that are gone from theirs.
const GONE: u32 = u32::MAX - 1;

/// Whether a row is listed, and by which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listing {
    page: u32,
    listed: bool,
}

impl Listing {
    /// The state of a row that no page named and that is not there.
    pub(crate) const ABSENT: Self = Self { page: GONE, listed: false };

    /// The state of a row that a page just named.
    pub(crate) fn on(page: u32) -> Self {
        Self { page, listed: true }
    }

    /// The state of a row that was read by itself: it stays on its page.
    pub(crate) fn alone(before: Option<Self>) -> Self {
        let page = before.map(|before| before.page).filter(|page| *page != GONE).unwrap_or(NO_PAGE);
        Self { page, listed: true }
    }

    /// Whether the registry lists the row, as far as is known.
    pub(crate) fn is_listed(self) -> bool {
        self.listed
    }
}

/// A page that was just read: what it means for the rows of its list.
#[derive(Debug)]
pub(crate) struct Turn {
    /// The page's number.
    pub(crate) number: u32,
    again: bool,
    current: Option<HashSet<u32>>,
}

impl Turn {
    /// Whether rows that were known before have to be looked at.
    pub(crate) fn concerns_others(&self) -> bool {
        self.again || self.current.is_some()
    }

    /// Takes a row from the page, before the page's own rows are put in.
    pub(crate) fn clear(&self, listing: &mut Listing) {
        if self.again && listing.page == self.number {
            *listing = Listing::ABSENT;
        }
    }

    /// Lists a row if its page belongs to the list as it is now, once that is complete. A page that does not may yet turn out to.
    pub(crate) fn settle(&self, listing: &mut Listing) {
        if let Some(current) = self.current.as_ref().filter(|_| listing.page != GONE) {
            let page = listing.page;
            listing.listed = page == NO_PAGE || page == self.number || current.contains(&page);
        }
    }
}

/// The pages of one list, in whatever order they were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chain {
    pages: HashMap<Box<str>, (u32, Option<Box<str>>)>,
    /// Whether a page was read that is the last: before, a list cannot be complete.
    has_end: bool,
    complete: bool,
}

impl Chain {
    /// Records that the page after a cursor was read and which cursor comes next, `None` for none. The page that was read before with
    /// the same cursor keeps its number.
    pub(crate) fn record(&mut self, after: &str, next: Option<&str>) -> Turn {
        let new = u32::try_from(self.pages.len()).unwrap_or(GONE - 1);
        let before = self.pages.len();
        let page = self.pages.entry(after.into()).or_insert((new, None));
        page.1 = next.map(Into::into);
        let number = page.0;
        self.has_end |= next.is_none();
        self.complete = self.has_end && self.follow().1 == End::Complete;
        let current = self.complete.then(|| self.follow().0);
        Turn { number, again: self.pages.len() == before, current }
    }

    /// Whether the pages that were read lead from the beginning of the list to its end.
    pub(crate) fn is_complete(&self) -> bool {
        self.complete
    }

    /// The cursor of the first page that is missing, "" for the first of all; `None` where none is, or the list leads into a circle.
    pub(crate) fn gap(&self) -> Option<&str> {
        match self.follow().1 {
            End::Gap(cursor) => Some(cursor),
            End::Complete | End::Circle => None,
        }
    }

    fn follow(&self) -> (HashSet<u32>, End<'_>) {
        let mut numbers = HashSet::new();
        let mut cursor = "";
        loop {
            let Some((number, next)) = self.pages.get(cursor) else { return (numbers, End::Gap(cursor)) };
            if !numbers.insert(*number) {
                return (numbers, End::Circle);
            }
            match next {
                Some(next) => cursor = next,
                None => return (numbers, End::Complete),
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum End<'a> {
    Complete,
    Gap(&'a str),
    Circle,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_in_any_order_make_a_complete_list() {
        let mut chain = Chain::default();
        assert_eq!(chain.gap(), Some(""));
        chain.record("b", None);
        chain.record("", Some("a"));
        assert_eq!((chain.gap(), chain.is_complete()), (Some("a"), false));
        chain.record("a", Some("b"));
        assert_eq!((chain.gap(), chain.is_complete()), (None, true));
    }

    #[test]
    fn a_page_that_leads_elsewhere_when_it_is_read_again_opens_a_gap() {
        let mut chain = Chain::default();
        let first = chain.record("", Some("a")).number;
        let mut old = Listing::on(chain.record("a", None).number);
        let again = chain.record("", Some("b"));
        assert!(again.again && again.number == first);
        assert_eq!(chain.gap(), Some("b"));
        let last = chain.record("b", None);
        last.settle(&mut old);
        assert!(chain.is_complete() && !old.is_listed());
    }

    #[test]
    fn a_list_that_runs_in_a_circle_is_never_complete() {
        let mut chain = Chain::default();
        chain.record("", Some("a"));
        chain.record("a", Some(""));
        assert_eq!((chain.gap(), chain.is_complete()), (None, false));
    }
}
