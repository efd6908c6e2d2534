//! Any registry: the graph against a plain quadratic reference, and what must hold for every plan.

use std::collections::BTreeSet;

use acr_inventory::cleanup::{Action, RuleText, Target};
use acr_inventory::in_use::InUse;
use acr_inventory::{Bound, ManifestId, Page};
use proptest::prelude::*;

use crate::sample::{Sample, day, digest};
use crate::stepwise::plan;

/// A registry of three repositories that know a dozen manifests: images, indexes and referrers, of any age, some locked or tagged.
fn registry() -> impl Strategy<Value = Sample> {
    let references = prop::collection::vec(0..12_u8, 0..4);
    let manifest = (0..3_u8, 0..12_u8, 0..100_i64, 0..4_u8, references, prop::bool::weighted(0.1));
    let tag = (0..3_u8, 0..6_u8, 0..12_u8, 0..100_i64, 0..12_u8, prop::bool::weighted(0.1));
    (prop::collection::vec(manifest, 0..24), prop::collection::vec(tag, 0..12)).prop_map(
        |(manifests, tags)| {
            let mut sample = Sample::default();
            let mut known = BTreeSet::new();
            for (repository, name, updated, kind, references, locked) in manifests {
                let repository = format!("r{repository}");
                if !known.insert((repository.clone(), name)) {
                    continue;
                }
                // Content goes with its digest, so it depends on the name alone.
                let kind = if sample.contents.contains_key(&digest(&format!("m{name}"))) { 9 } else { kind };
                add(&mut sample, &repository, name, updated, kind, &references);
                if locked {
                    sample.lock_manifest(&repository, &format!("m{name}"));
                }
            }
            for (repository, tag, manifest, updated, subject, locked) in tags {
                let (repository, manifest) = (format!("r{repository}"), format!("m{manifest}"));
                let tag = match tag {
                    5 => format!("{}.sig", digest(&format!("m{subject}")).replace(':', "-")),
                    _ => format!("v{tag}"),
                };
                let taken =
                    sample.tags.get(&repository).is_some_and(|rows| rows.iter().any(|row| row.name == tag));
                if !taken && sample.manifests.contains_key(&repository) {
                    sample.tag(&repository, &tag, &manifest, updated);
                    if locked {
                        sample.lock_tag(&repository, &tag);
                    }
                }
            }
            sample
        },
    )
}

fn add(sample: &mut Sample, repository: &str, name: u8, updated: i64, kind: u8, references: &[u8]) {
    let own = format!("m{name}");
    match kind {
        9 => {
            let before = sample.contents[&digest(&own)].clone();
            sample.image(repository, &own, updated, &[]);
            sample.contents.insert(digest(&own), before);
        }
        0 => {
            let children: Vec<String> = references.iter().map(|child| format!("m{child}")).collect();
            sample.index(repository, &own, updated, &children.iter().map(String::as_str).collect::<Vec<_>>());
        }
        1 if !references.is_empty() => {
            sample.referrer(repository, &own, updated, &format!("m{}", references[0]), 7);
        }
        _ => {
            let names: Vec<String> = references.iter().map(|layer| format!("l{layer}")).collect();
            let layers: Vec<(&str, u64)> = names
                .iter()
                .zip(references)
                .map(|(name, size)| (name.as_str(), u64::from(*size) + 1))
                .collect();
            sample.image(repository, &own, updated, &layers);
        }
    }
}

/// The reference: everything a set of manifests stores, as pairs of digest and size.
fn stored(sample: &Sample, set: &[(String, String)]) -> BTreeSet<(String, u64)> {
    let mut stored = BTreeSet::new();
    for (_, digest) in set {
        let content = &sample.contents[digest];
        stored.insert((digest.clone(), content.size));
        stored.extend(content.blobs.iter().map(|blob| (blob.digest.clone(), blob.size.unwrap())));
    }
    stored
}

fn all(sample: &Sample) -> Vec<(String, String)> {
    let rows = sample
        .manifests
        .iter()
        .flat_map(|(name, rows)| rows.iter().map(|row| (name.clone(), row.digest.clone())));
    rows.collect()
}

fn sum(set: &BTreeSet<(String, u64)>) -> u64 {
    set.iter().map(|(_, size)| size).sum()
}

fn rules() -> impl Strategy<Value = RuleText> {
    let filter = prop::sample::select(vec![".*:.*", "r0:.*", "r[01]:v[12]", ".*:^$", "r1:v"]);
    (filter, 0..100_u8, 0..3_u32, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(filter, days, keep, untagged, include_locked, protect)| RuleText {
            filters: vec![filter.to_owned()],
            ago: format!("{days}d"),
            keep,
            untagged,
            include_locked,
            protect: if protect { vec!["v1".to_owned()] } else { Vec::new() },
        },
    )
}

proptest! {
    #[test]
    fn figures_equal_the_plain_reference(sample in registry()) {
        let inventory = sample.read();
        let graph = inventory.graph();
        let everything = all(&sample);
        for repository in sample.manifests.keys() {
            let (own, rest): (Vec<_>, Vec<_>) = everything.iter().cloned().partition(|(name, _)| name == repository);
            let (own_content, rest) = (stored(&sample, &own), stored(&sample, &rest));
            let figures = graph.repository_figures(inventory.find_repository(repository).unwrap());
            let unique: BTreeSet<_> = own_content.difference(&rest).cloned().collect();
            let shared: BTreeSet<_> = own_content.intersection(&rest).cloned().collect();
            prop_assert_eq!(figures.unique.bytes, sum(&unique));
            prop_assert_eq!(figures.shared.bytes, sum(&shared));
            let logical: u64 = own.iter().map(|one| sum(&stored(&sample, std::slice::from_ref(one)))).sum();
            prop_assert_eq!(figures.logical.bytes, logical);
            prop_assert_eq!(figures.unique.bound, Bound::Exact);
        }
    }

    #[test]
    fn what_a_plan_frees_is_what_is_not_stored_any_more(sample in registry(), rule in rules()) {
        let inventory = sample.read();
        let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), day(100));
        let name = |id: ManifestId| (
            inventory.repository_name(inventory.manifest_repository(id).unwrap()).to_owned(),
            inventory.digest_text(inventory.manifest_digest(id).unwrap()),
        );
        let gone: BTreeSet<_> = plan.steps().iter().filter_map(|step| match step.target {
            Target::Manifest(id) => Some(name(id)),
            Target::Tag(_) => None,
        }).collect();
        let before = all(&sample);
        let after: Vec<_> = before.iter().filter(|one| !gone.contains(*one)).cloned().collect();
        let freed = sum(&stored(&sample, &before)) - sum(&stored(&sample, &after));
        prop_assert_eq!(plan.frees().bytes, freed);
        prop_assert_eq!(plan.steps().iter().map(|step| step.frees).sum::<u64>(), freed);
    }

    #[test]
    fn a_plan_breaks_nothing(sample in registry(), rule in rules()) {
        let inventory = sample.read();
        let graph = inventory.graph();
        let plan = plan(graph, &rule.compile().unwrap(), &InUse::default(), day(100));
        let deleted: Vec<ManifestId> = plan.steps().iter().filter_map(|step| match step.target {
            Target::Manifest(id) => Some(id),
            Target::Tag(_) => None,
        }).collect();
        let untagged: BTreeSet<Target> = plan.steps().iter().map(|step| step.target).collect();
        let deletion = graph.deletion(&deleted);
        prop_assert_eq!(deletion.broken, vec![]);
        prop_assert_eq!(deletion.frees, plan.frees());
        for id in &deleted {
            // Nothing that stays depends on it, and no tag is left on it.
            prop_assert!(graph.referrers(*id).all(|referrer| deleted.contains(&referrer)));
            prop_assert!(graph.tags_on(*id).all(|tag| untagged.contains(&Target::Tag(tag))));
            if let Some(subject) = graph.subject(*id) {
                prop_assert!(deleted.contains(&subject));
            }
            let before = |first: ManifestId, then: ManifestId| {
                deleted.iter().position(|id| *id == first) < deleted.iter().position(|id| *id == then)
            };
            for child in graph.children(*id).filter(|child| deleted.contains(child)) {
                let circle = graph.image(child).contains(id);
                prop_assert!(circle || before(*id, child));
            }
        }
        if !rule.include_locked {
            prop_assert!(plan.steps().iter().all(|step| !step.unlock));
        }
        // Everything in the selected repositories has one item.
        let targets: BTreeSet<Target> = plan.items().iter().map(|item| item.target).collect();
        prop_assert_eq!(targets.len(), plan.items().len());
        prop_assert!(plan.items().iter().all(|item| item.action != Action::Keep || item.frees == 0));
    }

    #[test]
    fn the_order_of_reading_makes_no_difference(sample in registry(), size in 1..4_usize, backwards in any::<bool>()) {
        let mut inventory = sample.lists();
        let mut pages = Vec::new();
        for (repository, rows) in &sample.manifests {
            let chunks: Vec<_> = rows.chunks(size).collect();
            for (number, chunk) in chunks.iter().enumerate() {
                let after = if number == 0 { String::new() } else { number.to_string() };
                let next = (number + 1 < chunks.len()).then(|| (number + 1).to_string());
                pages.push((repository, Page { after, next, rows: chunk.to_vec() }));
            }
        }
        if backwards {
            pages.reverse();
        }
        for (repository, page) in &pages {
            inventory.read_manifests(repository, page);
        }
        for (digest, content) in sample.contents.iter().rev() {
            inventory.read_content(digest, content);
        }
        let expected = sample.read();
        for repository in sample.manifests.keys() {
            let of = |inventory: &acr_inventory::Inventory| {
                inventory.graph().repository_figures(inventory.find_repository(repository).unwrap())
            };
            prop_assert_eq!(of(&inventory), of(&expected));
        }
    }
}
