//! Annotations, and any other pairs of a name and a hostile value.

use acr_artifact::relation;
use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::copy_button::CopyButton;
use crate::component::empty_state::EmptyState;
use crate::component::long_text::folded;
use crate::component::outside_link::{OutsideLink, is_web};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::text::manifest as text;

/// The tab.
#[component]
pub(crate) fn Annotations() -> impl IntoView {
    let data: ManifestData = expect_context();
    let Some(content) = untrack(|| data.content.ready()) else { return ().into_any() };
    let pairs: Vec<_> = relation::annotations(&content.manifest).into_iter().collect();
    if pairs.is_empty() {
        return view! { <EmptyState title=text::NO_ANNOTATIONS hint=text::NO_ANNOTATIONS_HINT/> }.into_any();
    }
    view! { <Pairs name=text::ANNOTATIONS pairs/> }.into_any()
}

/// A table of names and values; nothing where there are none.
#[component]
pub(crate) fn Pairs(name: &'static str, pairs: Vec<(String, String)>) -> impl IntoView {
    let heads = vec![(text::NAME, "c-key"), (text::VALUE, "c-value"), (text::COPY, "c-copy")];
    (!pairs.is_empty()).then(|| {
        view! {
            <h2 class="part-title">{name}</h2>
            <PlainTable name heads count=pairs.len() row=rows_of(pairs, pair_row)/>
        }
    })
}

fn pair_row(_: usize, (name, value): (String, String)) -> AnyView {
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-key"><code>{folded(name)}</code></th>
            <td class="c-value">{value_view(value.clone())}</td>
            <td class="c-copy"><CopyButton value name=text::COPY_VALUE/></td>
        </tr>
    }
    .into_any()
}

fn value_view(value: String) -> AnyView {
    if is_web(&value) { view! { <OutsideLink url=value/> }.into_any() } else { folded(value) }
}
