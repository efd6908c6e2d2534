//! Runs that meet faults, and a registry that changes between plan and run: what was planned goes, and nothing else.

use std::time::Duration;

use acr_client_wasm::{Digest, Reference};
use acr_inventory::cleanup::{RuleText, Run, Step, StepState, Verdict};
use acr_inventory::request::{Needs, observe};
use serde_json::{Value, json};

use crate::registry::{Registry, repository};
use crate::runner::{carry_out, carry_out_step, delete};
use crate::sample::{BASE, Planned, older_than_a_month, planned, push};

/// A registry and the plan that deletes what is old in `team/app`: a tag, a signature's tag, and seven manifests.
async fn begin() -> (Registry, Planned) {
    let registry = Registry::on_disk();
    push(&registry).await;
    let planned = planned(&registry, &older_than_a_month("team/app:.*")).await;
    assert!(planned.run.steps.iter().filter(|step| step.tag.is_some()).count() >= 2);
    (registry, planned)
}

/// The journal holds what the run says it did, in the order of the plan, and no other deletion.
fn assert_journal_is_what_was_done(registry: &Registry, planned: &Planned) {
    let steps = planned.steps();
    let done = steps.iter().zip(&planned.run.steps).filter(|(_, step)| step.state == StepState::Done);
    let done: Vec<String> = done.map(|(name, _)| name.clone()).collect();
    assert_eq!(registry.deletions(planned.journal), done);
}

#[tokio::test]
async fn faults_that_pass_delay_a_run_and_change_nothing() {
    let faults = [
        json!({ "fault": "throttle", "retry_after": 1, "times": 9 }),
        json!({ "fault": "throttle", "retry_after": 90, "method": "DELETE", "times": 9 }),
        json!({ "fault": "status", "status": 503, "method": "GET", "times": 9 }),
        json!({ "fault": "status", "status": 500, "method": "DELETE", "times": 9 }),
        json!({ "fault": "drop", "after": 0, "method": "DELETE", "times": 9 }),
        json!({ "fault": "drop", "after": 0, "probability": 0.3 }),
        json!({ "fault": "expired-token", "times": 1 }),
    ];
    for fault in faults {
        let (registry, mut planned) = begin().await;
        registry.fault(fault.clone());
        carry_out(&registry, &mut planned.run).await;
        let report = planned.run.report();
        assert_eq!(report.done + report.gone, planned.run.steps.len(), "{fault}: {report:?}");
        assert_eq!(registry.deletions(planned.journal), planned.steps(), "{fault}");
    }
}

#[tokio::test]
async fn what_another_deleted_meanwhile_counts_as_done() {
    let (registry, mut planned) = begin().await;
    let tag = planned.tag_step("1.0");
    registry.client.tags().delete(&repository("team/app"), &"1.0".parse().unwrap()).await.unwrap();
    planned.journal = registry.journal().len();
    carry_out(&registry, &mut planned.run).await;
    let report = planned.run.report();
    assert_eq!((report.gone, report.done), (1, planned.run.steps.len() - 1));
    assert_eq!(planned.run.steps[tag].state, StepState::Gone);
    assert_journal_is_what_was_done(&registry, &planned);
}

#[tokio::test]
async fn a_lock_that_was_set_after_the_plan_keeps_the_image_and_what_it_is_made_of() {
    let (registry, mut planned) = begin().await;
    registry.lock_tag("team/app", "1.0").await;
    carry_out(&registry, &mut planned.run).await;
    let report = planned.run.report();
    assert_eq!((report.changed, report.failed), (1, 0));
    assert!(report.blocked > 0 && report.done > 0 && planned.run.is_finished(), "{report:?}");
    assert_journal_is_what_was_done(&registry, &planned);
    let index = planned.run.steps[planned.tag_step("1.0")].digest.parse().unwrap();
    let attributes = registry.client.manifests().attributes(&repository("team/app"), &index).await.unwrap();
    assert_eq!(attributes.manifest.tags, ["1.0"]);
}

#[tokio::test]
async fn a_lock_that_is_set_between_the_check_and_the_deletion_is_a_failure_of_that_item_alone() {
    let (registry, mut planned) = begin().await;
    let tag = planned.tag_step("1.0");
    while let Some(place) = planned.run.next_step() {
        if place != tag {
            carry_out_step(&registry, &mut planned.run, place).await;
            continue;
        }
        let manifest = planned.run.manifest_of(place);
        let observed = observe(&registry.client, &planned.run.steps[place], manifest).await.unwrap();
        let verdict = planned.run.check(place, observed.as_ref());
        assert_eq!(verdict, Verdict::Delete);
        registry.lock_tag("team/app", "1.0").await;
        delete(&registry, &mut planned.run, place, verdict).await;
    }
    assert!(matches!(&planned.run.steps[tag].state, StepState::Failed(why) if !why.is_empty()));
    assert!(planned.run.report().done > 0);
    assert_journal_is_what_was_done(&registry, &planned);
}

#[tokio::test]
async fn a_tag_that_moved_after_the_plan_stays_with_its_new_image() {
    let (registry, mut planned) = begin().await;
    let new = registry.image("team/app", Some("1.0"), &[BASE, &[99; 10]], Value::Null).await;
    carry_out(&registry, &mut planned.run).await;
    assert!(matches!(&planned.run.steps[planned.tag_step("1.0")].state, StepState::Changed(_)));
    assert_journal_is_what_was_done(&registry, &planned);
    let tag = "1.0".parse().unwrap();
    let attributes = registry.client.tags().attributes(&repository("team/app"), &tag).await.unwrap();
    assert_eq!(attributes.tag.digest, new.as_str());
}

#[tokio::test]
async fn a_manifest_that_was_tagged_after_the_plan_stays() {
    let (registry, mut planned) = begin().await;
    let untagged = planned.run.steps.iter().position(|step| step.tag.is_none() && step.after.is_empty());
    let digest = planned.run.steps[untagged.unwrap()].digest.clone();
    registry.image("team/app", Some("saved"), &[BASE, &[6; 700]], Value::Null).await;
    carry_out(&registry, &mut planned.run).await;
    assert!(matches!(&planned.run.steps[untagged.unwrap()].state, StepState::Changed(_)));
    assert_journal_is_what_was_done(&registry, &planned);
    let digest = digest.parse().unwrap();
    let attributes = registry.client.manifests().attributes(&repository("team/app"), &digest).await.unwrap();
    assert_eq!(attributes.manifest.tags, ["saved"]);
}

#[tokio::test]
async fn a_lock_on_a_manifest_keeps_its_tags_and_those_of_its_signature() {
    let (registry, mut planned) = begin().await;
    let index = planned.run.steps[planned.tag_step("1.0")].digest.parse().unwrap();
    registry.lock_manifest("team/app", &index).await;
    carry_out(&registry, &mut planned.run).await;
    assert_journal_is_what_was_done(&registry, &planned);
    for step in planned.run.steps.iter().filter(|step| step.tag.is_some()) {
        assert!(matches!(step.state, StepState::Changed(_) | StepState::Blocked), "{step:?}");
    }
    let attributes = registry
        .client
        .manifests()
        .attributes(&repository("team/app"), &Reference::Digest(index))
        .await
        .unwrap();
    assert_eq!(attributes.manifest.tags, ["1.0"]);
}

#[tokio::test]
async fn what_a_newer_index_or_signature_needs_stays() {
    let (registry, mut planned) = begin().await;
    let untagged = |step: &&Step| step.tag.is_none() && step.after.is_empty();
    let child: Digest = planned.run.steps.iter().find(untagged).unwrap().digest.parse().unwrap();
    let subject: Digest = planned.run.steps[planned.tag_step("1.0")].digest.parse().unwrap();
    registry.index("team/app", Some("release"), &[&child]).await;
    registry.image("team/app", None, &[&[77; 9]], crate::registry::subject(&subject, 500)).await;
    planned.journal = registry.journal().len();
    carry_out(&registry, &mut planned.run).await;
    assert_journal_is_what_was_done(&registry, &planned);
    assert_eq!(planned.run.report().failed, 0);
    for digest in [child, subject] {
        let reference = Reference::Digest(digest.clone());
        registry.client.manifests().attributes(&repository("team/app"), &reference).await.unwrap();
        let step = planned.run.steps.iter().find(|step| step.tag.is_none() && step.digest == digest.as_str());
        assert!(matches!(&step.unwrap().state, StepState::Changed(why) if why.contains("newer")));
    }
}

#[tokio::test]
async fn what_the_plan_knew_is_not_newer_however_late_it_was_pushed() {
    let registry = Registry::on_disk();
    let old = registry.image("team/app", None, &[BASE], Value::Null).await;
    registry.pass_days(40);
    let signature = format!("{}.sig", old.as_str().replace(':', "-"));
    for tag in [signature.as_str(), "release"] {
        registry.image("team/app", Some(tag), &[&[7; 9]], Value::Null).await;
    }
    let mut planned = planned(&registry, &older_than_a_month("team/app:.*")).await;
    assert_eq!(planned.steps(), [format!("team/app@{old}")]);
    carry_out(&registry, &mut planned.run).await;
    assert_eq!(planned.run.report().done, 1, "{:?}", planned.run.steps);
}

#[tokio::test]
async fn what_a_look_had_found_when_it_broke_off_is_not_lost() {
    let (registry, planned) = begin().await;
    let known = planned.run.known_in("team/app");
    let children: Vec<Digest> = known.iter().take(2).map(|digest| digest.parse().unwrap()).collect();
    // The newest is looked at first.
    let older = registry.index("team/app", Some("older"), &[&children[0]]).await;
    registry.pass(Duration::from_secs(1));
    registry.index("team/app", Some("newer"), &[&children[1]]).await;
    let mut needs = Needs::apart_from(known);
    let path = format!("/manifests/{older}");
    registry.fault(json!({ "fault": "status", "status": 500, "path": path }));
    let from = planned.run.look_from("team/app");
    assert!(needs.look(&registry.client, "team/app", from).await.is_err());
    registry.fault(json!({ "fault": "status", "status": 500, "path": "/nowhere" }));
    let needed = needs.look(&registry.client, "team/app", from).await.unwrap();
    assert!(children.iter().all(|child| needed.contains(child.as_str())), "{needed:?}");
}

#[tokio::test]
async fn a_deletion_that_is_refused_leaves_the_lock() {
    let registry = Registry::on_disk();
    push(&registry).await;
    registry.lock_tag("team/app", "1.0").await;
    let rule = RuleText { include_locked: true, ..older_than_a_month("team/app:^1") };
    let mut planned = planned(&registry, &rule).await;
    registry.fault(json!({ "fault": "status", "status": 403, "method": "DELETE" }));
    carry_out(&registry, &mut planned.run).await;
    assert_eq!(planned.run.report().done, 0);
    let tag = "1.0".parse().unwrap();
    let attributes = registry.client.tags().attributes(&repository("team/app"), &tag).await.unwrap();
    assert!(!attributes.tag.changeable_attributes.delete_enabled);
}

#[tokio::test]
async fn a_locked_image_goes_where_the_rule_includes_locked_ones() {
    let registry = Registry::on_disk();
    push(&registry).await;
    registry.lock_tag("team/app", "1.0").await;
    let kept = planned(&registry, &older_than_a_month("team/app:^1")).await;
    assert!(kept.run.steps.iter().all(|step| step.tag.as_deref() != Some("1.0")));
    let rule = RuleText { include_locked: true, ..older_than_a_month("team/app:^1") };
    let mut planned = planned(&registry, &rule).await;
    carry_out(&registry, &mut planned.run).await;
    assert_eq!(planned.run.report().done, planned.run.steps.len());
    assert!(registry.deletions(planned.journal).contains(&"team/app:1.0".to_owned()));
    assert_journal_is_what_was_done(&registry, &planned);
}

#[tokio::test]
async fn a_run_that_is_interrupted_goes_on_where_it_was() {
    let (registry, mut planned) = begin().await;
    // Two steps are done, and of a third it is unknown whether its deletion arrived.
    for _ in 0..2 {
        let place = planned.run.next_step().unwrap();
        carry_out_step(&registry, &mut planned.run, place).await;
    }
    let place = planned.run.next_step().unwrap();
    let stored = serde_json::to_string(&planned.run).unwrap();
    carry_out_step(&registry, &mut planned.run, place).await;
    planned.run = serde_json::from_str::<Run>(&stored).unwrap();
    planned.run.resume();
    carry_out(&registry, &mut planned.run).await;
    let report = planned.run.report();
    assert_eq!((report.done, report.gone), (planned.run.steps.len() - 1, 1));
    assert_eq!(registry.deletions(planned.journal), planned.steps());
}
