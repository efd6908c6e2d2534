//! The buttons that export a list, and their entries in the command palette.

use leptos::prelude::*;

use crate::component::export_buttons::{ExportButtons, Sheet, export_csv, export_json};
use crate::palette::add_entry;
use crate::text::list as text;

/// Exports what `sheet` makes at the moment of the click.
#[component]
pub(crate) fn ExportTools(
    /// The file's name without its extension.
    file: String,
    sheet: Callback<(), Sheet>,
) -> impl IntoView {
    let name = StoredValue::new(file.clone());
    let always = Signal::stored(true);
    add_entry(text::EXPORT_CSV.to_owned(), always, move || name.with_value(|name| export_csv(name, sheet)));
    add_entry(text::EXPORT_JSON.to_owned(), always, move || name.with_value(|name| export_json(name, sheet)));
    view! { <ExportButtons file sheet/> }
}
