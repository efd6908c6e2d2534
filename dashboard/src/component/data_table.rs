//! A table of any length: only the rows near the screen are in the document. Sorting by its headers, moving by keyboard.
//!
//! It knows rows by their position only; what a row shows and how rows are ordered is the page's business.

use std::ops::Range;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Glyph, Icon};
use super::table_keys::listen;
use super::table_window::{Window, follow_scroll};

/// A column's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its value in the URL, when rows are sorted by it.
    pub(crate) id: &'static str,
    /// Its name.
    pub(crate) title: &'static str,
    /// The style sheet's class for its width and alignment.
    pub(crate) class: &'static str,
    /// Whether rows can be sorted by it.
    pub(crate) sortable: bool,
}

/// What rows are sorted by: a column and whether the order is descending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SortBy {
    pub(crate) column: String,
    pub(crate) descending: bool,
}

impl SortBy {
    /// From its value in the URL: `size`, or `-size` for descending.
    pub(crate) fn parse(text: &str) -> Self {
        match text.strip_prefix('-') {
            Some(column) => Self { column: column.to_owned(), descending: true },
            None => Self { column: text.to_owned(), descending: false },
        }
    }

    /// Its value in the URL.
    pub(crate) fn print(&self) -> String {
        if self.descending { format!("-{}", self.column) } else { self.column.clone() }
    }

    /// The order after a click on a column's header.
    pub(crate) fn clicked(&self, column: &str) -> Self {
        Self { column: column.to_owned(), descending: self.column == column && !self.descending }
    }
}

/// A windowed table.
#[component]
pub(crate) fn DataTable(
    /// The table's name.
    #[prop(into)]
    name: String,
    #[prop(into)] heads: Signal<Vec<Head>>,
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    #[prop(into)] sort: Signal<SortBy>,
    #[prop(optional, into)] on_sort: Option<Callback<SortBy>>,
    /// What identifies the row at a position together with what it shows: rows of an equal key are not drawn again.
    key: Callback<usize, String>,
    /// The cells of the row at a position; the first is its `<th scope="row">` with a link.
    cells: Callback<usize, AnyView>,
    /// Asked for by `x` on a row, with whether shift was held.
    #[prop(optional, into)]
    on_select: Option<Callback<(usize, bool)>>,
    /// Called with the row that is moved to or clicked.
    #[prop(optional, into)]
    on_active: Option<Callback<usize>>,
    /// Called with the rows on the screen once they have been there for a moment: rows that are scrolled past need no requests.
    #[prop(optional, into)]
    on_rest: Option<Callback<Range<usize>>>,
    /// The row that is active at first.
    #[prop(optional_no_strip)]
    active: Option<usize>,
) -> impl IntoView {
    let body = NodeRef::<html::Tbody>::new();
    let shown = RwSignal::new(Window::first());
    let active = RwSignal::new(active);
    let on_screen = RwSignal::new(0..0);
    follow_scroll(body, count, shown, on_screen);
    on_rest.into_iter().for_each(|report| report_rest(on_screen, count, key, report));
    listen(body, count, active, on_select);
    Effect::new(move |_| active.get().zip(on_active).map(|(position, report)| report.run(position)));
    let positions = move || keyed(shown.with(|window| window.first..window.end), count.get(), key);
    view! {
        <div class="table-frame">
            <table class="table" part="table" aria-rowcount=move || (count.get() + 1).to_string()>
                <caption class="visually-hidden">{name}</caption>
                {header(heads, sort, on_sort)}
                <tbody node_ref=body>
                    {move || spacer(shown, shown.get().first.min(count.get()))}
                    <For each=positions key=Clone::clone let((position, _))>
                        <tr
                            class="row"
                            aria-rowindex=(position + 2).to_string()
                            data-row=position.to_string()
                            class:is-active=move || active.get() == Some(position)
                            on:click=move |event| if is_plain(&event) { active.set(Some(position)) }
                        >
                            {cells.run(position)}
                        </tr>
                    </For>
                    {move || spacer(shown, count.get().saturating_sub(shown.get().end))}
                </tbody>
            </table>
        </div>
    }
}

fn header(
    heads: Signal<Vec<Head>>,
    sort: Signal<SortBy>,
    on_sort: Option<Callback<SortBy>>,
) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <For each=move || heads.get() key=|head| head.id let:head><HeadCell head sort on_sort/></For>
            </tr>
        </thead>
    }
}

/// The rows of a range that exist, each with its key.
fn keyed(rows: Range<usize>, count: usize, key: Callback<usize, String>) -> Vec<(usize, String)> {
    (rows.start..rows.end.min(count)).map(|at| (at, key.run(at))).collect()
}

/// How long the rows on the screen stay the same before they are reported.
const REST: Duration = Duration::from_millis(120);

fn report_rest(
    on_screen: RwSignal<Range<usize>>,
    count: Signal<usize>,
    key: Callback<usize, String>,
    report: Callback<Range<usize>>,
) {
    let rows = Memo::new(move |_| keyed(on_screen.get(), count.get(), key));
    Effect::new(move |rested: Option<bool>| {
        let range = rows.with(|rows| Some(rows.first()?.0..rows.last()?.0 + 1));
        let Some(range) = range else { return rested.unwrap_or_default() };
        // The first rows have nothing to wait for.
        let moment = if rested == Some(true) { REST } else { Duration::ZERO };
        if let Ok(timer) = set_timeout_with_handle(move || report.run(range), moment) {
            on_cleanup(move || timer.clear());
        }
        true
    });
}

/// An empty row as high as the rows that are not in the document.
pub(crate) fn spacer(shown: RwSignal<Window>, rows: usize) -> Option<AnyView> {
    let height = move || format!("{}px", rows as f64 * shown.get().row_height);
    (rows > 0).then(|| {
        view! { <tr class="spacer" aria-hidden="true" style:height=height><td></td></tr> }.into_any()
    })
}

/// Whether a click was on the row itself, not on a link, a button or a checkbox in it.
fn is_plain(event: &leptos::ev::MouseEvent) -> bool {
    let target = event.composed_path().get(0).dyn_into::<web_sys::Element>().ok();
    target.is_none_or(|target| target.closest("a, button, input, label").ok().flatten().is_none())
}

#[component]
fn HeadCell(head: Head, sort: Signal<SortBy>, on_sort: Option<Callback<SortBy>>) -> impl IntoView {
    let Head { id, title, class, sortable } = head;
    let (true, Some(on_sort)) = (sortable, on_sort) else {
        return view! { <th scope="col" class=class>{title}</th> }.into_any();
    };
    let direction = move || {
        sort.with(|sort| {
            (sort.column == id).then_some(if sort.descending { "descending" } else { "ascending" })
        })
    };
    view! {
        <th scope="col" class=class aria-sort=direction>
            <button type="button" class="sort" on:click=move |_| on_sort.run(sort.get_untracked().clicked(id))>
                {title}
                <Glyph icon=Icon::Chevron/>
            </button>
        </th>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_sorts_up_first_and_then_turns_round() {
        let sort = SortBy::parse("-updated");
        assert!(sort.descending && sort.print() == "-updated");
        let sort = sort.clicked("name");
        assert_eq!(sort.print(), "name");
        assert_eq!(sort.clicked("name").print(), "-name");
    }
}
