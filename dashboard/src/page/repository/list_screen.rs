//! What the lists of tags and of manifests have in common: bar, bulk actions, table and pane. Rows are known by their position;
//! what a row shows is its list's business.

use leptos::prelude::*;

use crate::component::column_menu::ColumnMenu;
use crate::component::data_table::{DataTable, Head, SortBy};
use crate::component::empty_state::EmptyState;
use crate::component::export_buttons::Sheet;
use crate::component::list_bar::{ListBar, ListState};
use crate::list::selection::Selection;
use crate::navigation::use_navigation;
use crate::page::actions::bulk::{BulkBar, Subject};
use crate::page::export_tools::ExportTools;
use crate::page::search_results::SearchResults;
use crate::preferences::use_preferences;
use crate::route::ROW;
use crate::text::list as text;

/// The columns after the first: id, title, class.
pub(super) type Columns = [(&'static str, &'static str, &'static str); 5];
/// What a row's cells are made of: its position, the selection, what selects it (with `true` the range up to it), and which of the
/// columns after the first are shown.
pub(super) type Drawn = (usize, Selection, Callback<bool>, [bool; 5]);

/// One list of a repository.
pub(super) struct ListScreen {
    pub(super) subject: Subject,
    /// The table's name, and its name in the preferences.
    pub(super) name: (&'static str, &'static str),
    /// The first column: id and title.
    pub(super) first: (&'static str, &'static str),
    pub(super) columns: Columns,
    pub(super) search_name: &'static str,
    pub(super) search_results: SearchResults,
    pub(super) state: ListState,
    /// What the selection and the URL know a row by.
    pub(super) name_at: Callback<usize, Option<String>>,
    /// What a row shows, so that it is drawn again when that changes.
    pub(super) look_at: Callback<usize, String>,
    pub(super) cells: Callback<Drawn, AnyView>,
    /// The exported file's name without its ending, and what is in it.
    pub(super) file: String,
    pub(super) sheet: Callback<(), Sheet>,
    /// Whether "select all" takes the row at a position, tracked.
    pub(super) is_free: Callback<usize, bool>,
    /// A line below the bar.
    pub(super) note: Option<AnyView>,
    /// Further menus of the bar.
    pub(super) tools: Option<AnyView>,
    /// The pane of the row that the URL names.
    pub(super) pane: AnyView,
    /// The title and the hint where the repository has none at all.
    pub(super) none: (&'static str, &'static str),
}

/// The list.
pub(super) fn list_screen(list: ListScreen) -> AnyView {
    let ListScreen { subject, name, first, columns, search_name, search_results, state, .. } = list;
    let SearchResults { search, problem, on_search, .. } = search_results;
    let (selection, preferences) = (Selection::new(), use_preferences());
    let (shown, name_at, is_free) = (state.shown, list.name_at, list.is_free);
    let matching = Callback::new(move |()| {
        untrack(|| {
            let free = (0..shown.get()).filter(|at| is_free.run(*at));
            free.filter_map(|at| name_at.run(at)).collect::<Vec<String>>()
        })
    });
    let free = Memo::new(move |_| match selection.len() {
        // Counted only where the button that says so is shown.
        0 => 0,
        _ => (0..shown.get()).filter(|at| is_free.run(*at)).count(),
    });
    let some = Memo::new(move |_| shown.get() != 0);
    let table = Table {
        name,
        first,
        columns,
        shown,
        sort: search_results.sort,
        selection,
        name_at,
        look_at: list.look_at,
        cells: list.cells,
    };
    let (none, pane) = (list.none, StoredValue::new_local(Some(list.pane)));
    view! {
        <ListBar search_name hint=text::SEARCH_DIGEST_HINT search on_search state problem>
            {list.tools}
            <ColumnMenu
                columns=columns.map(|(id, title, _)| (id, title)).to_vec()
                is_hidden=Callback::new(move |id| preferences.is_hidden(name.1, id))
                on_toggle=Callback::new(move |id| preferences.toggle_column(name.1, id))
            />
            <ExportTools file=list.file sheet=list.sheet/>
        </ListBar>
        {list.note}
        <BulkBar subject selection matching free=free.into()/>
        <div class="with-pane">
            {move || if some.get() { table_view(table) } else { nothing(state, none) }}
            {pane.try_update_value(Option::take).flatten()}
        </div>
    }
    .into_any()
}

fn nothing(state: ListState, (title, hint): (&'static str, &'static str)) -> AnyView {
    let navigation = use_navigation();
    if state.all.get() == 0 {
        return view! { <EmptyState title hint/> }.into_any();
    }
    let clear = move |_| {
        navigation.set_param("q", "");
        navigation.set_param("show", "");
    };
    view! {
        <EmptyState title=text::NOTHING_MATCHES hint=text::NOTHING_MATCHES_HINT>
            <button type="button" class="button" on:click=clear>{text::CLEAR_SEARCH}</button>
        </EmptyState>
    }
    .into_any()
}

/// What the table is made of.
#[derive(Clone, Copy)]
struct Table {
    name: (&'static str, &'static str),
    first: (&'static str, &'static str),
    columns: Columns,
    shown: Signal<usize>,
    sort: Memo<SortBy>,
    selection: Selection,
    name_at: Callback<usize, Option<String>>,
    look_at: Callback<usize, String>,
    cells: Callback<Drawn, AnyView>,
}

fn table_view(table: Table) -> AnyView {
    let Table { name, first, columns, shown, sort, selection, name_at, look_at, cells } = table;
    let (navigation, preferences) = (use_navigation(), use_preferences());
    let visible = Memo::new(move |_| columns.map(|(id, _, _)| !preferences.is_hidden(name.1, id)));
    let heads = Signal::derive(move || {
        let mut heads = vec![Head { id: first.0, title: first.1, class: "c-name", sortable: true }];
        let columns = columns.into_iter().zip(visible.get()).filter(|(_, visible)| *visible);
        heads.extend(columns.map(|((id, title, class), _)| Head { id, title, class, sortable: true }));
        heads
    });
    let toggle = move |position, range| selection.toggle(position, range, |at| name_at.run(at));
    let draw = move |position| {
        let select = Callback::new(move |range| toggle(position, range));
        cells.run((position, selection, select, visible.get_untracked()))
    };
    let open = Callback::new(move |position| {
        navigation.set_param(ROW, &name_at.run(position).unwrap_or_default());
    });
    let named = navigation.route_untracked().param(ROW).map(str::to_owned);
    let active = named.and_then(|named| {
        (0..shown.get_untracked()).find(|at| name_at.run(*at).as_deref() == Some(named.as_str()))
    });
    view! {
        <DataTable
            active
            name=name.0
            heads
            count=shown
            sort
            on_sort=Callback::new(move |sort: SortBy| navigation.set_param("sort", &sort.print()))
            key=Callback::new(move |position| format!("{} {:?}", look_at.run(position), visible.get()))
            cells=Callback::new(draw)
            on_select=Callback::new(move |(position, range)| toggle(position, range))
            on_active=open
        />
    }
    .into_any()
}
