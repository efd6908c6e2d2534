//! Layers that are stored several times, compressed differently.

use leptos::prelude::*;

use super::origin::Origin;
use super::summary::{Repeated, Summary};
use crate::analysis::{Analysis, State};
use crate::component::digest::DigestText;
use crate::component::icon::{Glyph, Icon};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::format;
use crate::palette::add_entry;
use crate::text::storage as text;

/// The table, and of the present the button that reads what it is made of. Nothing of a snapshot without such layers, since that need not
/// contain what they are found by.
pub(super) fn repeated(origin: Origin, summary: RwSignal<Summary>) -> AnyView {
    let found = Memo::new(move |_| summary.with(|summary| summary.repeated.clone()));
    let heading = || {
        view! {
            <h2 class="part-title">{text::REPEATED}</h2>
            <p class="hint">{text::REPEATED_HINT}</p>
        }
    };
    match origin.analysis {
        Some(analysis) => {
            view! { {heading()} {finder(analysis, found)} {move || table(found.get())} }.into_any()
        }
        None => (move || table(found.get()).map(|table| view! { {heading()} {table} })).into_any(),
    }
}

/// The button, until it was pressed; then how many layers were found.
fn finder(analysis: Analysis, found: Memo<Vec<Repeated>>) -> AnyView {
    let asked = analysis.with_configs;
    let offered = Signal::derive(move || !asked.get());
    let find = move || analysis.read_configs();
    add_entry(text::FIND_REPEATED.to_owned(), offered, find);
    let has_ended = move || analysis.state.with(|state| *state == State::Finished);
    let status = move || match found.with(Vec::len) {
        0 if has_ended() => text::NONE_REPEATED.to_owned(),
        0 => String::new(),
        count => text::repeated(count),
    };
    view! {
        <Show
            when=move || offered.get()
            fallback=move || view! { <p class="completeness" role="status">{status}</p> }
        >
            <div class="plan-tools">
                <button type="button" class="button" on:click=move |_| find()>
                    <Glyph icon=Icon::Search/>
                    {text::FIND_REPEATED}
                </button>
                <span class="hint">{text::FIND_REPEATED_HINT}</span>
            </div>
        </Show>
    }
    .into_any()
}

fn table(found: Vec<Repeated>) -> Option<AnyView> {
    if found.is_empty() {
        return None;
    }
    let heads = vec![
        (text::CONTENT, "c-digest c-short"),
        (text::STORED_AS, "c-name"),
        (text::EXCESS, "c-number c-size"),
    ];
    let row = |_: usize, one: Repeated| {
        let layer = |(digest, size): (String, u64)| {
            view! { <li><DigestText digest/> " " <span title=format::bytes(size)>{format::size(size)}</span></li> }
        };
        view! {
            <tr class="row">
                <th scope="row" class="c-digest"><DigestText digest=one.content/></th>
                <td class="c-name"><ul class="names">{one.layers.into_iter().map(layer).collect_view()}</ul></td>
                <td class="c-number" title=format::bytes(one.excess)>{format::size(one.excess)}</td>
            </tr>
        }
        .into_any()
    };
    let count = found.len();
    Some(view! { <PlainTable name=text::REPEATED_LAYERS heads count row=rows_of(found, row)/> }.into_any())
}
