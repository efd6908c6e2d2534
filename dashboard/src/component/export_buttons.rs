//! The buttons that save a list as a file.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::list::export;
use crate::surface::download::download;
use crate::text::list as text;

/// A table as it is exported: its columns' names and its rows.
pub(crate) type Sheet = (Vec<&'static str>, Vec<Vec<String>>);

/// Saves what `sheet` makes at the moment of the click.
#[component]
pub(crate) fn ExportButtons(
    /// The file's name without its ending.
    #[prop(into)]
    file: String,
    sheet: Callback<(), Sheet>,
) -> impl IntoView {
    let file = StoredValue::new(file);
    let csv = move |_| file.with_value(|file| export_csv(file, sheet));
    let json = move |_| file.with_value(|file| export_json(file, sheet));
    view! {
        <button type="button" class="button button-small" aria-label=text::EXPORT_CSV title=text::EXPORT_CSV on:click=csv>
            <Glyph icon=Icon::Download/>
            {text::CSV}
        </button>
        <button type="button" class="button button-small" aria-label=text::EXPORT_JSON title=text::EXPORT_JSON on:click=json>
            <Glyph icon=Icon::Download/>
            {text::JSON}
        </button>
    }
}

/// Saves a table as CSV; `file` is the file's name without its extension.
pub(crate) fn export_csv(file: &str, sheet: Callback<(), Sheet>) {
    let (heads, rows) = sheet.run(());
    download(&format!("{file}.csv"), "text/csv;charset=utf-8", &export::csv(&heads, &rows));
}

/// Saves a table as JSON; `file` is the file's name without its extension.
pub(crate) fn export_json(file: &str, sheet: Callback<(), Sheet>) {
    let (heads, rows) = sheet.run(());
    download(&format!("{file}.json"), "application/json", &export::json(&heads, &rows));
}
