//! What the command palette offers of the screen. A screen adds an entry where it renders the button, and the entry goes with it, so the
//! palette never has to look for buttons in the document, which in an element belongs to another page.

use leptos::prelude::*;

/// One entry.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    /// Distinguishes entries of the same name.
    pub(crate) id: u32,
    name: Signal<String>,
    enabled: Signal<bool>,
    run: Callback<()>,
    refreshes: bool,
}

/// The entries of the screen, in the order in which they were added. Cheap to copy; lives in the context of the app.
#[derive(Clone, Copy)]
pub(crate) struct PaletteEntries {
    entries: RwSignal<Vec<Entry>>,
    next: StoredValue<u32>,
}

impl PaletteEntries {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { entries: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// The ids and names of the entries that can be chosen now, tracked.
    pub(crate) fn offered(&self) -> Vec<(u32, String)> {
        let offered = |entry: &Entry| {
            let enabled = entry.enabled.try_get() == Some(true);
            Some((entry.id, entry.name.try_get().filter(|_| enabled)?))
        };
        self.entries.with(|entries| entries.iter().filter_map(offered).collect())
    }

    /// Does what an entry offers; nothing where it has gone or is not enabled.
    pub(crate) fn run(&self, id: u32) {
        self.run_last(|entry| entry.id == id);
    }

    /// Loads the screen's data again, as its button "Refresh" does.
    pub(crate) fn refresh(&self) {
        self.run_last(|entry| entry.refreshes);
    }

    fn run_last(&self, wanted: impl Fn(&Entry) -> bool) {
        let found =
            self.entries.with_untracked(|entries| entries.iter().rev().find(|entry| wanted(entry)).copied());
        if let Some(entry) = found.filter(|entry| entry.enabled.try_get_untracked() == Some(true)) {
            let _ = entry.run.try_run(());
        }
    }

    fn add(self, name: Signal<String>, enabled: Signal<bool>, run: Callback<()>, refreshes: bool) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.entries.update(|entries| entries.push(Entry { id, name, enabled, run, refreshes }));
        on_cleanup(move || {
            let _ = self.entries.try_update(|entries| entries.retain(|entry| entry.id != id));
        });
    }
}

/// Adds an entry for as long as the current reactive owner lives. It is offered while `enabled` holds.
pub(crate) fn add_entry(
    name: impl Into<Signal<String>>,
    enabled: impl Into<Signal<bool>>,
    run: impl Fn() + Send + Sync + 'static,
) {
    if let Some(palette) = use_context::<PaletteEntries>() {
        palette.add(name.into(), enabled.into(), Callback::new(move |()| run()), false);
    }
}

/// Adds the entry of the screen's button "Refresh", which the key `r` and the embedding page run as well.
pub(crate) fn add_refresh_entry(name: &'static str, run: Callback<()>) {
    if let Some(palette) = use_context::<PaletteEntries>() {
        palette.add(Signal::stored(name.to_owned()), Signal::stored(true), run, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_go_with_the_screen_that_added_them() {
        let app = Owner::new();
        let (palette, chosen) = app.with(|| {
            let palette = PaletteEntries::new();
            provide_context(palette);
            (palette, RwSignal::new(0))
        });
        let screen = app.child();
        let enabled = screen.with(|| {
            let enabled = RwSignal::new(true);
            add_entry("Lock".to_owned(), enabled, move || chosen.set(1));
            add_refresh_entry("Refresh", Callback::new(move |()| chosen.set(2)));
            enabled
        });
        let names = || palette.offered().into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        app.with(|| {
            assert_eq!(names(), ["Lock", "Refresh"]);
            palette.run(0);
            assert_eq!(chosen.get_untracked(), 1);
            palette.refresh();
            assert_eq!(chosen.get_untracked(), 2);
            enabled.set(false);
            palette.run(0);
            assert_eq!((names(), chosen.get_untracked()), (vec!["Refresh".to_owned()], 2));
        });
        screen.cleanup();
        assert_eq!(app.with(names), Vec::<String>::new());
        palette.refresh();
        assert_eq!(chosen.get_untracked(), 2);
    }
}
