//! A plan of locks as the plans of runs: one for each repository. Pure.

use std::collections::BTreeMap;

use acr_client_wasm::{Reference, RepositoryName};
use acr_inventory::lock::LockPlan;
use acr_inventory::{Graph, RepositoryId};

use crate::action::plan::{Action, Plan, Target};

/// The plans, in the order of the repositories' names, in each the manifests before the tags: a tag that is locked then has all of it locked.
/// What has a name that no repository, tag or digest can have is left out: no request could name it.
pub(super) fn plans(graph: Graph<'_>, plan: &LockPlan) -> Vec<Plan> {
    let inventory = graph.inventory();
    let mut targets: BTreeMap<&str, Vec<Reference>> = BTreeMap::new();
    let name = |id: Option<RepositoryId>| id.map(|id| inventory.repository_name(id));
    for manifest in &plan.manifests {
        let digest = inventory.manifest_digest(*manifest).map(|digest| inventory.digest_text(digest));
        let digest = digest.and_then(|digest| digest.parse().ok());
        if let Some((repository, digest)) = name(inventory.manifest_repository(*manifest)).zip(digest) {
            targets.entry(repository).or_default().push(Reference::Digest(digest));
        }
    }
    for tag in &plan.tags {
        let parsed = inventory.tag_name(*tag).parse().ok();
        if let Some((repository, tag)) = name(inventory.tag_repository(*tag)).zip(parsed) {
            targets.entry(repository).or_default().push(Reference::Tag(tag));
        }
    }
    let target = |reference| Target { reference, digest: None, switches: Vec::new() };
    let plan = |(repository, references): (&str, Vec<Reference>)| {
        let repository: RepositoryName = repository.parse().ok()?;
        let targets = references.into_iter().map(target).collect();
        Some(Plan { action: Action::Lock, repository, targets })
    };
    targets.into_iter().filter_map(plan).collect()
}

#[cfg(test)]
mod tests {
    use acr_inventory::lock::lock_plan;

    use super::super::summary::tests::sample;
    use super::*;
    use crate::page::inventory::scope::Scope;

    #[test]
    fn each_repository_has_a_plan_of_its_manifests_and_tags() {
        let inventory = sample();
        let graph = inventory.graph();
        let repositories = Scope::Namespace("team".to_owned()).repositories(&inventory);
        let plan = lock_plan(graph, &repositories, &["^1$".to_owned()]).unwrap();
        let made: Vec<(String, Vec<String>)> = plans(graph, &plan)
            .iter()
            .map(|plan| {
                let names = plan.targets.iter().map(|target| target.reference.as_str().to_owned()).collect();
                (plan.repository.as_str().to_owned(), names)
            })
            .collect();
        let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
        let expected = [
            ("team/api".to_owned(), vec![digest("b"), "1".to_owned()]),
            ("team/web".to_owned(), vec![digest("c"), "1".to_owned()]),
        ];
        assert_eq!(made, expected);
    }
}
