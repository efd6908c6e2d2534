//! A run of a cleanup as the page around the dashboard learns of it: a change for each repository and kind of step. Pure.

use std::collections::BTreeMap;

use acr_inventory::cleanup::{Run, Step, StepState};

use crate::surface::event::{Change, Outcome};

/// The changes that a run makes, each with what became of its steps.
pub(super) fn changes(run: &Run) -> Vec<(Change, Vec<Outcome>)> {
    let mut groups: BTreeMap<(&str, &'static str), Vec<&Step>> = BTreeMap::new();
    for step in &run.steps {
        let action = if step.tag.is_some() { "untag" } else { "delete" };
        groups.entry((&step.repository, action)).or_default().push(step);
    }
    let change = |((repository, action), steps): ((&str, &'static str), Vec<&Step>)| {
        let references = steps.iter().map(|step| reference(step)).collect();
        (Change::new(action, repository, references), steps.into_iter().map(outcome).collect())
    };
    groups.into_iter().map(change).collect()
}

fn reference(step: &Step) -> String {
    step.tag.clone().unwrap_or_else(|| step.digest.clone())
}

fn outcome(step: &Step) -> Outcome {
    let (word, why) = match &step.state {
        StepState::Waiting | StepState::Running => ("waiting", None),
        StepState::Done => ("done", None),
        StepState::Gone => ("gone", None),
        StepState::Changed(why) => ("skipped", Some(why.clone())),
        StepState::Blocked => ("skipped", None),
        StepState::Failed(why) => ("failed", Some(why.clone())),
    };
    (reference(step), word, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_repository_and_kind_of_step_is_a_change() {
        let step = |repository: &str, tag: Option<&str>, state: &str| {
            serde_json::json!({ "repository": repository, "tag": tag, "digest": "sha256:1", "updated": null,
                "unlock": false, "frees": 0, "after": [], "state": { "state": state } })
        };
        let steps = [step("a", Some("1"), "done"), step("a", None, "waiting"), step("b", Some("2"), "gone")];
        let run = serde_json::json!({ "registry": "x", "steps": steps, "paused": false, "stopped": false });
        let run: Run = serde_json::from_value(run).unwrap();
        let announced: Vec<_> = changes(&run)
            .into_iter()
            .map(|(change, outcomes)| (change.action, change.repository, outcomes[0].1))
            .collect();
        let expected =
            [("delete", "a".into(), "waiting"), ("untag", "a".into(), "done"), ("untag", "b".into(), "gone")];
        assert_eq!(announced, expected);
    }
}
