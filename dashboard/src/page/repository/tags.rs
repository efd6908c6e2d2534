//! The tags of a repository: all of them, newest first, sorted and searched over the complete list.

use std::rc::Rc;

use leptos::prelude::*;

use super::list_screen::{Columns, Drawn, ListScreen, list_screen};
use super::pane::pane_of;
use super::tag_pane::tag_pane;
use super::tag_row::Cells;
use crate::component::data_table::SortBy;
use crate::component::error_state::ErrorState;
use crate::component::export_buttons::Sheet;
use crate::component::skeleton::Skeleton;
use crate::format::time;
use crate::list::arrangement::{Compare, Criteria, arrangement, by_version};
use crate::list::digest_index::DigestIndex;
use crate::list::listing::Listing;
use crate::list::matcher::Matcher;
use crate::list::rows::TagRow;
use crate::page::actions::bulk::Subject;
use crate::page::search_results::{SearchResults, list_state, row_at};
use crate::page::sign_in_again::SignInAgain;
use crate::protection::Switches;
use crate::repository_data::RepositoryData;
use crate::text::list as list_text;
use crate::text::repository as text;

const COLUMNS: Columns = [
    ("digest", text::DIGEST, "c-digest c-wide"),
    ("platform", text::PLATFORM, "c-platform c-wide"),
    ("size", text::SIZE, "c-number c-wide"),
    ("updated", text::LAST_UPDATED, "c-time c-wide"),
    ("locks", text::LOCKS, "c-locks c-wide"),
];

/// The tab.
#[component]
pub(crate) fn Tags() -> impl IntoView {
    let data: RepositoryData = expect_context();
    let tags = data.tags();
    move || match tags.failed() {
        Some(failure) => view! {
            <ErrorState failure on_retry=Callback::new(move |()| tags.refresh())>
                <SignInAgain/>
            </ErrorState>
        }
        .into_any(),
        None if !tags.started.get() => view! { <Skeleton lines=10/> }.into_any(),
        None => view! { <Listed tags/> }.into_any(),
    }
}

/// How tags are sorted by a column; none where the registry's own order is the one asked for.
fn compare(sort: &SortBy, index: DigestIndex) -> Option<Compare<TagRow>> {
    let size = move |row: &TagRow| index.with_untracked(&row.digest, |manifest| manifest.size).flatten();
    let platform = move |row: &TagRow| {
        index.with_untracked(&row.digest, |one| (one.description.kind, one.platform.clone()))
    };
    match sort.column.as_str() {
        "updated" if sort.descending => None,
        "name" => Some(Rc::new(|a, b| by_version(&a.name, &b.name))),
        "digest" => Some(Rc::new(|a, b| a.digest.cmp(&b.digest))),
        "locks" => Some(Rc::new(|a, b| a.switches.any_off().cmp(&b.switches.any_off()))),
        "size" => Some(Rc::new(move |a, b| size(a).cmp(&size(b)))),
        "platform" => Some(Rc::new(move |a, b| platform(a).cmp(&platform(b)))),
        _ => Some(Rc::new(|a, b| a.updated.cmp(&b.updated))),
    }
}

#[component]
fn Listed(tags: Listing<TagRow>) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let (_, index) = data.manifests();
    let search_results = SearchResults::from_route("-updated");
    let SearchResults { search, sort, .. } = search_results;
    let order = arrangement(tags.rows, move || {
        let matcher = Matcher::parse(&search.get());
        let sort = sort.get();
        if matches!(sort.column.as_str(), "size" | "platform") {
            index.track();
        }
        Criteria {
            keep: Box::new(move |row: &TagRow| matcher.matches_either(&row.name, &row.digest)),
            compare: compare(&sort, index),
            descending: sort.descending,
        }
    });
    let shown = Signal::derive(move || order.with(Vec::len));
    let row_at = row_at(tags, order);
    let look = |row: TagRow| format!("{} {} {:?}", row.name, row.digest, row.switches);
    let cells = move |(position, selection, select, visible): Drawn| {
        row_at.run(position).map(|row| view! { <Cells row index selection select visible/> }).into_any()
    };
    let list = list_screen(ListScreen {
        subject: Subject::Tags,
        name: (text::TAGS, "tags"),
        first: ("name", text::TAG),
        columns: COLUMNS,
        search_name: list_text::SEARCH_TAGS,
        search_results,
        state: list_state(tags, shown),
        name_at: Callback::new(move |at: usize| row_at.run(at).map(|row| row.name.into())),
        look_at: Callback::new(move |at: usize| row_at.run(at).map(look).unwrap_or_default()),
        cells: Callback::new(cells),
        is_free: Callback::new(|_| true),
        note: None,
        file: data.with_name(|name| format!("{}-tags", name.as_str().replace('/', "-"))),
        sheet: Callback::new(move |()| sheet(shown, row_at, index)),
        tools: None,
        pane: pane_of(tags, |row| &row.name, move |row| tag_pane(data, index, row)),
        none: (text::NO_TAGS, text::NO_TAGS_HINT),
    });
    view! { {list} <p class="hint list-note">{text::NOT_IN_API}</p> }
}

/// What is exported: everything the list knows of the rows shown.
fn sheet(shown: Signal<usize>, row_at: Callback<usize, Option<TagRow>>, index: DigestIndex) -> Sheet {
    let heads = vec![
        "tag",
        "digest",
        "platform",
        "size",
        "created",
        "lastUpdated",
        "readEnabled",
        "writeEnabled",
        "deleteEnabled",
        "listEnabled",
    ];
    let moment = |moment: Option<i64>| moment.map(time::absolute).unwrap_or_default();
    let rows = (0..shown.get_untracked()).filter_map(|at| row_at.run(at)).map(|row| {
        let (platform, size) = index
            .with_untracked(&row.digest, |one| {
                (one.platform.to_string(), one.size.map(|size| size.to_string()))
            })
            .unwrap_or_default();
        let Switches { read, write, delete, list } = row.switches;
        let mut cells = vec![
            row.name.into(),
            row.digest.into(),
            platform,
            size.unwrap_or_default(),
            moment(row.created),
            moment(row.updated),
        ];
        cells.extend([read, write, delete, list].map(|on| on.to_string()));
        cells
    });
    (heads, rows.collect())
}
