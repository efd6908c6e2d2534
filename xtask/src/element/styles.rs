//! The page's style sheets as a module of the element's package: one text, in the order in which `index.html` links them. A text, since an
//! adopted style sheet needs no permission of a Content-Security-Policy and no loader of a bundler.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::workspace;

/// The text of `styles.js`.
pub(super) fn module() -> Result<String> {
    let folder = workspace::root().join("static");
    let page = folder.join("index.html");
    let page = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let mut all = String::new();
    for name in linked(&page) {
        let file = folder.join(name);
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        all.push_str(&sized_by_the_host(&text));
    }
    ensure!(!all.is_empty(), "static/index.html links no style sheet");
    Ok(format!(
        "// The dashboard's styles, for a constructed style sheet.\nexport default {};\n",
        Value::from(all)
    ))
}

/// The style sheets that the page links, in order.
fn linked(page: &str) -> Vec<&str> {
    let links = page.lines().filter(|line| line.contains("rel=\"css\""));
    links.filter_map(|line| line.split("href=\"").nth(1)?.split('"').next()).collect()
}

/// A page around an element may give `rem` another size: lengths go by a property that it can set right again. Conditions of media and
/// container queries stay as they are: they go by the browser's own size, and hold no properties.
fn sized_by_the_host(css: &str) -> String {
    let line = |line: &str| {
        if line.trim_start().starts_with('@') { format!("{line}\n") } else { format!("{}\n", scaled(line)) }
    };
    css.lines().map(line).collect()
}

/// A line with `1.5rem` written as a multiple of the property.
fn scaled(line: &str) -> String {
    let mut scaled = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("rem") {
        let number = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let (text, number) = before.split_at(number.len());
        let ends = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        // The sign belongs to the number where nothing but a blank, a bracket or a colon is in front of it.
        let (text, sign) = match text.strip_suffix('-') {
            Some(head) if head.ends_with([' ', '(', ':', ',']) => (head, "-"),
            _ => (text, ""),
        };
        if number.is_empty() || !ends {
            scaled.push_str(before);
            scaled.push_str("rem");
        } else {
            scaled.push_str(&format!("{text}calc({sign}{number} * var(--acr-rem, 1rem))"));
        }
        rest = after;
    }
    scaled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_multiples_of_a_property_and_conditions_stay() {
        let css = "@media (max-width: 34rem) {\n  top: -4rem;\n  width: calc(100vh - 0.5rem);\n  --remnant: 1px; prem: x;\n}";
        assert_eq!(
            sized_by_the_host(css),
            "@media (max-width: 34rem) {\n  top: calc(-4 * var(--acr-rem, 1rem));\n  width: calc(100vh - calc(0.5 * var(--acr-rem, 1rem)));\n  --remnant: 1px; prem: x;\n}\n"
        );
    }

    #[test]
    fn every_style_sheet_of_the_page_is_in_the_module() {
        let module = module().unwrap();
        for part in [":host", ".embedded", ".dialog", "--accent"] {
            assert!(module.contains(part), "{part}");
        }
    }
}
