//! A registry with everything that a cleanup has to get right: layers shared within and across repositories, indexes with shared
//! children, signatures by tag and by subject, an untagged image, and new images next to old ones.

use acr_client_wasm::Digest;
use acr_inventory::Inventory;
use acr_inventory::cleanup::{Plan, RuleText, Run, plan};
use acr_inventory::in_use::InUse;
use serde_json::{Value, json};

use crate::registry::{Registry, subject};

pub(crate) const BASE: &[u8] = &[7; 5000];

/// What a plan and its run start from.
pub(crate) struct Planned {
    pub(crate) inventory: Inventory,
    pub(crate) plan: Plan,
    pub(crate) run: Run,
    /// How many changes the journal held then.
    pub(crate) journal: usize,
}

pub(crate) async fn push(registry: &Registry) {
    let nothing = || Value::Null;
    let amd64 = registry.image("team/app", None, &[BASE, &[1; 900]], nothing()).await;
    let arm64 = registry.image("team/app", None, &[BASE, &[2; 800]], nothing()).await;
    let old = registry.index("team/app", Some("1.0"), &[&amd64, &arm64]).await;
    registry.image("team/app", Some(&cosign_tag(&old)), &[&[3; 70]], nothing()).await;
    registry.image("team/app", None, &[&[4; 60]], subject(&old, 500)).await;
    registry.image("team/app", None, &[&[5; 40]], subject(&amd64, 500)).await;
    registry.image("team/app", None, &[BASE, &[6; 700]], nothing()).await;
    // The same manifest and the same layer in another repository.
    registry.image("team/copy", Some("pinned"), &[BASE, &[1; 900]], nothing()).await;
    registry.image("team/web", Some("1"), &[BASE, &[8; 300]], nothing()).await;
    registry.image("team/web", Some("2"), &[&[9; 200], &[8; 300]], nothing()).await;
    registry.pass_days(40);
    // A child of both the old and the new index.
    let riscv64 = registry.image("team/app", None, &[BASE, &[10; 600]], nothing()).await;
    let new = registry.index("team/app", Some("2.0"), &[&riscv64, &arm64]).await;
    registry
        .image("team/app", Some(&cosign_tag(&new)), &[&[11; 71]], json!({ "annotations": { "a": "b" } }))
        .await;
    registry.image("team/app", None, &[&[12; 61]], subject(&new, 500)).await;
    registry.pass_days(10);
}

fn cosign_tag(digest: &Digest) -> String {
    format!("{}.sig", digest.as_str().replace(':', "-"))
}

/// `--ago 30d --untagged`, and nothing else.
pub(crate) fn older_than_a_month(filter: &str) -> RuleText {
    RuleText {
        filters: vec![filter.to_owned()],
        ago: "30d".to_owned(),
        untagged: true,
        ..RuleText::default()
    }
}

/// Reads a registry and plans a rule for it.
pub(crate) async fn planned(registry: &Registry, rule: &RuleText) -> Planned {
    let inventory = registry.read().await;
    let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), registry.now());
    let run = Run::new(inventory.graph(), &plan).unwrap();
    Planned { plan, run, inventory, journal: registry.journal().len() }
}

impl Planned {
    /// The steps as `repository:tag` and `repository@digest`, in their order.
    pub(crate) fn steps(&self) -> Vec<String> {
        self.plan.steps().iter().map(|step| self.plan.reference(self.inventory.graph(), step)).collect()
    }

    /// The place of the step for a tag.
    pub(crate) fn tag_step(&self, tag: &str) -> usize {
        self.run.steps.iter().position(|step| step.tag.as_deref() == Some(tag)).unwrap()
    }
}
