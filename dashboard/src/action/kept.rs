//! What is left of plans, as text: it outlives a reload of the page in the tab's own storage. It holds names and digests alone.

use acr_client_wasm::Reference;
use serde::{Deserialize, Serialize};

use super::plan::{Action, Plan, Target};

#[derive(Serialize, Deserialize)]
struct Kept {
    registry: String,
    plans: Vec<KeptPlan>,
}

#[derive(Serialize, Deserialize)]
struct KeptPlan {
    action: String,
    repository: String,
    /// Tag or digest, and the digest that it stands for.
    targets: Vec<(String, Option<String>)>,
}

/// The text of plans in a registry.
pub(crate) fn print(registry: &str, plans: &[Plan]) -> String {
    let target = |target: &Target| {
        (target.reference.as_str().to_owned(), target.digest.as_ref().map(ToString::to_string))
    };
    let plan = |plan: &Plan| KeptPlan {
        action: plan.action.word().to_owned(),
        repository: plan.repository.as_str().to_owned(),
        targets: plan.targets.iter().map(target).collect(),
    };
    let kept = Kept { registry: registry.to_owned(), plans: plans.iter().map(plan).collect() };
    serde_json::to_string(&kept).unwrap_or_default()
}

/// Reads what [`print`] printed: the registry and the plans. None where it is anything else.
pub(crate) fn parse(text: &str) -> Option<(String, Vec<Plan>)> {
    let kept: Kept = serde_json::from_str(text).ok()?;
    let plans = kept.plans.into_iter().map(parse_plan).collect::<Option<_>>()?;
    Some((kept.registry, plans))
}

fn parse_plan(kept: KeptPlan) -> Option<Plan> {
    let actions = [Action::Untag, Action::Delete, Action::Lock, Action::Unlock];
    let action = actions.into_iter().find(|action| action.word() == kept.action)?;
    let target = |(reference, digest): (String, Option<String>)| {
        let reference = if reference.contains(':') {
            Reference::Digest(reference.parse().ok()?)
        } else {
            Reference::Tag(reference.parse().ok()?)
        };
        Some(Target {
            reference,
            digest: digest.and_then(|digest| digest.parse().ok()),
            switches: Vec::new(),
        })
    };
    let targets = kept.targets.into_iter().map(target).collect::<Option<Vec<_>>>()?;
    Some(Plan { action, repository: kept.repository.parse().ok()?, targets })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_read_as_they_were_printed_and_anything_else_is_none() {
        let digest: acr_client_wasm::Digest = format!("sha256:{}", "a".repeat(64)).parse().unwrap();
        let target = |reference| Target { reference, digest: Some(digest.clone()), switches: Vec::new() };
        let targets =
            vec![target(Reference::Tag("1.2".parse().unwrap())), target(Reference::Digest(digest.clone()))];
        let plan = Plan { action: Action::Delete, repository: "team/app".parse().unwrap(), targets };
        let plans = vec![plan.clone(), Plan { repository: "team/web".parse().unwrap(), ..plan }];
        assert_eq!(parse(&print("contoso", &plans)), Some(("contoso".to_owned(), plans)));
        let unknown = r#"{"registry":"x","plans":[{"action":"burn","repository":"a","targets":[]}]}"#;
        for text in ["", "{}", "null", unknown] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
