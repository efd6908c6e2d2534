//! A plan and its items in words.

use acr_inventory::cleanup::{Plan, Target};

use crate::format;
use crate::page::inventory::figure::figure_text;
use crate::text::cleanup as text;

/// What the plan does, in one sentence.
pub(super) fn outline(plan: &Plan) -> String {
    let tags = plan.steps().iter().filter(|step| matches!(step.target, Target::Tag(_))).count();
    text::outline(plan.steps().len() - tags, tags, &figure_text(plan.frees()))
}

/// `team/app:1.2` as it is, `team/app@sha256:…` with the digest's beginning.
pub(super) fn shortened(reference: &str) -> String {
    match reference.split_once('@') {
        Some((name, digest)) => format!("{name}@{}", format::short_digest(digest)),
        None => reference.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digests_are_shortened() {
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(shortened(&format!("team/app@{digest}")), "team/app@sha256:aaaaaaaaaaaa");
        assert_eq!(shortened("team/app:1.2"), "team/app:1.2");
    }
}
