//! The item that a page of a list ends with, which the list can be continued after.

use crate::http::date::ticks;

/// What is known of the last item of a page.
pub(crate) struct LastItem {
    /// A tag, a digest or a repository.
    pub(crate) name: String,
    /// When it was last updated, as the registry writes it, UTC.
    pub(crate) updated: Option<String>,
}

impl LastItem {
    pub(crate) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), updated: None }
    }

    /// The parameter `last` of the next page: the name, in a list in order of time with the time before it.
    pub(crate) fn cursor(&self, in_order_of_time: bool) -> Option<String> {
        if !in_order_of_time {
            return Some(self.name.clone());
        }
        Some(format!("{}&{}", ticks(self.updated.as_deref()?)?, self.name))
    }
}
