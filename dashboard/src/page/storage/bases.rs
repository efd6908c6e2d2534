//! The base images that images state, and in how many versions each is stored.

use leptos::prelude::*;

use super::summary::{Base, Summary};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::format;
use crate::text::storage as text;

/// The table; nothing where no image states its base.
pub(super) fn bases(summary: RwSignal<Summary>) -> AnyView {
    let bases = Memo::new(move |_| summary.with(|summary| summary.bases.clone()));
    let table = move || {
        let bases = bases.get();
        if bases.is_empty() {
            return ().into_any();
        }
        let heads = vec![(text::NAME, "c-name"), (text::VERSIONS, "c-number"), (text::IMAGES, "c-number")];
        let row = |_: usize, base: Base| {
            view! {
                <tr class="row">
                    <th scope="row" class="c-name">{base.name}</th>
                    <td class="c-number">{format::count(base.versions)}</td>
                    <td class="c-number">{format::count(base.images)}</td>
                </tr>
            }
            .into_any()
        };
        view! {
            <h2 class="part-title">{text::BASES}</h2>
            <p class="hint">{text::BASES_HINT}</p>
            <PlainTable name=text::BASES heads count=bases.len() row=rows_of(bases, row)/>
        }
        .into_any()
    };
    table.into_any()
}
