//! The manifests of a repository: tagged, untagged, artifacts.

use std::rc::Rc;
use std::sync::Arc;

use acr_artifact::Description;
use leptos::prelude::*;

use super::list_screen::{Columns, Drawn, ListScreen, list_screen};
use super::manifest_pane::manifest_pane;
use super::manifest_row::Cells;
use super::naming::{Naming, asked};
use super::pane::pane_of;
use crate::component::data_table::SortBy;
use crate::component::error_state::ErrorState;
use crate::component::export_buttons::Sheet;
use crate::component::menu::Choice;
use crate::component::skeleton::Skeleton;
use crate::descriptions::Descriptions;
use crate::format::time;
use crate::list::arrangement::{Compare, Criteria, arrangement, by_version};
use crate::list::listing::Listing;
use crate::list::matcher::Matcher;
use crate::list::rows::{ManifestRow, is_image};
use crate::navigation::use_navigation;
use crate::page::actions::bulk::Subject;
use crate::page::search_results::{SearchResults, list_state, row_at};
use crate::page::sign_in_again::SignInAgain;
use crate::repository_data::RepositoryData;
use crate::text::list as list_text;
use crate::text::repository as text;

const COLUMNS: Columns = [
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

/// How many indexes are read without a click, to learn which untagged manifests they refer to: a twentieth of the smallest budget of reads
/// for a minute.
const INDEXES: usize = 250;

fn belongs(row: &ManifestRow, shown: &str, descriptions: Descriptions) -> bool {
    match shown {
        "tagged" => !row.tags.is_empty(),
        "untagged" => row.tags.is_empty(),
        "artifacts" => !is_image(&described(row, descriptions)),
        _ => true,
    }
}

/// What a manifest is, as far as it is known by now.
fn described(row: &ManifestRow, descriptions: Descriptions) -> Arc<Description> {
    descriptions.read(&row.digest).unwrap_or_else(|| row.description.clone())
}

/// How manifests are sorted by a column; none where the registry's own order is the one asked for.
fn compare(sort: &SortBy, descriptions: Descriptions) -> Option<Compare<ManifestRow>> {
    let kind = move |row: &ManifestRow| {
        let description = described(row, descriptions);
        (description.kind, description.title())
    };
    let first = |row: &ManifestRow| row.tags.first().cloned().unwrap_or_default();
    match sort.column.as_str() {
        "updated" if sort.descending => None,
        "digest" => Some(Rc::new(|a, b| a.digest.cmp(&b.digest))),
        "tags" => Some(Rc::new(move |a, b| by_version(&first(a), &first(b)))),
        "size" => Some(Rc::new(|a, b| a.size.cmp(&b.size))),
        "type" => Some(Rc::new(move |a, b| kind(a).cmp(&kind(b)).then_with(|| a.platform.cmp(&b.platform)))),
        "locks" => Some(Rc::new(|a, b| a.switches.any_off().cmp(&b.switches.any_off()))),
        _ => Some(Rc::new(|a, b| a.updated.cmp(&b.updated))),
    }
}

/// Which manifests are shown, as the route has it, and the control that chooses it.
fn kind_choice() -> (Memo<&'static str>, AnyView) {
    let navigation = use_navigation();
    let kind = Memo::new(move |_| {
        let asked = navigation.param("show");
        SHOWN.iter().find(|(id, _)| *id == asked).map_or("", |(id, _)| *id)
    });
    let choice = view! {
        <Choice
            name=text::SHOW
            options=SHOWN.to_vec()
            chosen=kind
            on_choose=Callback::new(move |kind| navigation.set_param("show", kind))
        />
    };
    (kind, choice.into_any())
}

#[component]
fn Listed(manifests: Listing<ManifestRow>) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let search_results = SearchResults::from_route("-updated");
    let SearchResults { search, sort, .. } = search_results;
    let (kind, show) = kind_choice();
    let descriptions = data.session().descriptions;
    let untagged = Memo::new(move |_| kind.get() == "untagged");
    let naming = Naming::follow(data, manifests, untagged.into(), INDEXES);
    let order = arrangement(manifests.rows, move || {
        let (matcher, kind, sort) = (Matcher::parse(&search.get()), kind.get(), sort.get());
        if kind == "artifacts" || sort.column == "type" {
            descriptions.track();
        }
        let found = move |row: &ManifestRow| {
            matcher.matches_either("", &row.digest) || row.tags.iter().any(|tag| matcher.matches(tag))
        };
        Criteria {
            keep: Box::new(move |row: &ManifestRow| belongs(row, kind, descriptions) && found(row)),
            compare: compare(&sort, descriptions),
            descending: sort.descending,
        }
    });
    let shown = Signal::derive(move || order.with(Vec::len));
    let row_at = row_at(manifests, order);
    let look = |row: ManifestRow| format!("{} {:?} {:?}", row.digest, row.tags, row.switches);
    let cells = move |(position, selection, select, visible): Drawn| {
        let row = row_at.run(position)?;
        let digest = row.digest.to_string();
        let belonging = Signal::derive(move || naming.belongings.with(|all| all.get(&digest).cloned()));
        Some(view! { <Cells row selection select visible belonging/> })
    };
    // Of the untagged, those that belong to something tagged are in use: "select all" leaves them out, and all of them until that is known.
    let is_free = move |at: usize| {
        let in_use = || {
            let digest = row_at.run(at).map(|row| row.digest).unwrap_or_default();
            naming.belongings.with(|all| all.get(&*digest).is_some_and(|one| one.is_in_use))
        };
        !untagged.get() || naming.is_complete() && !in_use()
    };
    list_screen(ListScreen {
        subject: Subject::Manifests,
        name: (text::MANIFESTS, "manifests"),
        first: ("digest", text::DIGEST),
        columns: COLUMNS,
        search_name: list_text::SEARCH_MANIFESTS,
        search_results,
        state: list_state(manifests, shown),
        name_at: Callback::new(move |at: usize| row_at.run(at).map(|row| row.digest.into())),
        look_at: Callback::new(move |at: usize| row_at.run(at).map(look).unwrap_or_default()),
        cells: Callback::new(move |drawn| cells(drawn).into_any()),
        is_free: Callback::new(is_free),
        file: data.with_name(|name| format!("{}-manifests", name.as_str().replace('/', "-"))),
        sheet: Callback::new(move |()| sheet(shown, row_at, descriptions)),
        tools: Some(show),
        note: Some(view! { <Show when=move || untagged.get()>{asked(naming)}</Show> }.into_any()),
        pane: pane_of(manifests, |row| &row.digest, move |row| manifest_pane(data, row)),
        none: (text::NO_MANIFESTS, text::NO_MANIFESTS_HINT),
    })
}

fn sheet(
    shown: Signal<usize>,
    row_at: Callback<usize, Option<ManifestRow>>,
    descriptions: Descriptions,
) -> Sheet {
    let heads =
        vec!["digest", "tags", "type", "platform", "size", "created", "lastUpdated", "quarantineState"];
    let moment = |moment: Option<i64>| moment.map(time::absolute).unwrap_or_default();
    let rows = (0..shown.get_untracked()).filter_map(|at| row_at.run(at)).map(|row| {
        let title = described(&row, descriptions).title();
        vec![
            row.digest.into(),
            row.tags.join(" "),
            title,
            row.platform.into(),
            row.size.map(|size| size.to_string()).unwrap_or_default(),
            moment(row.created),
            moment(row.updated),
            row.quarantine.map(Into::into).unwrap_or_default(),
        ]
    });
    (heads, rows.collect())
}
