//! The plan: what it does, its table, and what can be done with it.

use acr_inventory::cleanup::{Action, Item, Plan};
use leptos::prelude::*;

use super::plan_text::outline;
use super::{confirmation, export};
use crate::cleanup::Cleanup;
use crate::cleanup::planning::Planning;
use crate::component::data_table::{DataTable, Head, SortBy};
use crate::component::menu::Choice;
use crate::format;
use crate::page::inventory::label::shortened;
use crate::text::cleanup as text;
use crate::text::list as list_text;

/// Which items are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    All,
    Goes,
    Stays,
}

impl Shown {
    fn takes(self, item: &Item) -> bool {
        match self {
            Self::All => true,
            Self::Goes => item.action != Action::Keep,
            Self::Stays => item.action == Action::Keep,
        }
    }
}

/// Heading, sentence, buttons and table of the plan. Without a cleanup it cannot be run.
pub(super) fn plan(planning: Planning, cleanup: Option<Cleanup>) -> AnyView {
    let outline = Memo::new(move |_| planning.with_plan(|_, plan| outline(plan)).unwrap_or_default());
    let steps = Memo::new(move |_| planning.with_plan(|_, plan| plan.steps().len()).unwrap_or_default());
    view! {
        <h2 class="part-title">{text::PLAN}</h2>
        {stale(planning)}
        <p role="status">{move || if steps.get() == 0 { text::NOTHING_TO_DELETE.to_owned() } else { outline.get() }}</p>
        <div class="plan-tools">
            {cleanup.map(|cleanup| confirmation::run_button(cleanup, steps))}
            {export::tools(planning)}
        </div>
        {table(planning)}
    }
    .into_any()
}

/// A notice while what is shown is no longer what the rule means.
fn stale(planning: Planning) -> AnyView {
    let is_current = Memo::new(move |_| planning.is_current());
    let notice = move || {
        (!is_current.get()).then(|| view! { <p class="note">{text::STALE} " " {text::STALE_REMEDY}</p> })
    };
    view! { <div role="status">{notice}</div> }.into_any()
}

fn table(planning: Planning) -> AnyView {
    let shown = RwSignal::new(Shown::All);
    let order = Memo::new(move |_| {
        let shown = shown.get();
        let positions = |plan: &Plan| -> Vec<usize> {
            let items = plan.items().iter().enumerate();
            items.filter(|(_, item)| shown.takes(item)).map(|(at, _)| at).collect()
        };
        planning.with_plan(|_, plan| positions(plan)).unwrap_or_default()
    });
    let all = Memo::new(move |_| planning.with_plan(|_, plan| plan.items().len()).unwrap_or_default());
    let place = move |position: usize| order.with_untracked(|order| order.get(position).copied());
    let key = move |position: usize| {
        order.track();
        format!("{} {:?}", planning.planned.get(), place(position))
    };
    let options = vec![(Shown::All, text::ALL), (Shown::Goes, text::DELETE), (Shown::Stays, text::KEPT)];
    view! {
        <div class="list-bar">
            <Choice name=text::SHOW options chosen=shown on_choose=Callback::new(move |one| shown.set(one))/>
            <p class="completeness">{move || list_text::shown(order.with(Vec::len), all.get())}</p>
        </div>
        <DataTable
            name=text::PLAN
            heads=Signal::stored(heads())
            count=Signal::derive(move || order.with(Vec::len))
            sort=Signal::stored(SortBy::default())
            key=Callback::new(key)
            cells=Callback::new(move |position| place(position).and_then(|at| cells(planning, at)).unwrap_or_else(|| ().into_any()))
        />
    }
    .into_any()
}

fn heads() -> Vec<Head> {
    let head = |(id, title, class)| Head { id, title, class, sortable: false };
    [
        ("item", text::ITEM, "c-name"),
        ("action", text::ACTION, "c-action"),
        ("reason", text::REASON, "c-reason c-wide"),
        ("frees", text::FREES, "c-number"),
    ]
    .map(head)
    .to_vec()
}

/// The word for what happens to an item.
fn word(action: Action) -> &'static str {
    match action {
        Action::Keep => text::KEPT,
        Action::Untag => text::UNTAG,
        Action::Delete => text::DELETE,
    }
}

fn cells(planning: Planning, at: usize) -> Option<AnyView> {
    let (reference, reason, item) = untrack(|| {
        planning.with_plan(|graph, plan| {
            let item = plan.items().get(at)?;
            Some((plan.reference(graph, item), plan.reason(graph, item), *item))
        })
    })??;
    let frees = (item.frees > 0).then(|| format::size(item.frees));
    let view = view! {
        <th scope="row" class="c-name" title=reference.clone()>
            {shortened(&reference)}
            <span class="cell-sub">{reason.clone()}</span>
        </th>
        <td class="c-action">{word(item.action)}</td>
        <td class="c-reason c-wide" title=reason.clone()>{reason.clone()}</td>
        <td class="c-number" title=(item.frees > 0).then(|| format::bytes(item.frees))>{frees}</td>
    };
    Some(view.into_any())
}
