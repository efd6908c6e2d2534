//! Locking all tags that match a pattern: what would be locked, and the button that does it.

use acr_inventory::lock::{LockPlan, lock_plan};
use acr_inventory::{Graph, Kind, ManifestId, TagId};
use leptos::prelude::*;

use super::lock_plans::plans;
use crate::action::plan::Plan;
use crate::analysis::SharedInventory;
use crate::cleanup::form::lines;
use crate::component::icon::{Glyph, Icon};
use crate::component::plain_table::PlainTable;
use crate::page::inventory::label::{manifest_label, shortened};
use crate::page::inventory::scope::Scope;
use crate::palette::add_entry;
use crate::text::locks as text;

/// What the field opens with: versions in numbers, as releases have them.
const RELEASES: &str = r"^v?\d+(\.\d+){1,3}$";

/// What the patterns lock, or why they cannot be used.
type Planned = Result<LockPlan, String>;

/// The field, the preview and the button, which asks for confirmation with `to_confirm`.
pub(super) fn lock_rule(
    inventory: SharedInventory,
    scope: Scope,
    to_confirm: RwSignal<Option<Vec<Plan>>>,
) -> AnyView {
    let patterns = RwSignal::new(RELEASES.to_owned());
    let asked = RwSignal::new(None::<Vec<String>>);
    // Made anew when something is locked meanwhile.
    let planned = Memo::new(move |_| {
        let patterns = asked.get()?;
        let plan = |graph: Graph<'_>| lock_plan(graph, &scope.repositories(graph.inventory()), &patterns);
        Some(inventory.with_graph(plan).map_err(|error| error.to_string()))
    });
    let preview = move || asked.set(Some(lines(&patterns.get_untracked())));
    add_entry(text::PREVIEW.to_owned(), Signal::stored(true), preview);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        preview();
    };
    let problem = move || {
        planned.with(|planned| match planned {
            Some(Err(problem)) => text::bad_pattern(problem),
            _ => String::new(),
        })
    };
    view! {
        <form class="rule" aria-label=text::RULE on:submit=submit>
            <div class="rule-fields">
                <div class="field">
                    <label for="lock-tags">{text::TAGS}</label>
                    <textarea
                        id="lock-tags"
                        rows="2"
                        aria-describedby="lock-tags-hint"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        prop:value=patterns
                        on:input:target=move |event| patterns.set(event.target().value())
                    ></textarea>
                    <p class="hint" id="lock-tags-hint">{text::TAGS_HINT}</p>
                </div>
            </div>
            <p class="field-error" role="alert">{problem}</p>
            <button type="submit" class="button">
                <Glyph icon=Icon::Search/>
                {text::PREVIEW}
            </button>
        </form>
        {move || planned.get().and_then(Planned::ok).map(|plan| preview_of(inventory, plan, to_confirm))}
    }
    .into_any()
}

fn preview_of(
    inventory: SharedInventory,
    plan: LockPlan,
    to_confirm: RwSignal<Option<Vec<Plan>>>,
) -> AnyView {
    let outline = text::outline(plan.tags.len(), plan.manifests.len(), plan.already_locked);
    let unread = (!plan.unread.is_empty()).then(|| text::unread(plan.unread.len()));
    let count = plan.tags.len() + plan.manifests.len();
    let plan = StoredValue::new(plan);
    let row = Callback::new(move |at: usize| {
        let item = plan.with_value(|plan| Item::at(plan, at));
        let said = item.map(|item| untrack(|| inventory.with_graph(|graph| item.words(graph))));
        said.map_or_else(|| ().into_any(), row)
    });
    let ask = move |_| {
        let made = |graph: Graph<'_>| plan.with_value(|plan| plans(graph, plan));
        to_confirm.set(Some(untrack(|| inventory.with_graph(made))));
    };
    let heads = vec![(text::ITEM, "c-name"), (text::KIND, "c-kind"), (text::PART_OF, "c-reason c-wide")];
    view! {
        <p role="status">{outline}</p>
        {unread.map(|said| view! { <p class="hint">{said}</p> })}
        {(count > 0).then(|| view! {
            <div class="plan-tools">
                <button type="button" class="button" on:click=ask>
                    <Glyph icon=Icon::Lock/>
                    {text::LOCK_ALL}
                </button>
            </div>
            <PlainTable name=text::PLAN heads count row/>
        })}
    }
    .into_any()
}

/// Something to lock.
#[derive(Clone, Copy)]
enum Item {
    Tag(TagId),
    Manifest(ManifestId),
}

impl Item {
    /// The item at a position: first the tags, then the manifests.
    fn at(plan: &LockPlan, at: usize) -> Option<Self> {
        match plan.tags.get(at) {
            Some(tag) => Some(Self::Tag(*tag)),
            None => plan.manifests.get(at.checked_sub(plan.tags.len())?).copied().map(Self::Manifest),
        }
    }

    /// Its name, what it is, and what it belongs to.
    fn words(self, graph: Graph<'_>) -> (String, &'static str, String) {
        let inventory = graph.inventory();
        match self {
            Self::Tag(tag) => (inventory.tag_reference(tag), text::TAG, String::new()),
            Self::Manifest(id) => {
                let kind = if inventory.manifest_kind(id) == Kind::Index { text::INDEX } else { text::IMAGE };
                (inventory.manifest_reference(id), kind, manifest_label(graph, id))
            }
        }
    }
}

fn row((item, kind, part_of): (String, &'static str, String)) -> AnyView {
    view! {
        <tr class="row">
            <th scope="row" class="c-name" title=item.clone()>
                {shortened(&item)}
                <span class="cell-sub">{part_of.clone()}</span>
            </th>
            <td class="c-kind">{kind}</td>
            <td class="c-reason c-wide">{part_of.clone()}</td>
        </tr>
    }
    .into_any()
}
