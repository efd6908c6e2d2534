//! The table "Storage".

use std::cmp::Ordering;
use std::rc::Rc;

use acr_inventory::{Figure, Figures};
use leptos::prelude::*;

use super::origin::Origin;
use super::rows::Row;
use crate::component::data_table::{DataTable, Head, SortBy};
use crate::component::export_buttons::Sheet;
use crate::component::search_box::SearchBox;
use crate::list::arrangement::{Compare, Criteria, arrangement, by_version};
use crate::list::matcher::Matcher;
use crate::navigation::use_navigation;
use crate::page::export_tools::ExportTools;
use crate::page::inventory::figure::{figure_text, figure_view};
use crate::page::search_results::SearchResults;
use crate::session::use_session;
use crate::text::list as list_text;
use crate::text::storage as text;

/// A column of figures: its id in the URL, its title, and the figure of a row.
type Column = (&'static str, &'static str, fn(&Figures) -> Figure);

const COLUMNS: [Column; 5] = [
    ("logical", text::LOGICAL, |figures| figures.logical),
    ("unique", text::UNIQUE, |figures| figures.unique),
    ("shared", text::SHARED, |figures| figures.shared),
    (UNTAGGED, text::UNTAGGED, |figures| figures.untagged),
    ("reclaimable", text::RECLAIMABLE, |figures| figures.reclaimable),
];
/// The column that a tag has nothing in.
const UNTAGGED: &str = "untagged";

/// The table, with its search and its export.
#[component]
pub(super) fn StorageTable(rows: RwSignal<Vec<Row>>, origin: Origin) -> impl IntoView {
    let (navigation, session) = (use_navigation(), use_session());
    let SearchResults { search, sort, problem, on_search } = SearchResults::from_route("-logical");
    let order = arrangement(rows, move || {
        let (matcher, sort) = (Matcher::parse(&search.get()), sort.get());
        Criteria {
            keep: Box::new(move |row: &Row| matcher.matches(row.name())),
            compare: Some(compare(&sort.column)),
            descending: sort.descending,
        }
    });
    let row_at = move |position: usize| {
        let at = order.with_untracked(|order| order.get(position).copied())?;
        rows.with_untracked(|rows| rows.get(at as usize).cloned())
    };
    let registry = StoredValue::new(session.registry().to_owned());
    let cells = Callback::new(move |position: usize| match row_at(position) {
        Some(row) => registry.with_value(|registry| cells(origin, registry, &row)),
        None => ().into_any(),
    });
    let key = move |position: usize| {
        order.track();
        row_at(position).map(|row| format!("{} {:?}", row.name(), row.figures)).unwrap_or_default()
    };
    let sheet = Callback::new(move |()| untrack(|| sheet(&order.get(), &rows.read())));
    view! {
        <div class="list-bar">
            <SearchBox name=text::SEARCH value=search on_input=on_search hint=list_text::SEARCH_HINT/>
            <div class="list-tools">
                <ExportTools file=format!("{}-storage", session.registry()) sheet/>
            </div>
        </div>
        <p class="field-error" role="alert">
            {move || Some(problem.get()).filter(|problem| !problem.is_empty()).map(|problem| list_text::bad_search(&problem))}
        </p>
        <p class="completeness" role="status">{move || list_text::shown(order.with(Vec::len), rows.with(Vec::len))}</p>
        <div class="figures-table">
            <DataTable
                name=text::STORAGE
                heads=Signal::stored(heads())
                count=Signal::derive(move || order.with(Vec::len))
                sort
                on_sort=Callback::new(move |sort: SortBy| navigation.set_param("sort", &sort.print()))
                key=Callback::new(key)
                cells
            />
        </div>
    }
}

fn heads() -> Vec<Head> {
    let name = Head { id: "name", title: text::NAME, class: "c-name", sortable: true };
    let figure = |(id, title, _)| {
        let class = if matches!(id, "logical" | "reclaimable") {
            "c-number c-figure"
        } else {
            "c-number c-figure c-wide"
        };
        Head { id, title, class, sortable: true }
    };
    [name].into_iter().chain(COLUMNS.map(figure)).collect()
}

fn compare(column: &str) -> Compare<Row> {
    let by_name = |one: &Row, other: &Row| by_version(one.name(), other.name());
    match COLUMNS.into_iter().find(|(id, ..)| *id == column) {
        Some((_, _, figure)) => Rc::new(move |one: &Row, other: &Row| -> Ordering {
            let bytes = |row: &Row| figure(&row.figures).bytes;
            // The same order of names whichever way sizes are sorted is not worth a second rule.
            bytes(one).cmp(&bytes(other)).then_with(|| by_name(one, other))
        }),
        None => Rc::new(by_name),
    }
}

fn cells(origin: Origin, registry: &str, row: &Row) -> AnyView {
    let name = row.name().to_owned();
    let shown_name = match origin.route(registry, &row.part).map(|route| use_navigation().href(&route)) {
        Some(href) => {
            view! { <a class="row-link" href=href title=name.clone()>{name.clone()}</a> }.into_any()
        }
        None => view! { <span title=name.clone()>{name.clone()}</span> }.into_any(),
    };
    let figures = COLUMNS.map(|(id, _, figure)| {
        let shown = if id == UNTAGGED && !row.has_untagged() {
            view! { <span class="muted">"–"</span> }.into_any()
        } else {
            figure_view(figure(&row.figures))
        };
        let class = if matches!(id, "logical" | "reclaimable") {
            "c-number c-figure"
        } else {
            "c-number c-figure c-wide"
        };
        view! { <td class=class>{shown}</td> }
    });
    view! {
        <th scope="row" class="c-name">
            {shown_name}
            <span class="cell-sub">{text::manifests(row.figures.manifests)}</span>
        </th>
        {figures.collect_view()}
    }
    .into_any()
}

fn sheet(order: &[u32], rows: &[Row]) -> Sheet {
    let heads = [text::NAME].into_iter().chain(COLUMNS.map(|(_, title, _)| title)).collect();
    let line = |row: &Row| {
        let figure = |(id, _, figure): Column| match id {
            UNTAGGED if !row.has_untagged() => String::new(),
            _ => figure_text(figure(&row.figures)),
        };
        [row.name().to_owned()].into_iter().chain(COLUMNS.map(figure)).collect()
    };
    (heads, order.iter().filter_map(|at| rows.get(*at as usize)).map(line).collect())
}
