//! The tables of a comparison, each below the heading that it is named like.

use acr_layers_worker::protocol::{ChangedFile, ChangedValue, Mark, Tables};
use leptos::prelude::*;

use super::lines::OpenFile;
use crate::component::digest::DigestText;
use crate::component::facts::{Fact, Facts};
use crate::component::long_text::folded;
use crate::component::plain_table::{PlainTable, rows_of};
use crate::format;
use crate::text::compare as text;
use crate::text::files as files_text;

/// The name of the fact that the content differs.
const CONTENT: &str = "content";

type Heads = Vec<(&'static str, &'static str)>;

/// All of it.
pub(super) fn sections(tables: Tables, opened: OpenFile) -> AnyView {
    provide_context(opened);
    let shared = tables.layers.iter().filter(|(_, _, mark)| mark.is_none());
    let shared_bytes = shared.clone().fold(0_u64, |sum, (_, size, _)| sum.saturating_add(*size));
    let layers = text::layers(shared.count(), tables.base, shared_bytes);
    let files = tables.files.as_ref().map_or_else(
        || text::READING.to_owned(),
        |files| text::files(files.added.0, files.removed.0, files.changed, files.unchanged),
    );
    let read = tables.files.is_some();
    let packages = if read { text::differences(tables.packages.len()) } else { text::READING.to_owned() };
    let all_files = tables.files.as_ref().map_or(0, |files| files.added.0 + files.removed.0 + files.changed);
    let rows = tables.files.map(|files| files.rows).unwrap_or_default();
    let all_files = usize::try_from(all_files).unwrap_or(usize::MAX);
    let cut = (all_files > rows.len()).then(|| text::files_cut(rows.len(), all_files));
    let configuration = text::differences(tables.configuration.len());
    let values = || -> Heads {
        vec![
            (text::NAME, "c-name"),
            (text::GROUP, "c-type c-wide"),
            (text::FIRST, "c-value"),
            (text::SECOND, "c-value"),
        ]
    };
    let layer_heads = vec![(text::DIGEST, "c-digest"), (text::CHANGE, "c-type"), (text::SIZE, "c-number")];
    let file_heads = vec![
        (text::PATH, "c-name"),
        (text::CHANGE, "c-value"),
        (text::FIRST, "c-number c-wide"),
        (text::SECOND, "c-number c-wide"),
    ];
    let history = vec![(text::INSTRUCTION, "c-instruction"), (text::CHANGE, "c-type")];
    view! {
        <section class="overview-part">
            <h2>{text::SUMMARY}</h2>
            <Facts>
                <Fact name=text::LAYERS>{layers}</Fact>
                <Fact name=text::CONFIGURATION>{configuration}</Fact>
                <Fact name=text::FILES>{files}</Fact>
                <Fact name=text::PACKAGES>{packages}</Fact>
            </Facts>
        </section>
        {section(text::CONFIGURATION, values(), tables.configuration, value_row, true, None)}
        {section(text::HISTORY, history, tables.history, step_row, true, None)}
        {section(text::LAYERS, layer_heads, tables.layers, layer_row, true, None)}
        <div class="files-body">
            {section(text::FILES, file_heads, rows, file_row, read, cut)}
            {opened.region()}
        </div>
        {section(text::PACKAGES, values(), tables.packages, value_row, read, None)}
        {section(text::ANNOTATIONS, values(), tables.annotations, value_row, true, None)}
    }
    .into_any()
}

fn section<T: Clone + Send + Sync + 'static>(
    name: &'static str,
    heads: Heads,
    rows: Vec<T>,
    draw: fn(usize, T) -> AnyView,
    there: bool,
    note: Option<String>,
) -> AnyView {
    let content = match (there, rows.is_empty()) {
        (false, _) => view! { <p class="hint">{text::READING}</p> }.into_any(),
        (true, true) => view! { <p class="hint">{text::SAME}</p> }.into_any(),
        (true, false) => {
            view! { <PlainTable name heads count=rows.len() row=rows_of(rows, draw)/> }.into_any()
        }
    };
    let note = note.map(|note| view! { <p class="hint">{note}</p> });
    view! { <section class="overview-part"><h2>{name}</h2>{note}{content}</section> }.into_any()
}

fn value_row(_: usize, row: ChangedValue) -> AnyView {
    let value = |value: Option<String>| value.map_or_else(|| text::NONE.into_any(), folded);
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-name">
                {row.name} <span class="cell-sub">{row.group.clone()}</span>
            </th>
            <td class="c-type c-wide">{row.group}</td>
            <td class="c-value">{value(row.before)}</td>
            <td class="c-value">{value(row.after)}</td>
        </tr>
    }
    .into_any()
}

fn change(mark: Option<Mark>, none: &'static str) -> AnyView {
    let (name, class) = match mark {
        None => (none, "muted"),
        Some(Mark::Added) => (files_text::ADDED, "chip chip-good"),
        Some(Mark::Changed) => (files_text::CHANGED, "chip chip-warning"),
        Some(Mark::Removed) => (files_text::REMOVED, "chip chip-danger"),
    };
    view! { <span class=class>{name}</span> }.into_any()
}

fn step_row(_: usize, (mark, command): (Option<Mark>, String)) -> AnyView {
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-instruction"><code>{folded(command)}</code></th>
            <td class="c-type">{change(mark, "")}</td>
        </tr>
    }
    .into_any()
}

fn layer_row(_: usize, (digest, size, mark): (String, u64, Option<Mark>)) -> AnyView {
    let size = match size {
        // Schema 1 does not record it, and no layer is empty.
        0 => text::NONE.into_any(),
        size => view! { <span title=format::bytes(size)>{format::size(size)}</span> }.into_any(),
    };
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-digest"><DigestText digest/></th>
            <td class="c-type">{change(mark, text::SHARED)}</td>
            <td class="c-number">{size}</td>
        </tr>
    }
    .into_any()
}

fn file_row(_: usize, row: ChangedFile) -> AnyView {
    let path = path(&row);
    let differing: Vec<String> = row
        .differing
        .iter()
        .map(|fact| text::differing(&fact.name, fact.before.as_deref(), fact.after.as_deref()))
        .collect();
    let differing =
        (!differing.is_empty()).then(|| view! { " " <span class="muted">{differing.join(", ")}</span> });
    let size = |side: Option<u64>| side.map_or_else(|| text::NONE.to_owned(), format::size);
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-name">
                {path}
                <span class="cell-sub">{text::sizes(&size(row.before), &size(row.after))}</span>
            </th>
            <td class="c-value">{change(Some(row.mark), "")} {differing}</td>
            <td class="c-number c-wide">{size(row.before)}</td>
            <td class="c-number c-wide">{size(row.after)}</td>
        </tr>
    }
    .into_any()
}

/// The path of a file; one whose content changed opens its lines.
fn path(row: &ChangedFile) -> AnyView {
    if !row.differing.iter().any(|fact| fact.name == CONTENT) {
        return view! { <code>{row.path.clone()}</code> }.into_any();
    }
    let opened: OpenFile = expect_context();
    let file = row.clone();
    view! {
        <button type="button" class="tree-name" on:click=move |_| opened.open(file.clone())>
            <code>{row.path.clone()}</code>
        </button>
    }
    .into_any()
}
