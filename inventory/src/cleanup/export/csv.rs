//! The plan as CSV (RFC 4180), safe to open in a spreadsheet.

use std::fmt::Write as _;

use crate::cleanup::item::Action;
use crate::cleanup::plan::Plan;
use crate::graph::Graph;
use crate::spreadsheet::cell;

/// A row for each item: what it is, what happens to it, why, and what that frees in bytes.
#[must_use]
pub fn csv(graph: Graph<'_>, plan: &Plan) -> String {
    let mut text = String::from("Item,Action,Reason,Frees\r\n");
    for item in plan.items() {
        let reference = cell(&plan.reference(graph, item));
        let reason = cell(&plan.reason(graph, item));
        // Writing to a String cannot fail.
        let _ = write!(text, "{reference},{},{reason},{}\r\n", action(item.action), item.frees);
    }
    text
}

/// The word for an action in exports.
pub(super) fn action(action: Action) -> &'static str {
    match action {
        Action::Keep => "keep",
        Action::Untag => "untag",
        Action::Delete => "delete",
    }
}
