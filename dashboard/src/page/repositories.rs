//! The repositories of a registry: a flat list or a tree by namespace, with counts fetched for what is on the screen.

mod columns;
pub(crate) mod look_ups;
pub(crate) mod row;
pub(crate) mod tree;
pub(crate) mod typed;

use std::ops::Range;
use std::rc::Rc;

use acr_client_wasm::Timestamp;
use leptos::prelude::*;
use look_ups::LookUps;

use crate::component::column_menu::ColumnMenu;
use crate::component::copy_button::CopyButton;
use crate::component::data_table::{DataTable, SortBy};
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::export_buttons::Sheet;
use crate::component::heading::ScreenHeading;
use crate::component::list_bar::ListBar;
use crate::component::menu::Choice;
use crate::component::skeleton::Skeleton;
use crate::failure::{Failure, FailureKind};
use crate::format::time;
use crate::lazy::{self, Chunk, lazy, prefetch};
use crate::list::arrangement::{Compare, Criteria, arrangement};
use crate::list::listing::Listing;
use crate::list::matcher::Matcher;
use crate::navigation::use_navigation;
use crate::page::export_tools::ExportTools;
use crate::page::refresh_button::RefreshButton;
use crate::page::search_results::{SearchResults, list_state, row_at};
use crate::page::sign_in_again::SignInAgain;
use crate::preferences::use_preferences;
use crate::session::{Session, use_session};
use crate::text::list as list_text;
use crate::text::repository as text;
use crate::text::shell as shell_text;

/// The views of this screen that a visit does not begin with.
#[derive(Clone, Copy)]
pub(crate) struct LazyViews {
    tree: fn(Listing<String>, LookUps) -> AnyView,
    by_name: fn() -> AnyView,
}

/// Their chunk.
pub(crate) const LAZY_VIEWS: Chunk<LazyViews> = || lazy::load(lazy_views());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(namespaces, fallible))]
fn lazy_views() -> Result<LazyViews, Failure> {
    Ok(LazyViews {
        tree: |catalog, look_ups| view! { <tree::Tree catalog look_ups/> }.into_any(),
        by_name: || view! { <typed::ByName/> }.into_any(),
    })
}

/// The screen.
#[component]
pub(crate) fn Repositories() -> impl IntoView {
    let session = use_session();
    let catalog = session.catalog();
    Effect::new(move |_| {
        if catalog.started.get() {
            prefetch();
        }
    });
    view! {
        <ScreenHeading what=shell_text::REPOSITORIES registry=session.registry()/>
        <p class="subtitle">
            <span>{session.login_server().to_owned()}</span>
            <CopyButton value=session.login_server().to_owned() name=shell_text::COPY_LOGIN_SERVER/>
        </p>
        {move || match catalog.failed() {
            Some(failure) => view! { <NoCatalog failure catalog/> }.into_any(),
            None if !catalog.started.get() => view! { <Skeleton lines=10/> }.into_any(),
            None => view! { <Listed catalog/> }.into_any(),
        }}
    }
}

/// Where the catalog may not be listed: repositories can still be typed and pinned.
#[component]
fn NoCatalog(failure: Failure, catalog: Listing<String>) -> impl IntoView {
    let refused = failure.kind == FailureKind::SignIn;
    view! {
        <ErrorState failure on_retry=Callback::new(move |()| catalog.refresh())>
            <SignInAgain/>
        </ErrorState>
        {refused.then(|| view! { <p class="hint centred">{text::NO_CATALOG}</p> })}
        {lazy(LAZY_VIEWS, |views| (views.by_name)())}
    }
}

#[component]
fn Listed(catalog: Listing<String>) -> impl IntoView {
    let preferences = use_preferences();
    let session = StoredValue::new(use_session());
    let SearchResults { search, sort, problem, on_search } = SearchResults::from_route("name");
    let order = arrangement(catalog.rows, move || {
        let (matcher, sort) = (Matcher::parse(&search.get()), sort.get());
        Criteria {
            keep: Box::new(move |name: &String| matcher.matches(name)),
            // The catalog comes in the order of names already.
            compare: sort.descending.then(|| Rc::new(String::cmp) as Compare<String>),
            descending: sort.descending,
        }
    });
    let shown = Signal::derive(move || order.with(Vec::len));
    let look_ups = LookUps::new(use_session());
    let refresh = Callback::new(move |()| {
        look_ups.again();
        catalog.refresh();
    });
    let state = list_state(catalog, shown);
    let name_at = row_at(catalog, order);
    // Not drawn anew with every page that comes.
    let rows = Memo::new(move |_| match (shown.get(), preferences.tree() && search.with(String::is_empty)) {
        (0, _) => RowState::Empty,
        (_, true) => RowState::Tree,
        (_, false) => RowState::Flat,
    });
    view! {
        <ListBar
            search_name=list_text::SEARCH_REPOSITORIES
            hint=list_text::SEARCH_HINT
            search
            on_search
            state
            problem
        >
            <Choice
                name=list_text::VIEW
                options=vec![(false, list_text::FLAT), (true, list_text::TREE)]
                chosen=Signal::derive(move || preferences.tree())
                on_choose=Callback::new(move |tree| preferences.set_tree(tree))
            />
            <ColumnMenu
                columns=columns::COLUMNS.map(|(id, title, _)| (id, title)).to_vec()
                is_hidden=Callback::new(move |id| preferences.is_hidden(columns::TABLE, id))
                on_toggle=Callback::new(move |id| preferences.toggle_column(columns::TABLE, id))
            />
            <ExportTools
                file=session.with_value(|session| format!("{}-repositories", session.registry()))
                sheet=Callback::new(move |()| session.with_value(|session| sheet(session, shown, name_at)))
            />
            <RefreshButton busy=Signal::derive(move || catalog.busy()) on_refresh=refresh icon_only=true/>
        </ListBar>
        {move || match rows.get() {
            RowState::Empty => nothing(catalog),
            RowState::Tree => lazy(LAZY_VIEWS, move |views| (views.tree)(catalog, look_ups)),
            RowState::Flat => view! { <Table shown sort name_at look_ups/> }.into_any(),
        }}
    }
}

/// What is exported: the names, and what has been looked up of each.
fn sheet(session: &Session, shown: Signal<usize>, name_at: Callback<usize, Option<String>>) -> Sheet {
    let heads = vec!["repository", "tags", "manifests", "created", "lastUpdated"];
    let moment = |time: &Timestamp| time.unix_millis().map(time::absolute).unwrap_or_default();
    let rows = (0..shown.get_untracked()).filter_map(|at| name_at.run(at)).map(|name| {
        let known = session.seen.with_untracked(|seen| {
            seen.get(&name).map(|one| {
                let (created, updated) = (moment(&one.created_time), moment(&one.last_update_time));
                vec![one.tag_count.to_string(), one.manifest_count.to_string(), created, updated]
            })
        });
        let mut cells = vec![name];
        cells.extend(known.unwrap_or_else(|| vec![String::new(); 4]));
        cells
    });
    (heads, rows.collect())
}

/// What is below the bar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowState {
    Empty,
    Tree,
    Flat,
}

fn nothing(catalog: Listing<String>) -> AnyView {
    let navigation = use_navigation();
    if catalog.rows.with(Vec::is_empty) {
        return view! { <EmptyState title=text::EMPTY_REGISTRY hint=text::EMPTY_REGISTRY_HINT/> }.into_any();
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
    name_at: Callback<usize, Option<String>>,
    look_ups: LookUps,
) -> impl IntoView {
    let navigation = use_navigation();
    let visible = columns::visible();
    view! {
        <DataTable
            name=shell_text::REPOSITORIES
            heads=columns::heads(visible, true)
            count=shown
            sort
            on_sort=Callback::new(move |sort: SortBy| navigation.set_param("sort", &sort.print()))
            key=Callback::new(move |position| {
                format!("{} {:?}", name_at.run(position).unwrap_or_default(), visible.get())
            })
            cells=Callback::new(move |position| {
                let visible = visible.get_untracked();
                name_at.run(position).map(|name| view! { <row::Cells name visible/> }).into_any()
            })
            on_rest=Callback::new(move |rows: Range<usize>| {
                look_ups.show(rows.filter_map(|at| name_at.run(at)).collect());
            })
        />
    }
}
