//! The menu that shows and hides a table's columns.

use leptos::prelude::*;

use super::icon::Icon;
use super::menu::Menu;
use crate::text::list as text;

/// Columns that may be hidden: their ids and names.
#[component]
pub(crate) fn ColumnMenu(
    columns: Vec<(&'static str, &'static str)>,
    /// Whether the column of an id is hidden, tracked.
    is_hidden: Callback<&'static str, bool>,
    /// Shows a hidden column or hides a shown one.
    on_toggle: Callback<&'static str>,
) -> impl IntoView {
    let columns = StoredValue::new(columns);
    let choice = move |(id, title): (&'static str, &'static str)| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || !is_hidden.run(id)
                    on:change=move |_| on_toggle.run(id)
                />
                {title}
            </label>
        }
    };
    view! {
        <Menu name=text::COLUMNS icon=Icon::Columns>
            {columns.with_value(|columns| columns.iter().copied().map(choice).collect_view())}
        </Menu>
    }
}
