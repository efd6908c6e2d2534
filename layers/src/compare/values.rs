//! Differences between two sets of named values: labels, annotations, environment, fields.

use std::collections::BTreeMap;

use serde::Serialize;

/// A value that only one side has, or that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueChange {
    /// The name.
    pub name: String,
    /// The value in the first image, if it has one.
    pub before: Option<String>,
    /// The value in the second image, if it has one.
    pub after: Option<String>,
}

/// The values that differ, by name.
#[must_use]
pub fn compare_values(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<ValueChange> {
    let mut changes: Vec<ValueChange> = before
        .iter()
        .filter(|(name, value)| after.get(*name) != Some(value))
        .map(|(name, value)| ValueChange {
            name: name.clone(),
            before: Some(value.clone()),
            after: after.get(name).cloned(),
        })
        .collect();
    let added = after.iter().filter(|(name, _)| !before.contains_key(*name));
    changes.extend(added.map(|(name, value)| ValueChange {
        name: name.clone(),
        before: None,
        after: Some(value.clone()),
    }));
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}
