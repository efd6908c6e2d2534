//! A table whose rows have heights of their own. Of many rows the first are in the document, the rest when they are asked for.

use leptos::prelude::*;

use super::growing::Growing;

/// How many rows are shown at once.
const ROWS: usize = 100;

/// A table with its name. `row` draws the row at a position: a `<tr>` whose first cell is a `<th scope="row">`.
#[component]
pub(crate) fn PlainTable(
    #[prop(into)] name: String,
    /// The headers: their text and the style sheet's class.
    heads: Vec<(&'static str, &'static str)>,
    /// How many rows there are.
    count: usize,
    row: Callback<usize, AnyView>,
) -> impl IntoView {
    let rows = Growing::new(count, ROWS, row);
    let head = |(title, class)| view! { <th scope="col" class=class>{title}</th> };
    view! {
        <div class="table-frame">
            <table class="table table-plain">
                <caption class="visually-hidden">{name}</caption>
                <thead>
                    <tr>{heads.into_iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{rows.pieces()}</tbody>
            </table>
        </div>
        {rows.more()}
    }
}

/// The drawing of a table's rows from what they show. Each row is made once.
pub(crate) fn rows_of<T: Clone + Send + Sync + 'static>(
    rows: Vec<T>,
    draw: fn(usize, T) -> AnyView,
) -> Callback<usize, AnyView> {
    let rows = StoredValue::new(rows);
    Callback::new(move |at: usize| match rows.with_value(|rows| rows.get(at).cloned()) {
        Some(row) => draw(at, row),
        None => ().into_any(),
    })
}
