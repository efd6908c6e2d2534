//! A short table: a caption, headers and rows, all in the document.

use leptos::prelude::*;

/// A table with its name. Rows are `<tr>` whose first cell is a `<th scope="row">`.
#[component]
pub(crate) fn PlainTable(
    #[prop(into)] name: String,
    /// The headers: their text and the style sheet's class.
    heads: Vec<(&'static str, &'static str)>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table table-plain">
                <caption class="visually-hidden">{name}</caption>
                <thead>
                    <tr>
                        {heads
                            .into_iter()
                            .map(|(title, class)| view! { <th scope="col" class=class>{title}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
