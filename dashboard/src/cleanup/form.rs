//! The rule of a cleanup as it is typed, and as the plan takes it. Pure.

use acr_inventory::cleanup::RuleText;

/// The fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// Filters, one a line.
    pub(crate) filters: String,
    pub(crate) ago: String,
    pub(crate) keep: String,
    pub(crate) untagged: bool,
    pub(crate) include_locked: bool,
    /// Patterns, one a line.
    pub(crate) protect: String,
    /// What names the images in use.
    pub(crate) in_use: String,
}

impl Form {
    /// The form that a screen opens with: everything of a repository, or of a registry, that is older than 30 days, but for the newest three
    /// tags of each repository.
    pub(crate) fn begin(repository: Option<&str>) -> Self {
        let repository = repository.map_or_else(|| ".*".to_owned(), escape);
        Self {
            filters: format!("{repository}:.*"),
            ago: "30d".to_owned(),
            keep: "3".to_owned(),
            untagged: true,
            ..Self::default()
        }
    }

    /// The rule; `None` where "Keep newest" is not a number.
    pub(crate) fn rule(&self) -> Option<RuleText> {
        let keep = self.keep.trim();
        Some(RuleText {
            filters: lines(&self.filters),
            ago: self.ago.trim().to_owned(),
            keep: if keep.is_empty() { 0 } else { keep.parse().ok()? },
            untagged: self.untagged,
            include_locked: self.include_locked,
            protect: lines(&self.protect),
        })
    }
}

/// A repository's name as an expression that matches nothing else: a dot is the only character of names that means more.
fn escape(name: &str) -> String {
    name.replace('.', r"\.")
}

/// The lines of a field, without those that are empty.
pub(crate) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_a_rule() {
        let mut form = Form::begin(Some("team/app.x"));
        form.filters.push_str("\n\n  other:^v1 \n");
        let rule = form.rule().unwrap();
        assert_eq!(rule.filters, [r"team/app\.x:.*", "other:^v1"]);
        assert!(rule.compile().is_ok() && rule.untagged && !rule.include_locked);
        assert_eq!((rule.ago.as_str(), rule.keep), ("30d", 3));
        assert_eq!(Form::begin(None).rule().unwrap().filters, [".*:.*"]);
    }

    #[test]
    fn what_is_no_number_makes_no_rule() {
        for (keep, number) in
            [("", Some(0)), (" 7 ", Some(7)), ("-1", None), ("many", None), ("99999999999", None)]
        {
            let form = Form { keep: keep.to_owned(), ..Form::default() };
            assert_eq!(form.rule().map(|rule| rule.keep), number, "{keep}");
        }
    }
}
