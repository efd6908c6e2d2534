//! The menu that shows and hides a table's columns.

use leptos::prelude::*;

use super::icon::Icon;
use super::menu::Menu;
use crate::preferences::use_preferences;
use crate::text::list as text;

/// Columns of `table` that may be hidden: their ids and names.
#[component]
pub(crate) fn ColumnMenu(table: &'static str, columns: Vec<(&'static str, &'static str)>) -> impl IntoView {
    let preferences = use_preferences();
    let columns = StoredValue::new(columns);
    let choice = move |(id, title): (&'static str, &'static str)| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || !preferences.is_hidden(table, id)
                    on:change=move |_| preferences.toggle_column(table, id)
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
