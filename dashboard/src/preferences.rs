//! What is remembered on this device between visits: looks, columns, pinned and recent repositories. Never a credential.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::surface::Surface;
use crate::theme::{self, Density, Theme, TimeStyle};

/// The one key in the browser's local storage.
const KEY: &str = "acr-dashboard.preferences";
/// How many repositories a registry's recent list keeps.
const RECENT: usize = 6;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    /// `None` until the user has chosen one.
    theme: Option<Theme>,
    density: Density,
    times: TimeStyle,
    tree: bool,
    /// Hidden columns by table.
    hidden: BTreeMap<String, Vec<String>>,
    /// Pinned repositories by registry.
    pinned: BTreeMap<String, Vec<String>>,
    /// Repositories opened last, newest first, by registry.
    recent: BTreeMap<String, Vec<String>>,
}

/// The preferences, live. Cheap to copy; lives in the context of the app.
#[derive(Clone, Copy)]
pub(crate) struct Preferences {
    stored: RwSignal<Stored>,
    /// The theme while the user has chosen none.
    usual: RwSignal<Theme>,
}

impl Preferences {
    /// The preferences that the embedding page sets; nothing is stored.
    pub(crate) fn fixed(surface: Surface, theme: Theme, density: Density) -> Self {
        let this = Self::with(Stored { theme: Some(theme), density, ..Stored::default() });
        Effect::new(move |_| theme::apply(surface, this.theme(), this.density()));
        this
    }

    /// Reads what this device remembers, and from now on writes every change back and applies it.
    pub(crate) fn remembered(surface: Surface) -> Self {
        let storage = window().local_storage().ok().flatten();
        let text = storage.as_ref().and_then(|storage| storage.get_item(KEY).ok().flatten());
        // What does not parse any more is as good as nothing: preferences are no data.
        let stored = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let this = Self::with(stored);
        Effect::new(move |first: Option<()>| {
            theme::apply(surface, this.theme(), this.density());
            this.stored.with(|stored| {
                if first.is_some()
                    && let (Some(storage), Ok(text)) =
                        (window().local_storage().ok().flatten(), serde_json::to_string(stored))
                {
                    // Storage may be full or forbidden; the page works without.
                    let _ = storage.set_item(KEY, &text);
                }
            });
        });
        this
    }

    fn with(stored: Stored) -> Self {
        Self { stored: RwSignal::new(stored), usual: RwSignal::new(Theme::System) }
    }

    pub(crate) fn theme(&self) -> Theme {
        self.stored.with(|stored| stored.theme).unwrap_or_else(|| self.usual.get())
    }

    pub(crate) fn set_theme(&self, theme: Theme) {
        self.stored.update(|stored| stored.theme = Some(theme));
    }

    /// The theme while the user has chosen none.
    pub(crate) fn set_usual_theme(&self, theme: Theme) {
        self.usual.set(theme);
    }

    pub(crate) fn density(&self) -> Density {
        self.stored.with(|stored| stored.density)
    }

    pub(crate) fn set_density(&self, density: Density) {
        self.stored.update(|stored| stored.density = density);
    }

    pub(crate) fn times(&self) -> TimeStyle {
        self.stored.with(|stored| stored.times)
    }

    pub(crate) fn set_times(&self, times: TimeStyle) {
        self.stored.update(|stored| stored.times = times);
    }

    /// Whether repositories are shown as a tree.
    pub(crate) fn tree(&self) -> bool {
        self.stored.with(|stored| stored.tree)
    }

    pub(crate) fn set_tree(&self, tree: bool) {
        self.stored.update(|stored| stored.tree = tree);
    }

    /// Whether a column of a table is hidden.
    pub(crate) fn is_hidden(&self, table: &str, column: &str) -> bool {
        self.stored.with(|stored| {
            stored.hidden.get(table).is_some_and(|hidden| hidden.iter().any(|id| id == column))
        })
    }

    /// Shows a hidden column or hides a shown one.
    pub(crate) fn toggle_column(&self, table: &str, column: &str) {
        self.stored.update(|stored| toggle(stored.hidden.entry(table.to_owned()).or_default(), column));
    }

    /// The repositories pinned in a registry.
    pub(crate) fn pinned(&self, registry: &str) -> Vec<String> {
        self.stored.with(|stored| stored.pinned.get(registry).cloned().unwrap_or_default())
    }

    /// Pins a repository or unpins it.
    pub(crate) fn toggle_pin(&self, registry: &str, repository: &str) {
        self.stored
            .update(|stored| toggle(stored.pinned.entry(registry.to_owned()).or_default(), repository));
    }

    /// The repositories opened last in a registry, newest first.
    pub(crate) fn recent(&self, registry: &str) -> Vec<String> {
        self.stored.with(|stored| stored.recent.get(registry).cloned().unwrap_or_default())
    }

    /// Forgets a repository that is not there any more; `unpin` where it is known to be gone for good.
    pub(crate) fn forget(&self, registry: &str, repository: &str, unpin: bool) {
        let known = self.stored.with_untracked(|stored| {
            let has = |all: &BTreeMap<String, Vec<String>>| {
                all.get(registry).is_some_and(|names| names.iter().any(|name| name == repository))
            };
            has(&stored.recent) || (unpin && has(&stored.pinned))
        });
        if !known {
            return;
        }
        self.stored.update(|stored| {
            let lists = [Some(&mut stored.recent), unpin.then_some(&mut stored.pinned)];
            for names in lists.into_iter().flatten().filter_map(|all| all.get_mut(registry)) {
                names.retain(|name| name != repository);
            }
        });
    }

    /// Notes that a repository was opened.
    pub(crate) fn note_opened(&self, registry: &str, repository: &str) {
        let first = self
            .stored
            .with_untracked(|stored| stored.recent.get(registry).and_then(|recent| recent.first().cloned()));
        if first.as_deref() == Some(repository) {
            return;
        }
        self.stored.update(|stored| {
            let recent = stored.recent.entry(registry.to_owned()).or_default();
            recent.retain(|name| name != repository);
            recent.insert(0, repository.to_owned());
            recent.truncate(RECENT);
        });
    }
}

/// The dashboard's preferences.
pub(crate) fn use_preferences() -> Preferences {
    expect_context()
}

fn toggle(list: &mut Vec<String>, item: &str) {
    let before = list.len();
    list.retain(|other| other != item);
    if list.len() == before {
        list.push(item.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_of_another_version_are_read_as_far_as_they_go() {
        let stored: Stored = serde_json::from_str(r#"{"theme":"dark","new":[1]}"#).unwrap();
        assert_eq!(stored.theme, Some(Theme::Dark));
        assert_eq!(stored.density, Density::Comfortable);
    }

    #[test]
    fn toggling_twice_changes_nothing() {
        let mut list = vec!["a".to_owned()];
        toggle(&mut list, "b");
        assert_eq!(list, ["a", "b"]);
        toggle(&mut list, "b");
        assert_eq!(list, ["a"]);
    }
}
