//! The columns of the list of repositories, flat and as a tree, and which of them are shown.

use leptos::prelude::*;

use crate::component::data_table::Head;
use crate::preferences::use_preferences;
use crate::text::repository as text;

/// The table's name in the preferences.
pub(super) const TABLE: &str = "repositories";
/// The columns after the name: id, title, class.
pub(super) const COLUMNS: [(&str, &str, &str); 4] = [
    ("tags", text::TAGS, "c-number c-wide"),
    ("manifests", text::MANIFESTS, "c-number c-wide"),
    ("updated", text::LAST_UPDATED, "c-time c-wide"),
    ("locks", text::LOCKS, "c-locks c-wide"),
];

/// Which columns after the name are shown.
pub(super) type Visible = [bool; 4];

/// The same, as the preferences have it.
pub(super) fn visible() -> Memo<Visible> {
    let preferences = use_preferences();
    Memo::new(move |_| COLUMNS.map(|(id, _, _)| !preferences.is_hidden(TABLE, id)))
}

/// The headers of the columns that are shown. Only names come with the catalog, so only by them can be sorted.
pub(super) fn heads(visible: Memo<Visible>, by_name: bool) -> Signal<Vec<Head>> {
    Signal::derive(move || {
        let mut heads =
            vec![Head { id: "name", title: text::REPOSITORY, class: "c-name", sortable: by_name }];
        let shown = COLUMNS.into_iter().zip(visible.get()).filter(|(_, visible)| *visible);
        heads.extend(shown.map(|((id, title, class), _)| Head { id, title, class, sortable: false }));
        heads
    })
}
