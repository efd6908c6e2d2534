//! The plan as JSON, for an approval and for programs.

use serde::Serialize;

use super::csv::action;
use crate::cleanup::item::Item;
use crate::cleanup::plan::Plan;
use crate::cleanup::rule::RuleText;
use crate::graph::{Figure, Graph};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    registry: &'a str,
    made_at: String,
    complete: bool,
    rule: &'a RuleText,
    frees: Figure,
    images_in_use: usize,
    steps: Vec<Row>,
    kept: Vec<Row>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    item: String,
    action: &'static str,
    reason: String,
    frees: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unlock: bool,
}

/// The whole plan: `steps` in the order in which they run, and what is `kept`. Sizes in bytes.
#[must_use]
pub fn json(graph: Graph<'_>, plan: &Plan) -> String {
    let row = |item: &Item| Row {
        item: plan.reference(graph, item),
        action: action(item.action),
        reason: plan.reason(graph, item),
        frees: item.frees,
        unlock: item.unlock,
    };
    let document = Document {
        registry: graph.inventory().registry(),
        made_at: plan.made_at().to_rfc3339(),
        complete: graph.is_complete(),
        rule: plan.rule().text(),
        frees: plan.frees(),
        images_in_use: plan.images_in_use(),
        steps: plan.steps().iter().map(row).collect(),
        kept: plan.items().iter().skip(plan.steps().len()).map(row).collect(),
    };
    // There is nothing in it that cannot be JSON.
    serde_json::to_string_pretty(&document).unwrap_or_default()
}
