//! The manifests of a repository: tagged, untagged, artifacts.

use std::rc::Rc;

use leptos::prelude::*;

use super::data::RepositoryData;
use super::manifest_row::Cells;
use super::rows::ManifestRow;
use crate::component::column_menu::ColumnMenu;
use crate::component::data_table::{DataTable, Head, SortBy};
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::export_buttons::{ExportButtons, Sheet};
use crate::component::list_bar::ListBar;
use crate::component::menu::Choice;
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
use crate::text::list as list_text;
use crate::text::repository as text;

const TABLE: &str = "manifests";
const COLUMNS: [(&str, &str, &str); 5] = [
    ("tags", text::TAGS, "c-tags c-wide"),
    ("type", text::TYPE, "c-platform c-wide"),
    ("size", text::SIZE, "c-number c-wide"),
    ("updated", text::LAST_UPDATED, "c-time c-wide"),
    ("locks", text::LOCKS, "c-locks c-wide"),
];
/// The values of the `show` parameter and their names.
const SHOWN: [(&str, &str); 4] =
    [("", text::ALL), ("tagged", text::TAGGED), ("untagged", text::UNTAGGED), ("artifacts", text::ARTIFACTS)];

/// The tab.
#[component]
pub(crate) fn Manifests() -> impl IntoView {
    let data: RepositoryData = expect_context();
    let (manifests, _) = data.manifests();
    move || match manifests.failed() {
        Some(failure) => view! {
            <ErrorState failure on_retry=Callback::new(move |()| manifests.refresh())>
                <SignInAgain/>
            </ErrorState>
        }
        .into_any(),
        None if !manifests.started.get() => view! { <Skeleton lines=10/> }.into_any(),
        None => view! { <Listed manifests/> }.into_any(),
    }
}

fn belongs(row: &ManifestRow, shown: &str) -> bool {
    match shown {
        "tagged" => !row.tags.is_empty(),
        "untagged" => row.tags.is_empty(),
        "artifacts" => !row.kind.is_runnable(),
        _ => true,
    }
}

/// How manifests are sorted by a column; none where the registry's own order is the one asked for.
fn compare(sort: &SortBy) -> Option<Compare<ManifestRow>> {
    let first = |row: &ManifestRow| row.tags.first().cloned().unwrap_or_default();
    match sort.column.as_str() {
        "updated" if sort.descending => None,
        "digest" => Some(Rc::new(|a, b| a.digest.cmp(&b.digest))),
        "tags" => Some(Rc::new(move |a, b| by_version(&first(a), &first(b)))),
        "size" => Some(Rc::new(|a, b| a.size.cmp(&b.size))),
        "type" => Some(Rc::new(|a, b| a.kind.cmp(&b.kind).then_with(|| a.platform.cmp(&b.platform)))),
        "locks" => Some(Rc::new(|a, b| a.switches.any_off().cmp(&b.switches.any_off()))),
        _ => Some(Rc::new(|a, b| a.updated.cmp(&b.updated))),
    }
}

#[component]
fn Listed(manifests: Listing<ManifestRow>) -> impl IntoView {
    let navigation = use_navigation();
    let data: RepositoryData = expect_context();
    let selection = Selection::new();
    let Searched { search, sort, problem, on_search } = Searched::from_route("-updated");
    let kind = Memo::new(move |_| {
        let asked = navigation.param("show");
        SHOWN.iter().find(|(id, _)| *id == asked).map_or("", |(id, _)| *id)
    });
    let order = arrangement(manifests.rows, move || {
        let (matcher, kind, sort) = (Matcher::parse(&search.get()), kind.get(), sort.get());
        let found = move |row: &ManifestRow| {
            matcher.matches_either("", &row.digest) || row.tags.iter().any(|tag| matcher.matches(tag))
        };
        Criteria {
            keep: Box::new(move |row: &ManifestRow| belongs(row, kind) && found(row)),
            compare: compare(&sort),
            descending: sort.descending,
        }
    });
    let shown = Signal::derive(move || order.with(Vec::len));
    let row_at = row_at(manifests, order);
    let state = list_state(manifests, shown, Callback::new(move |()| data.refresh()));
    let matching = Callback::new(move |()| {
        (0..shown.get_untracked())
            .filter_map(|at| row_at.run(at))
            .map(|row| row.digest.into())
            .collect::<Vec<String>>()
    });
    let file = data.with_name(|name| format!("{}-manifests", name.as_str().replace('/', "-")));
    view! {
        <ListBar
            search_name=list_text::SEARCH_MANIFESTS
            hint=list_text::SEARCH_DIGEST_HINT
            search
            on_search
            state
            problem
            refreshed_above=true
        >
            <Choice
                name=text::SHOW
                options=SHOWN.to_vec()
                chosen=kind
                on_choose=Callback::new(move |kind| navigation.set_param("show", kind))
            />
            <ColumnMenu table=TABLE columns=COLUMNS.map(|(id, title, _)| (id, title)).to_vec()/>
            <ExportButtons file sheet=Callback::new(move |()| sheet(shown, row_at))/>
        </ListBar>
        <BulkBar subject=Subject::Manifests selection matching shown/>
        <Show
            when=move || shown.get() != 0
            fallback=|| view! { <EmptyState title=text::NO_MANIFESTS hint=text::NO_MANIFESTS_HINT/> }
        >
            <Table shown sort row_at selection/>
        </Show>
    }
}

#[component]
fn Table(
    shown: Signal<usize>,
    sort: Memo<SortBy>,
    row_at: Callback<usize, Option<ManifestRow>>,
    selection: Selection,
) -> impl IntoView {
    let navigation = use_navigation();
    let preferences = use_preferences();
    let visible = Memo::new(move |_| COLUMNS.map(|(id, _, _)| !preferences.is_hidden(TABLE, id)));
    let heads = Signal::derive(move || {
        let mut heads = vec![Head { id: "digest", title: text::DIGEST, class: "c-name", sortable: true }];
        let columns = COLUMNS.iter().zip(visible.get()).filter(|(_, visible)| *visible);
        heads.extend(columns.map(|((id, title, class), _)| Head { id, title, class, sortable: true }));
        heads
    });
    let digest_at = move |position: usize| row_at.run(position).map(|row| row.digest.to_string());
    let key = move |position: usize| {
        let row = row_at.run(position);
        row.map(|row| format!("{} {:?} {:?} {:?}", row.digest, row.tags, row.switches, visible.get()))
            .unwrap_or_default()
    };
    view! {
        <DataTable
            name=text::MANIFESTS
            heads
            count=shown
            sort
            on_sort=Callback::new(move |sort: SortBy| navigation.set_param("sort", &sort.print()))
            key=Callback::new(key)
            cells=Callback::new(move |position| {
                let select = Callback::new(move |range| selection.toggle(position, range, digest_at));
                match row_at.run(position) {
                    Some(row) => view! { <Cells row selection select visible=visible.get_untracked()/> }.into_any(),
                    None => ().into_any(),
                }
            })
            on_select=Callback::new(move |(position, range)| selection.toggle(position, range, digest_at))
        />
    }
}

fn sheet(shown: Signal<usize>, row_at: Callback<usize, Option<ManifestRow>>) -> Sheet {
    let heads =
        vec!["digest", "tags", "type", "platform", "size", "created", "lastUpdated", "quarantineState"];
    let moment = |moment: Option<i64>| moment.map(time::absolute).unwrap_or_default();
    let rows = (0..shown.get_untracked()).filter_map(|at| row_at.run(at)).map(|row| {
        vec![
            row.digest.into(),
            row.tags.join(" "),
            row.kind.name().to_owned(),
            row.platform.into(),
            row.size.map(|size| size.to_string()).unwrap_or_default(),
            moment(row.created),
            moment(row.updated),
            row.quarantine.map(Into::into).unwrap_or_default(),
        ]
    });
    (heads, rows.collect())
}
