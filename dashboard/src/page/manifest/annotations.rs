//! Annotations, and any other pairs of a name and a hostile value.

use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::copy_button::CopyButton;
use crate::component::empty_state::EmptyState;
use crate::component::outside_link::{OutsideLink, is_web};
use crate::component::plain_table::PlainTable;
use crate::text::manifest as text;

/// A value longer than this many characters is folded.
const LONG: usize = 600;

/// The tab.
#[component]
pub(crate) fn Annotations() -> impl IntoView {
    let data: ManifestData = expect_context();
    let Some(content) = untrack(|| data.content.ready()) else { return ().into_any() };
    let pairs: Vec<_> = content.manifest.annotations().clone().into_iter().collect();
    if pairs.is_empty() {
        return view! { <EmptyState title=text::NO_ANNOTATIONS hint=text::NO_ANNOTATIONS_HINT/> }.into_any();
    }
    view! { <Pairs name=text::ANNOTATIONS pairs/> }.into_any()
}

/// A table of names and values; nothing where there are none.
#[component]
pub(crate) fn Pairs(name: &'static str, pairs: Vec<(String, String)>) -> impl IntoView {
    (!pairs.is_empty()).then(|| {
        let rows = pairs.into_iter().map(|(name, value)| {
            view! {
                <tr class="row row-free">
                    <th scope="row" class="c-key"><code>{name}</code></th>
                    <td class="c-value">{value_view(value.clone())}</td>
                    <td class="c-copy"><CopyButton value name=text::COPY_VALUE/></td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        view! {
            <h2 class="part-title">{name}</h2>
            <PlainTable name heads=vec![(text::NAME, "c-key"), (text::VALUE, "c-value"), (text::COPY, "c-copy")]>{rows}</PlainTable>
        }
    })
}

fn value_view(value: String) -> AnyView {
    if is_web(&value) {
        return view! { <OutsideLink url=value/> }.into_any();
    }
    if value.chars().count() <= LONG {
        return value.into_any();
    }
    let start: String = value.chars().take(120).collect();
    view! { <details class="fold"><summary>{start}"…"</summary><pre class="code" tabindex="0">{value}</pre></details> }.into_any()
}
