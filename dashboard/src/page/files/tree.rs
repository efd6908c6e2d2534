//! The tree of files: only the rows near the screen are in the document, and only those are asked for.

use acr_layers_worker::protocol::{FileVersion, Mark, Reply, Request, Row, RowKind};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::reading::Reading;
use crate::component::data_table::spacer;
use crate::component::empty_state::EmptyState;
use crate::component::icon::{Glyph, Icon};
use crate::component::table_window::{Window, follow_scroll};
use crate::component::timestamp::Moment;
use crate::format;
use crate::query::run;
use crate::text::files as text;

/// The columns: title, class.
const COLUMNS: [(&str, &str); 6] = [
    (text::NAME, "c-name"),
    (text::SIZE, "c-number"),
    (text::MODE, "c-mode c-wide"),
    (text::OWNER, "c-owner c-wide"),
    (text::MODIFIED, "c-time c-wide"),
    (text::LAYER, "c-from"),
];

/// The rows in the document: the position of the first, and the rows.
type Rows = (usize, Vec<Row>);

/// The tree table. `opened` is the file that is shown next to it.
#[component]
pub(super) fn Tree(reading: Reading, opened: RwSignal<Option<FileVersion>>) -> impl IntoView {
    let body = NodeRef::<html::Tbody>::new();
    let window = RwSignal::new(Window::first());
    let active = RwSignal::new(0_usize);
    let rows = RwSignal::new(Rows::default());
    let count = Signal::derive(move || reading.count.get());
    follow_scroll(body, count, window, RwSignal::new(0..0));
    fetch_rows(reading, window, rows);
    let shown = move || {
        let (first, rows) = rows.get();
        rows.into_iter().enumerate().map(|(at, row)| (first + at, row)).collect::<Vec<_>>()
    };
    let keys = move |event: KeyboardEvent| key(&event, reading, rows, active, opened, body);
    let nothing = move || {
        let read = reading.layers.with(|layers| layers.iter().any(Option::is_some));
        (read && count.get() == 0)
            .then(|| view! { <EmptyState title=text::NO_FILES hint=text::NO_FILES_HINT/> })
    };
    view! {
        <div class="table-frame">
            <table
                class="table files-tree"
                role="treegrid"
                aria-label=text::FILES
                aria-busy=move || reading.progress.with(Option::is_some).then_some("true")
                aria-rowcount=move || (count.get() + 1).to_string()
            >
                <thead>
                    <tr role="row" aria-rowindex="1">
                        {COLUMNS
                            .map(|(title, class)| view! { <th scope="col" role="columnheader" class=class>{title}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody node_ref=body on:keydown=keys>
                    {move || spacer(window, rows.with(|rows| rows.0))}
                    <For each=shown key=Clone::clone let((position, row))>
                        <TreeRow position row reading active opened/>
                    </For>
                    {move || spacer(window, count.get().saturating_sub(rows.with(|rows| rows.0 + rows.1.len())))}
                </tbody>
            </table>
            {nothing}
        </div>
    }
}

/// Asks for the rows of the window whenever it moves or the tree changes.
fn fetch_rows(reading: Reading, window: RwSignal<Window>, rows: RwSignal<Rows>) {
    Effect::new(move |_| {
        reading.round.track();
        let (window, count) = (window.get(), reading.count.get());
        let (first, end) = (window.first.min(count), window.end.min(count));
        let Some(reader) = reading.reader() else { return };
        let task = run(async move {
            if let Reply::Rows(found) =
                reader.ask(&Request::Rows(reader.side, first as u32, end as u32)).await
            {
                let _ = rows.try_set((first, found));
            }
        });
        on_cleanup(move || task.abort());
    });
}

#[component]
fn TreeRow(
    position: usize,
    row: Row,
    reading: Reading,
    active: RwSignal<usize>,
    opened: RwSignal<Option<FileVersion>>,
) -> impl IntoView {
    let (node, is_directory) = (row.node, row.kind == RowKind::Directory);
    let (file, selected) = (row.file.clone(), row.file.clone());
    let open = move |_| {
        active.set(position);
        if is_directory { reading.toggle(node) } else { opened.set(Some(file.clone())) }
    };
    let is_selected = move || opened.with(|opened| opened.as_ref() == Some(&selected));
    let icon = if is_directory { Icon::Folder } else { Icon::Manifest };
    let mark = row.mark.map(|mark| {
        let (name, class) = mark_name(mark);
        view! { <span class=class>{name}</span> }
    });
    view! {
        <tr
            class="row"
            role="row"
            attr:aria-level=(row.depth + 1).to_string()
            aria-expanded=row.open.map(|open| if open { "true" } else { "false" })
            aria-rowindex=(position + 2).to_string()
            aria-selected=move || if is_selected() { "true" } else { "false" }
            data-row=position.to_string()
            tabindex=move || if active.get() == position { "0" } else { "-1" }
        >
            <td role="gridcell" class="c-name">
                <button
                    type="button"
                    class="tree-name"
                    tabindex="-1"
                    style:padding-inline-start=format!("{}rem", f32::from(row.depth.min(40)) * 0.9)
                    on:click=open
                >
                    <span class="tree-arrow" class:is-open=row.open == Some(true) aria-hidden="true">
                        {row.open.map(|_| view! { <Glyph icon=Icon::Chevron/> })}
                    </span>
                    <Glyph icon/>
                    <span class="ellipsis" title=row.name.clone()>{row.name.clone()}</span>
                </button>
                {mark}
                {(!row.link.is_empty()).then(|| view! { <span class="muted ellipsis">"→ " {row.link}</span> })}
            </td>
            <td role="gridcell" class="c-number" title=format::bytes(row.size)>{format::size(row.size)}</td>
            <td role="gridcell" class="c-mode c-wide"><code>{row.mode}</code></td>
            <td role="gridcell" class="c-owner c-wide">{row.owner}</td>
            <td role="gridcell" class="c-time c-wide"><Moment moment=row.modified/></td>
            <td role="gridcell" class="c-from">{text::layer_number(row.layer)}</td>
        </tr>
    }
}

/// A change's name and class.
fn mark_name(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Added => (text::ADDED, "chip chip-good"),
        Mark::Changed => (text::CHANGED, "chip chip-warning"),
        Mark::Removed => (text::REMOVED, "chip chip-danger"),
    }
}

/// The keyboard of a tree grid (ARIA Authoring Practices): up and down move, right opens, left closes, Enter shows.
fn key(
    event: &KeyboardEvent,
    reading: Reading,
    rows: RwSignal<Rows>,
    active: RwSignal<usize>,
    opened: RwSignal<Option<FileVersion>>,
    body: NodeRef<html::Tbody>,
) {
    let position = active.get_untracked();
    let row = rows.with_untracked(|(first, rows)| rows.get(position.checked_sub(*first)?).cloned());
    let last = reading.count.get_untracked().saturating_sub(1);
    let next = match (event.key().as_str(), row) {
        ("ArrowDown", _) => (position + 1).min(last),
        ("ArrowUp", _) => position.saturating_sub(1),
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowRight", Some(row)) if row.open == Some(false) => {
            return take(event, || reading.toggle(row.node));
        }
        ("ArrowLeft", Some(row)) if row.open == Some(true) => {
            return take(event, || reading.toggle(row.node));
        }
        ("Enter" | " ", Some(row)) if row.open.is_some() => return take(event, || reading.toggle(row.node)),
        ("Enter" | " ", Some(row)) => return take(event, || opened.set(Some(row.file))),
        _ => return,
    };
    event.prevent_default();
    active.set(next);
    let Some(body) = body.get_untracked() else { return };
    let row = body.query_selector(&format!("[data-row=\"{next}\"]")).ok().flatten();
    if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = row.focus();
    }
}

fn take(event: &KeyboardEvent, act: impl FnOnce()) {
    event.prevent_default();
    act();
}
