//! What is locked less than it seems, and for the present the rule that locks it.

use acr_inventory::Graph;
use acr_inventory::lock::{Finding, findings};
use leptos::prelude::*;

use super::lock_rule::lock_rule;
use super::origin::Origin;
use crate::action::plan::Plan;
use crate::component::plain_table::PlainTable;
use crate::page::inventory::label::{manifest_label, shortened};
use crate::page::inventory::scope::Scope;
use crate::text::locks as text;

/// The part of Storage about locks. Where plans can be confirmed, it has the rule that makes them.
pub(super) fn locks(
    origin: Origin,
    scope: Scope,
    to_confirm: Option<RwSignal<Option<Vec<Plan>>>>,
) -> AnyView {
    let inventory = origin.inventory;
    let here = scope.clone();
    let found = Memo::new(move |_| {
        inventory.with_graph(|graph| findings(graph, &here.repositories(graph.inventory())))
    });
    let here = scope.clone();
    let is_complete = Memo::new(move |_| inventory.with_graph(|graph| is_read(graph, &here)));
    let rule = to_confirm.map(|to_confirm| lock_rule(inventory, scope, to_confirm));
    let status = move || text::findings(found.with(Vec::len), is_complete.get());
    view! {
        <h2 class="part-title">{text::LOCKS}</h2>
        <p class="hint">{text::HINT}</p>
        <p class="completeness" role="status">{status}</p>
        {move || table(origin, found.get())}
        {rule}
    }
    .into_any()
}

/// Whether everything of a scope was read, so that nothing more can be found.
fn is_read(graph: Graph<'_>, scope: &Scope) -> bool {
    let repositories = scope.repositories(graph.inventory());
    let is_listed = match scope {
        Scope::Repository(_) => !repositories.is_empty(),
        Scope::Registry | Scope::Namespace(_) => graph.inventory().is_catalog_complete(),
    };
    is_listed && repositories.into_iter().all(|id| graph.is_repository_read(id))
}

fn table(origin: Origin, found: Vec<Finding>) -> Option<AnyView> {
    if found.is_empty() {
        return None;
    }
    let heads =
        vec![(text::ITEM, "c-name"), (text::FINDING, "c-finding"), (text::DETAILS, "c-reason c-wide")];
    let count = found.len();
    let found = StoredValue::new(found);
    let row = Callback::new(move |at: usize| {
        let finding = found.with_value(|found| found.get(at).copied());
        let said =
            finding.map(|finding| untrack(|| origin.inventory.with_graph(|graph| words(graph, finding))));
        said.map_or_else(|| ().into_any(), row)
    });
    Some(view! { <PlainTable name=text::FINDINGS heads count row/> }.into_any())
}

/// A finding in words: the item, what was found, and why that matters.
type Words = (String, &'static str, String);

fn words(graph: Graph<'_>, finding: Finding) -> Words {
    let inventory = graph.inventory();
    match finding {
        Finding::ReleaseNotLocked(tag) => {
            (inventory.tag_reference(tag), text::RELEASE, text::RELEASE_DETAILS.to_owned())
        }
        Finding::ManifestNotLocked { tag, manifest } => {
            let details = text::manifest_details(&inventory.tag_reference(tag));
            (inventory.manifest_reference(manifest), text::MANIFEST, details)
        }
        Finding::ChildNotLocked { index, child } => {
            let details = text::child_details(&manifest_label(graph, index));
            (inventory.manifest_reference(child), text::CHILD, details)
        }
    }
}

fn row((item, what, details): Words) -> AnyView {
    view! {
        <tr class="row">
            <th scope="row" class="c-name" title=item.clone()>
                {shortened(&item)}
                <span class="cell-sub">{details.clone()}</span>
            </th>
            <td class="c-finding">{what}</td>
            <td class="c-reason c-wide" title=details.clone()>{details.clone()}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::sample;
    use super::*;

    #[test]
    fn findings_are_those_of_the_command_line_in_words() {
        let mut inventory = sample();
        let everything = |inventory: &acr_inventory::Inventory| {
            let graph = inventory.graph();
            let found = findings(graph, &Scope::Registry.repositories(inventory));
            found.into_iter().map(|finding| words(graph, finding)).collect::<Vec<_>>()
        };
        assert!(everything(&inventory).is_empty(), "a tag called 1 is no release");
        inventory.enable_tag_changes("team/api", "1", false);
        let found = everything(&inventory);
        let digest = format!("team/api@sha256:{}", "b".repeat(64));
        assert_eq!(found, [(digest, text::MANIFEST, text::manifest_details("team/api:1"))]);
    }

    #[test]
    fn findings_are_final_once_everything_of_the_scope_was_read() {
        let mut inventory = sample();
        let repository = Scope::Repository("team/api".parse().unwrap());
        assert!(is_read(inventory.graph(), &Scope::Registry) && is_read(inventory.graph(), &repository));
        let unread =
            acr_inventory::ManifestRow { digest: format!("sha256:{}", "f".repeat(64)), ..Default::default() };
        inventory.read_manifest("team/web", &unread);
        assert!(!is_read(inventory.graph(), &Scope::Registry), "a manifest that was not read");
        assert!(is_read(inventory.graph(), &repository), "of another repository");
        inventory.forget_lists();
        assert!(!is_read(inventory.graph(), &repository), "lists that are read again");
    }
}
