//! The tags of a repository: all of them, newest first, sorted and searched over the whole.

use std::rc::Rc;

use leptos::prelude::*;

use super::data::{DigestIndex, RepositoryData};
use super::rows::TagRow;
use super::tag_pane::TagPane;
use super::tag_row::Cells;
use crate::component::column_menu::ColumnMenu;
use crate::component::data_table::{DataTable, Head, SortBy};
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::export_buttons::{ExportButtons, Sheet};
use crate::component::list_bar::ListBar;
use crate::component::skeleton::Skeleton;
use crate::format::time;
use crate::list::arrangement::{Compare, Criteria, arrangement, by_version};
use crate::list::listing::Listing;
use crate::list::matcher::Matcher;
use crate::list::selection::Selection;
use crate::navigation::use_navigation;
use crate::page::actions::bulk::{BulkBar, Subject};
use crate::page::searched::{Searched, list_state, row_at};
use crate::page::sign_in_again::SignInAgain;
use crate::preferences::use_preferences;
use crate::protection::Switches;
use crate::text::list as list_text;
use crate::text::repository as text;

/// The table's name in the preferences.
const TABLE: &str = "tags";
/// The columns beside the name: id, title, class.
const COLUMNS: [(&str, &str, &str); 5] = [
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
    let platform =
        move |row: &TagRow| index.with_untracked(&row.digest, |one| (one.kind, one.platform.clone()));
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
    let selection = Selection::new();
    let Searched { search, sort, problem, on_search } = Searched::from_route("-updated");
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
    let chosen = RwSignal::new(None::<TagRow>);
    let state = list_state(tags, shown, Callback::new(move |()| data.refresh()));
    let matching = Callback::new(move |()| {
        (0..shown.get_untracked())
            .filter_map(|at| row_at.run(at))
            .map(|row| row.name.into())
            .collect::<Vec<String>>()
    });
    let file = data.with_name(|name| format!("{}-tags", name.as_str().replace('/', "-")));
    view! {
        <ListBar
            search_name=list_text::SEARCH_TAGS
            hint=list_text::SEARCH_DIGEST_HINT
            search
            on_search
            state
            problem
            refreshed_above=true
        >
            <ColumnMenu table=TABLE columns=COLUMNS.map(|(id, title, _)| (id, title)).to_vec()/>
            <ExportButtons file sheet=Callback::new(move |()| sheet(shown, row_at, index))/>
        </ListBar>
        <BulkBar subject=Subject::Tags selection matching shown/>
        <Show when=move || shown.get() != 0 fallback=move || nothing(tags)>
            <div class="with-pane">
                <Table shown sort row_at index selection chosen/>
                {move || chosen.get().map(|row| view! { <TagPane row index on_close=Callback::new(move |()| chosen.set(None))/> })}
            </div>
        </Show>
        <p class="hint list-note">{text::NOT_IN_API}</p>
    }
}

fn nothing(tags: Listing<TagRow>) -> AnyView {
    let navigation = use_navigation();
    if tags.rows.with(Vec::is_empty) {
        return view! { <EmptyState title=text::NO_TAGS hint=text::NO_TAGS_HINT/> }.into_any();
    }
    view! {
        <EmptyState title=list_text::NOTHING_MATCHES hint=list_text::NOTHING_MATCHES_HINT>
            <button type="button" class="button" on:click=move |_| navigation.set_param("q", "")>
                {list_text::CLEAR_SEARCH}
            </button>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Table(
    shown: Signal<usize>,
    sort: Memo<SortBy>,
    row_at: Callback<usize, Option<TagRow>>,
    index: DigestIndex,
    selection: Selection,
    chosen: RwSignal<Option<TagRow>>,
) -> impl IntoView {
    let navigation = use_navigation();
    let preferences = use_preferences();
    let visible = Memo::new(move |_| COLUMNS.map(|(id, _, _)| !preferences.is_hidden(TABLE, id)));
    let heads = Signal::derive(move || {
        let mut heads = vec![Head { id: "name", title: text::TAG, class: "c-name", sortable: true }];
        let columns = COLUMNS.iter().zip(visible.get()).filter(|(_, visible)| *visible);
        heads.extend(columns.map(|((id, title, class), _)| Head { id, title, class, sortable: true }));
        heads
    });
    let name_at = move |position: usize| row_at.run(position).map(|row| row.name.to_string());
    let key = move |position: usize| {
        let row = row_at.run(position);
        row.map(|row| format!("{} {} {:?} {:?}", row.name, row.digest, row.switches, visible.get()))
            .unwrap_or_default()
    };
    view! {
        <DataTable
            name=text::TAGS
            heads
            count=shown
            sort
            on_sort=Callback::new(move |sort: SortBy| navigation.set_param("sort", &sort.print()))
            key=Callback::new(key)
            cells=Callback::new(move |position| {
                let select = Callback::new(move |range| selection.toggle(position, range, name_at));
                match row_at.run(position) {
                    Some(row) => {
                        view! { <Cells row index selection select visible=visible.get_untracked()/> }.into_any()
                    }
                    None => ().into_any(),
                }
            })
            on_select=Callback::new(move |(position, range)| selection.toggle(position, range, name_at))
            on_active=Callback::new(move |position| chosen.set(row_at.run(position)))
        />
    }
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
