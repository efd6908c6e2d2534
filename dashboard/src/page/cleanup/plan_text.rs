//! A plan in words.

use acr_inventory::cleanup::{Plan, Target};

use crate::page::inventory::figure::figure_text;
use crate::text::cleanup as text;

/// What the plan does, in one sentence.
pub(super) fn outline(plan: &Plan) -> String {
    let tags = plan.steps().iter().filter(|step| matches!(step.target, Target::Tag(_))).count();
    text::outline(plan.steps().len() - tags, tags, &figure_text(plan.frees()))
}
