//! Filters: a repository and an expression for its tags, as `acr purge --filter` takes them.

use regex_lite::Regex;

use super::error::RuleError;

/// `repository:tag-expression`.
///
/// As `acr purge` has it: the repository is an expression that must match the full name, the tag's matches anywhere in the tag, so that
/// `app:test` selects `latest-test-2`. Expressions are RE2's (no look-around, no backreferences); `acr purge` itself runs an engine that
/// also takes those, and that may need exponential time. Here time is linear in the tag's length.
#[derive(Debug, Clone)]
pub struct Filter {
    repository: Regex,
    tag: Option<Regex>,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// Where it is not two expressions with one colon between, or one of them cannot be compiled.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let (repository, tag) = split(text).ok_or_else(|| RuleError::Filter(text.to_owned()))?;
        Ok(Self {
            repository: compile(&format!("^(?:{repository})$"), repository)?,
            tag: tag_expression(tag)?,
        })
    }

    /// Reads what protects tags: a filter, or the tag's expression alone for every repository.
    ///
    /// # Errors
    /// As [`Filter::parse`].
    pub fn parse_protection(text: &str) -> Result<Self, RuleError> {
        if text.is_empty() {
            return Err(RuleError::Filter(text.to_owned()));
        }
        if separators(text).next().is_some() {
            return Self::parse(text);
        }
        Ok(Self { repository: compile("", "")?, tag: tag_expression(text)? })
    }

    /// Whether the filter selects a repository.
    #[must_use]
    pub fn matches_repository(&self, name: &str) -> bool {
        self.repository.is_match(name)
    }

    /// Whether the filter selects a tag of a repository that it selects.
    #[must_use]
    pub fn matches_tag(&self, name: &str) -> bool {
        self.tag.as_ref().is_none_or(|expression| expression.is_match(name))
    }
}

/// `None` for the expressions that match every tag, which are the most common ones.
fn tag_expression(text: &str) -> Result<Option<Regex>, RuleError> {
    if matches!(text, ".*" | "^.*" | "^.*$" | ".*$") { Ok(None) } else { compile(text, text).map(Some) }
}

fn compile(expression: &str, written: &str) -> Result<Regex, RuleError> {
    Regex::new(expression).map_err(|error| {
        let is_negative = ["(?!", "(?<!"].iter().any(|group| written.contains(group));
        let reason = if is_negative { NO_LOOK_AROUND.to_owned() } else { error.to_string() };
        RuleError::Expression { expression: written.to_owned(), reason }
    })
}

/// What does the same as a negative look-around.
const NO_LOOK_AROUND: &str = "it has a negative look-around, which is not supported. Name what is to stay as protected tags instead \
     (--protect, or “Protect tags” on the page)";

/// The two parts of a filter; neither may be empty.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let mut found = separators(text);
    let place = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let (repository, tag) = text.split_at_checked(place)?;
    let tag = tag.strip_prefix(':')?;
    (!repository.is_empty() && !tag.is_empty()).then_some((repository, tag))
}

/// The colons that are not part of a group's flags (`(?i:`) or of a character class (`[[:alpha:]]`).
fn separators(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.match_indices(':').map(|(place, _)| place).filter(|place| {
        let before = text.get(..*place).unwrap_or_default();
        let after = text.get(place + 1..).unwrap_or_default();
        let flags = before.trim_end_matches(['i', 'm', 's', 'U', '-']);
        let in_flags = flags.ends_with("(?") && before.len() - flags.len() <= 5;
        let in_class = before.trim_end_matches('^').ends_with('[');
        !in_flags && !in_class && !after.starts_with(']')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_select_as_acr_purge_documents() {
        // Filter, repository, tag, whether it is selected.
        let table = [
            ("app:^hello.*", "app", "hello-world", true),
            ("app:^hello.*", "app", "say-hello", false),
            (r"app:\w*world\b", "app", "hello-world", true),
            ("app:hello-world", "app", "my-hello-world-2", true),
            (".*/cache:.*", "team/cache", "1", true),
            (".*/cache:.*", "cache", "1", false),
            ("app:.*", "app", "anything", true),
            ("app:.*", "app2", "1", false),
            ("app:.*", "my/app", "1", false),
            (".*:.*", "a/b/c", "x", true),
            (".*:^$", "app", "x", false),
            ("app:(?i:RC)", "app", "1.2-rc1", true),
            ("app:[[:digit:]]+", "app", "v2", true),
            ("app:[^:]", "app", "v", true),
            (r"app:^v\d+\.\d+$", "app", "v1.2", true),
            (r"app:^v\d+\.\d+$", "app", "v1.2.3", false),
            ("a|b:.*", "b", "1", true),
        ];
        for (filter, repository, tag, selected) in table {
            let parsed = Filter::parse(filter).unwrap();
            let is = parsed.matches_repository(repository) && parsed.matches_tag(tag);
            assert_eq!(is, selected, "{filter} {repository}:{tag}");
        }
    }

    #[test]
    fn filters_without_two_parts_are_refused() {
        for filter in ["", "app", ":", "app:", ":.*", "a:b:c", "(?i:app)"] {
            assert_eq!(Filter::parse(filter).err(), Some(RuleError::Filter(filter.to_owned())), "{filter}");
        }
    }

    #[test]
    fn expressions_that_cannot_be_compiled_are_refused() {
        for filter in ["app:(", "app:(?=x)", r"app:(a)\1", "[:x", "app:a{1000}{1000}{1000}"] {
            assert!(Filter::parse(filter).is_err(), "{filter}");
        }
        for filter in ["app:^(?!latest$).*", "app:(?<!x)y", "(?!x).*:1"] {
            let error = Filter::parse(filter).unwrap_err().to_string();
            assert!(error.contains("--protect") && error.contains("Protect tags"), "{error}");
        }
    }

    #[test]
    fn a_protection_may_leave_the_repository_out() {
        let everywhere = Filter::parse_protection("^latest$").unwrap();
        assert!(everywhere.matches_repository("a/b") && everywhere.matches_tag("latest"));
        assert!(!everywhere.matches_tag("latest-1"));
        assert!(!Filter::parse_protection("app:^v").unwrap().matches_repository("other"));
        assert!(Filter::parse_protection("").is_err());
    }
}
