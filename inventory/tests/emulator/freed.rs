//! Bytes: what a plan says it frees is what the registry stores less after the run and its sweep.

use std::collections::BTreeSet;

use acr_client_wasm::Digest;
use acr_inventory::cleanup::{RuleText, Run, plan};
use acr_inventory::in_use::InUse;
use acr_inventory::{Bound, Inventory};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::registry::{Registry, subject};
use crate::runner::carry_out;
use crate::sample::{older_than_a_month, planned, push};

/// Every tag and manifest of a registry.
fn names(inventory: &Inventory) -> BTreeSet<String> {
    let of_repository = |id| {
        let tags = inventory.tags(id).map(|tag| inventory.tag_reference(tag));
        tags.chain(inventory.manifests(id).map(|manifest| inventory.manifest_reference(manifest)))
    };
    inventory.repositories().flat_map(of_repository).collect()
}

#[tokio::test]
async fn a_run_frees_what_its_plan_says_and_deletes_nothing_else() {
    for filter in ["team/app:.*", "team/(app|copy):.*", ".*:.*", "team/web:^1$", "team/copy:.*"] {
        let registry = Registry::on_disk();
        push(&registry).await;
        let mut planned = planned(&registry, &older_than_a_month(filter)).await;
        let (stored, on_disk) = (registry.emulator.stored_bytes(), registry.blob_bytes_on_disk());
        assert_eq!(planned.inventory.graph().registry_figures().unique.bytes, stored);
        carry_out(&registry, &mut planned.run).await;
        // The registry lets go of blobs once no manifest has named them for a day.
        registry.pass_days(1);
        registry.emulator.expire().await;
        let frees = planned.plan.frees();
        assert_eq!(frees.bound, Bound::Exact, "{filter}");
        // Everything in the copy is in the other repository too.
        assert_eq!(frees.bytes == 0, filter == "team/copy:.*", "{filter}");
        assert_eq!(stored - registry.emulator.stored_bytes(), frees.bytes, "{filter}");
        let blobs = frees.bytes - planned.plan.manifest_bytes();
        assert_eq!(on_disk - registry.blob_bytes_on_disk(), blobs, "{filter}");
        assert_eq!(planned.run.report().freed, frees.bytes, "{filter}");
        let steps = planned.steps();
        assert_eq!(registry.deletions(planned.journal), steps, "{filter}");
        let steps: BTreeSet<String> = steps.into_iter().collect();
        let expected: BTreeSet<String> = names(&planned.inventory).difference(&steps).cloned().collect();
        assert_eq!(names(&registry.read().await), expected, "{filter}");
    }
}

/// One push to a registry of three repositories.
#[derive(Debug, Clone)]
struct Push {
    repository: u8,
    kind: u8,
    layers: Vec<u8>,
    related: Vec<Index>,
    tag: Option<u8>,
    days: u32,
}

fn pushes() -> impl Strategy<Value = Vec<Push>> {
    let layers = prop::collection::vec(0..8_u8, 0..4);
    let related = prop::collection::vec(any::<Index>(), 1..3);
    let push = (0..3_u8, 0..5_u8, layers, related, prop::option::of(0..4_u8), 0..9_u32);
    let push = push.prop_map(|(repository, kind, layers, related, tag, days)| Push {
        repository,
        kind,
        layers,
        related,
        tag,
        days,
    });
    prop::collection::vec(push, 1..14)
}

async fn push_all(registry: &Registry, pushes: &[Push]) {
    let mut known: [Vec<Digest>; 3] = Default::default();
    for push in pushes {
        let name = format!("r{}", push.repository);
        let here = &mut known[usize::from(push.repository)];
        let tag = push.tag.map(|tag| format!("v{tag}"));
        let layers: Vec<Vec<u8>> =
            push.layers.iter().map(|number| vec![*number; 10 + 30 * usize::from(*number)]).collect();
        let layers: Vec<&[u8]> = layers.iter().map(Vec::as_slice).collect();
        let other = (!here.is_empty()).then(|| push.related[0].get(here).clone());
        let digest = match (push.kind, other) {
            (0, Some(_)) => {
                let children: Vec<&Digest> = push.related.iter().map(|index| index.get(here)).collect();
                registry.index(&name, tag.as_deref(), &children).await
            }
            (1, Some(other)) => registry.image(&name, tag.as_deref(), &layers, subject(&other, 500)).await,
            (2, Some(other)) => {
                let tag = format!("{}.sig", other.as_str().replace(':', "-"));
                registry.image(&name, Some(&tag), &layers, Value::Null).await
            }
            _ => registry.image(&name, tag.as_deref(), &layers, Value::Null).await,
        };
        here.push(digest);
        registry.pass_days(push.days);
    }
}

async fn freed_as_planned(registry: &Registry, rule: &RuleText) -> Result<(), TestCaseError> {
    let inventory = registry.read().await;
    let stored = registry.emulator.stored_bytes();
    prop_assert_eq!(inventory.graph().registry_figures().unique.bytes, stored);
    let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), registry.now());
    let mut run = Run::new(inventory.graph(), &plan).unwrap();
    carry_out(registry, &mut run).await;
    registry.pass_days(1);
    registry.emulator.expire().await;
    let report = run.report();
    prop_assert!(run.is_finished() && report.done == plan.steps().len(), "{report:?} {:?}", run.steps);
    prop_assert_eq!(stored - registry.emulator.stored_bytes(), plan.frees().bytes);
    prop_assert_eq!(report.freed, plan.frees().bytes);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_plan_frees_what_the_registry_then_stores_less(
        pushes in pushes(),
        filter in prop::sample::select(vec![".*:.*", "r0:.*", "r[01]:v[12]", "r1:^$"]),
        days in 0..40_u32,
        keep in 0..2_u32,
    ) {
        let rule = RuleText {
            filters: vec![filter.to_owned()],
            ago: format!("{days}d"),
            keep,
            untagged: true,
            ..RuleText::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let registry = Registry::new();
        runtime.block_on(push_all(&registry, &pushes));
        runtime.block_on(freed_as_planned(&registry, &rule))?;
    }
}
