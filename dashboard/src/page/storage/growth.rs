//! How what is stored came about, month by month: a chart and its table.

use leptos::prelude::*;

use super::summary::{Month, Summary};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::component::treemap_view::BarChart;
use crate::format;
use crate::text::list as list_text;
use crate::text::storage as text;

/// Chart and table; nothing where the registry states no times.
pub(super) fn growth(summary: RwSignal<Summary>) -> AnyView {
    let months = Memo::new(move |_| summary.with(|summary| summary.months.clone()));
    let part = move || {
        let months = months.get();
        if months.is_empty() {
            return ().into_any();
        }
        let bars = months.iter().map(|month| (month.name.clone(), month.added)).collect();
        let table = table(months.into_iter().rev().collect());
        view! {
            <h2 class="part-title">{text::GROWTH}</h2>
            <p class="hint">{text::GROWTH_HINT}</p>
            <BarChart bars/>
            <details class="fold">
                <summary>{list_text::AS_TABLE}</summary>
                {table}
            </details>
        }
        .into_any()
    };
    part.into_any()
}

fn table(months: Vec<Month>) -> AnyView {
    let heads = vec![
        (text::MONTH, "c-name"),
        (text::ADDED, "c-number"),
        (text::TOTAL, "c-number"),
        (text::MANIFESTS, "c-number"),
    ];
    let row = |_: usize, month: Month| {
        view! {
            <tr class="row">
                <th scope="row" class="c-name">{month.name}</th>
                <td class="c-number">{format::size(month.added)}</td>
                <td class="c-number">{format::size(month.total)}</td>
                <td class="c-number">{format::count(month.manifests)}</td>
            </tr>
        }
        .into_any()
    };
    view! { <PlainTable name=text::GROWTH heads count=months.len() row=rows_of(months, row)/> }.into_any()
}
