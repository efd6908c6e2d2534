//! Which rows of a list are selected: one by one, a range with shift, or all that match.

use std::collections::HashSet;

use leptos::prelude::*;

/// The selected rows of a list, by name. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Selection {
    names: RwSignal<HashSet<String>>,
    /// Where a range begins.
    anchor: StoredValue<Option<usize>>,
}

impl Selection {
    pub(crate) fn new() -> Self {
        Self { names: RwSignal::new(HashSet::new()), anchor: StoredValue::new(None) }
    }

    /// Whether a row is selected, tracked.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.with(|names| names.contains(name))
    }

    /// How many are selected, tracked.
    pub(crate) fn len(&self) -> usize {
        self.names.with(HashSet::len)
    }

    /// The names selected, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.names.with_untracked(|names| names.iter().cloned().collect());
        names.sort();
        names
    }

    /// Selects or unselects the row at a position; with `range`, all from the last one touched to this one.
    pub(crate) fn toggle(&self, position: usize, range: bool, name_at: impl Fn(usize) -> Option<String>) {
        let Some(name) = name_at(position) else { return };
        let anchor = self.anchor.get_value().filter(|_| range);
        self.names.update(|names| match anchor {
            Some(anchor) => {
                names.extend((anchor.min(position)..=anchor.max(position)).filter_map(name_at));
            }
            None => {
                if !names.remove(&name) {
                    names.insert(name);
                }
            }
        });
        self.anchor.set_value(Some(position));
    }

    /// Selects all of these.
    pub(crate) fn add_all(&self, all: impl IntoIterator<Item = String>) {
        self.names.update(|names| names.extend(all));
    }

    /// Selects nothing.
    pub(crate) fn clear(&self) {
        self.names.update(HashSet::clear);
        self.anchor.set_value(None);
    }

    /// Forgets a row that is gone.
    pub(crate) fn forget(&self, name: &str) {
        self.names.update(|names| {
            names.remove(name);
        });
    }
}
