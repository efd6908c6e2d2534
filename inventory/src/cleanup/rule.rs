//! A rule: what to select, as it is written and as it is used.

use serde::{Deserialize, Serialize};

use super::age::Age;
use super::error::RuleError;
use super::filter::Filter;
use crate::id::RepositoryId;
use crate::inventory::Inventory;

/// A rule as a person writes it, in the vocabulary of `acr purge`, and what that command cannot say: `protect`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RuleText {
    /// `--filter`: `repository:tag-expression`, at least one.
    pub filters: Vec<String>,
    /// `--ago`: only what was last updated longer ago, for instance `30d`. Empty for any age.
    pub ago: String,
    /// `--keep`: how many of a repository's newest selected tags, and of its newest untagged manifests, stay.
    pub keep: u32,
    /// `--untagged`: also delete manifests without a tag.
    pub untagged: bool,
    /// `--include-locked`: unlock and delete what is locked.
    pub include_locked: bool,
    /// Tags that stay whatever else is said: `tag-expression` for every repository, or `repository:tag-expression`.
    pub protect: Vec<String>,
}

/// A rule that can be used.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(crate) text: RuleText,
    pub(crate) filters: Vec<Filter>,
    pub(crate) age: Age,
    pub(crate) protect: Vec<Filter>,
}

impl RuleText {
    /// Compiles the expressions and the age.
    ///
    /// # Errors
    /// Where one of them cannot be read; no filter is an error too.
    pub fn compile(&self) -> Result<Rule, RuleError> {
        if self.filters.is_empty() {
            return Err(RuleError::NoFilter);
        }
        let filters = self.filters.iter().map(|filter| Filter::parse(filter)).collect::<Result<_, _>>()?;
        let protect =
            self.protect.iter().map(|text| Filter::parse_protection(text)).collect::<Result<_, _>>()?;
        let age = if self.ago.is_empty() { Age::default() } else { Age::parse(&self.ago)? };
        Ok(Rule { text: self.clone(), filters, age, protect })
    }
}

impl Rule {
    /// The rule as it was written.
    #[must_use]
    pub fn text(&self) -> &RuleText {
        &self.text
    }

    /// The filters that select a repository; empty where none does.
    pub(crate) fn filters_of(&self, inventory: &Inventory, id: RepositoryId) -> Vec<&Filter> {
        let name = inventory.repository_name(id);
        self.filters.iter().filter(|filter| filter.matches_repository(name)).collect()
    }

    /// The number of the first protection that covers a tag.
    pub(crate) fn protection(&self, repository: &str, tag: &str) -> Option<usize> {
        self.protect
            .iter()
            .position(|filter| filter.matches_repository(repository) && filter.matches_tag(tag))
    }
}
