//! Cells of comma-separated values (RFC 4180) that are safe to open in a spreadsheet.

/// A cell, without control characters: no name has any, and a terminal obeys them. What a spreadsheet would take for a formula gets an
/// apostrophe in front (OWASP, "CSV Injection"): the users who push to a registry choose its names.
#[must_use]
pub fn cell(text: &str) -> String {
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
