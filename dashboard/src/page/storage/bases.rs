//! The base images that images state, and in how many versions each is stored.

use leptos::prelude::*;

use super::summary::{Base, Summary};
use crate::component::digest::DigestText;
use crate::component::plain_table::{PlainTable, rows_of};
use crate::format;
use crate::text::action as action_text;
use crate::text::storage as text;

/// How many versions of a base are named.
const NAMED: usize = 50;

/// The table; nothing where no image states its base.
pub(super) fn bases(summary: RwSignal<Summary>) -> AnyView {
    let bases = Memo::new(move |_| summary.with(|summary| summary.bases.clone()));
    let table = move || {
        let bases = bases.get();
        if bases.is_empty() {
            return ().into_any();
        }
        let heads =
            vec![(text::NAME, "c-name"), (text::VERSIONS, "c-versions"), (text::IMAGES, "c-number c-size")];
        let row = |_: usize, base: Base| {
            let count = base.versions.len();
            let version = |(digest, images): (String, usize)| {
                view! { <li><DigestText digest/> " " {text::images(images)}</li> }
            };
            let more = count.saturating_sub(NAMED);
            let versions = base.versions.into_iter().take(NAMED).map(version).collect_view();
            view! {
                <tr class="row">
                    <th scope="row" class="c-name">{base.name}</th>
                    <td class="c-versions">
                        <details>
                            <summary>{text::versions(count)}</summary>
                            <ul class="names">
                                {versions}
                                {(more > 0).then(|| view! { <li class="muted">{action_text::and_more(more)}</li> })}
                            </ul>
                        </details>
                    </td>
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
