//! What the pages with a list have in common: search and order in the URL, the state for the bar, the row at a position.

use leptos::prelude::*;

use crate::component::data_table::SortBy;
use crate::component::list_bar::ListState;
use crate::list::listing::{Listing, Progress};
use crate::list::matcher::Matcher;
use crate::navigation::use_navigation;
use crate::palette::add_entry;
use crate::text::list as text;

/// Search and order of a list, as the URL has them.
#[derive(Clone, Copy)]
pub(crate) struct SearchResults {
    pub(crate) search: Memo<String>,
    pub(crate) sort: Memo<SortBy>,
    /// Why the search cannot be understood; empty when it can.
    pub(crate) problem: Signal<String>,
    pub(crate) on_search: Callback<String>,
}

impl SearchResults {
    /// Reads them from the route; `first` is the order where the URL names none.
    pub(crate) fn from_route(first: &'static str) -> Self {
        let navigation = use_navigation();
        let search = Memo::new(move |_| navigation.param("q"));
        let sort = Memo::new(move |_| {
            let asked = navigation.param("sort");
            SortBy::parse(if asked.is_empty() { first } else { &asked })
        });
        let problem = move || Matcher::parse(&search.get()).problem().unwrap_or_default().to_owned();
        Self {
            search,
            sort,
            problem: Signal::derive(problem),
            on_search: Callback::new(move |search: String| navigation.set_param("q", &search)),
        }
    }
}

/// What the bar above a list shows of it. Its buttons are entries of the command palette as well.
pub(crate) fn list_state<T: Send + Sync + 'static>(list: Listing<T>, shown: Signal<usize>) -> ListState {
    let (is_loading, is_partial) = (
        move || list.busy(),
        move || list.progress.with(|progress| matches!(progress, Progress::Stopped | Progress::Partial(_))),
    );
    add_entry(text::STOP.to_owned(), Signal::derive(is_loading), move || list.stop());
    add_entry(text::RESUME.to_owned(), Signal::derive(is_partial), move || list.resume());
    ListState {
        shown,
        all: Signal::derive(move || list.rows.with(Vec::len)),
        progress: list.progress.into(),
        loaded_at: list.loaded_at.into(),
        stop: Callback::new(move |()| list.stop()),
        resume: Callback::new(move |()| list.resume()),
    }
}

/// The row at a position of the order shown.
pub(crate) fn row_at<T: Clone + Send + Sync + 'static>(
    list: Listing<T>,
    order: RwSignal<Vec<u32>>,
) -> Callback<usize, Option<T>> {
    Callback::new(move |position: usize| {
        let at = order.with_untracked(|order| order.get(position).copied())?;
        list.rows.with_untracked(|rows| rows.get(at as usize).cloned())
    })
}
