//! Values that were set, before they mean anything: each with its key and where it was set.

use std::collections::BTreeMap;

/// A value as a file, a flag or a variable can hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A string.
    Text(String),
    /// An integer, never negative.
    Integer(u64),
    /// A switch.
    Boolean(bool),
    /// A list of strings.
    List(Vec<String>),
}

/// Where a value was set, for messages about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// In the configuration file, under its own key.
    File,
    /// On the command line or in the environment: the flag or the variable.
    Named(String),
}

/// A value and where it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) source: Source,
}

/// The values of one table by key.
pub(super) type Entries = BTreeMap<&'static str, Entry>;

/// Everything that was set: for the gateway, and for each registry in order.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub(super) gateway: Entries,
    pub(super) registries: Vec<Entries>,
}

impl Settings {
    /// These settings, and those of `other` for keys that are not set here. Registries are `other`'s where there are none here.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (key, entry) in other.gateway {
            self.gateway.entry(key).or_insert(entry);
        }
        if self.registries.is_empty() {
            self.registries = other.registries;
        }
        self
    }

    /// These settings with one registry in place of any others, set by the program itself: pairs of a key and a value.
    #[cfg(feature = "demo")]
    #[must_use]
    pub(crate) fn with_registry(
        mut self,
        texts: &[(&'static str, &str)],
        lists: &[(&'static str, &[&str])],
    ) -> Self {
        let named = |key: &str| Source::Named(key.to_owned());
        let texts = texts
            .iter()
            .map(|(key, text)| (*key, Entry { value: Value::Text((*text).to_owned()), source: named(key) }));
        let lists = lists.iter().map(|(key, list)| {
            let value = Value::List(list.iter().map(|text| (*text).to_owned()).collect());
            (*key, Entry { value, source: named(key) })
        });
        self.registries = vec![texts.chain(lists).collect()];
        self
    }
}
