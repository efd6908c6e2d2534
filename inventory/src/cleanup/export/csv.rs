//! The plan as CSV (RFC 4180), safe to open in a spreadsheet.

use std::fmt::Write as _;

use crate::cleanup::item::Action;
use crate::cleanup::plan::Plan;
use crate::graph::Graph;

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

/// A cell, without control characters: no name has any, and a terminal obeys them. What a spreadsheet would take for a formula gets an
/// apostrophe in front (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let text = if formula { format!("'{text}") } else { text };
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_stays_one_cell() {
        assert_eq!(cell("app:1.2"), "app:1.2");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell(" @x"), "' @x");
        assert_eq!(cell("a,\"b\"\n\u{1b}"), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("\t=1"), "'=1");
        assert_eq!(cell("-1,2"), "\"'-1,2\"");
    }
}
