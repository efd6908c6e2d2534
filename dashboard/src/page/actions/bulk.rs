//! The bar of what can be done with the selected rows.

use leptos::prelude::*;

use super::delete_repository::forget;
use super::dialog::ActionDialog;
use crate::action::plan::{Action, Plan, Target};
use crate::action::run::Run;
use crate::component::icon::{Glyph, Icon};
use crate::list::listing::Progress;
use crate::list::rows::{ManifestRow, TagRow};
use crate::list::selection::Selection;
use crate::navigation::{Navigation, use_navigation};
use crate::palette::add_entry;
use crate::preferences::{Preferences, use_preferences};
use crate::repository_data::RepositoryData;
use crate::route::Route;
use crate::session::use_session;
use crate::surface::event::Event;
use crate::surface::use_surface;
use crate::text::action as text;
use crate::text::compare as compare_text;
use crate::text::list as list_text;
use crate::toasts::{Toasts, use_toasts};

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Tags,
    Manifests,
}

/// The bar; nothing while nothing is selected.
#[component]
pub(crate) fn BulkBar(
    subject: Subject,
    selection: Selection,
    /// The names of all rows that "select all" takes, and how many these are.
    matching: Callback<(), Vec<String>>,
    free: Signal<usize>,
) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let (navigation, toasts, preferences) = (use_navigation(), use_toasts(), use_preferences());
    let plan = RwSignal::new(None::<Plan>);
    let ask = Callback::new(move |action: Action| {
        let targets = targets(data, subject, &selection.names());
        plan.set(Some(Plan { action, repository: data.with_name(Clone::clone), targets }));
    });
    let surface = use_surface();
    let kind = if subject == Subject::Tags { "tags" } else { "manifests" };
    Effect::new(move |before: Option<bool>| {
        let none = selection.len() == 0;
        if !none {
            // Whether the repository is locked bears on what can be done with them.
            data.want_attributes();
        }
        // Reported on every change, but not initially, when nothing is selected.
        if before.is_some_and(|none_before| !(none && none_before)) {
            let repository = data.with_name(|name| name.as_str().to_owned());
            surface.emit(&Event::select(kind, &repository, selection.names()));
        }
        none
    });
    let ended = Callback::new(move |run: Run| {
        run.items.with_untracked(|items| {
            for (target, outcome) in items {
                if outcome.is_good() {
                    selection.forget(target.reference.as_str());
                }
            }
        });
        let changed = untrack(|| run.tally()).0 > 0;
        if changed && !leave_if_empty(data, run, navigation, toasts, preferences) {
            data.refresh();
        }
    });
    view! {
        <Show when=move || selection.len() != 0>
            <div class="bulk-bar" part="actions" role="group" aria-label=text::BULK>
                <strong>{move || list_text::selected(selection.len())}</strong>
                {selection_buttons(selection, matching, free)}
                {compare_button(data, subject, selection)}
                <span class="bulk-actions"><ActionButtons repository=data.with_name(|name| name.as_str().to_owned()) with_untag=subject == Subject::Tags ask/></span>
            </div>
        </Show>
        <ActionDialog plan on_end=ended/>
    }
}

/// The button that compares the two selected rows; nothing where there are not two.
fn compare_button(data: RepositoryData, subject: Subject, selection: Selection) -> AnyView {
    let (navigation, registry) = (use_navigation(), use_session().registry().to_owned());
    let joint = if subject == Subject::Tags { ':' } else { '@' };
    let compare = move || {
        let repository = data.with_name(|name| name.as_str().to_owned());
        let names = selection.names().into_iter().map(|name| format!("{repository}{joint}{name}"));
        if let [left, right] = names.collect::<Vec<_>>().as_slice() {
            navigation.go(Route::compare(&registry, left, right));
        }
    };
    let compare = StoredValue::new(compare);
    view! {
        <Show when=move || selection.len() == 2>
            <button type="button" class="button" on:click=move |_| compare.with_value(|compare| compare())>
                {compare_text::COMPARE}
            </button>
        </Show>
    }
    .into_any()
}

/// The buttons that select all rows and none.
fn selection_buttons(
    selection: Selection,
    matching: Callback<(), Vec<String>>,
    free: Signal<usize>,
) -> AnyView {
    let (all, none) = (move || selection.add_all(matching.run(())), move || selection.clear());
    let all_name = move || list_text::select_all(free.get());
    add_entry(Signal::derive(all_name), Signal::stored(true), all);
    add_entry(list_text::CLEAR_SELECTION.to_owned(), Signal::stored(true), none);
    view! {
        <button type="button" class="button" on:click=move |_| all()>{all_name}</button>
        <button type="button" class="button" on:click=move |_| none()>{list_text::CLEAR_SELECTION}</button>
    }
    .into_any()
}

/// The registry deletes a repository with its last manifest. Where that has just happened, the screen is left.
fn leave_if_empty(
    data: RepositoryData,
    run: Run,
    navigation: Navigation,
    toasts: Toasts,
    preferences: Preferences,
) -> bool {
    let (manifests, _) = data.manifests();
    let gone: Vec<String> = run.deleted().iter().map(ToString::to_string).collect();
    let complete = manifests.progress.with_untracked(|progress| *progress == Progress::Complete);
    let all = manifests
        .rows
        .with_untracked(|rows| rows.iter().all(|row| gone.iter().any(|one| **one == *row.digest)));
    if gone.is_empty() || !complete || !all {
        return false;
    }
    let (session, name) = (data.session(), data.with_name(|name| name.as_str().to_owned()));
    forget(&session, preferences, &name);
    toasts.say(text::gone_with_last(&name));
    navigation.go(Route::repositories(session.registry()));
    true
}

/// The buttons of the four actions.
#[component]
pub(crate) fn ActionButtons(repository: String, with_untag: bool, ask: Callback<Action>) -> impl IntoView {
    let session = use_session();
    let button = move |action: Action, icon: Icon| {
        let forbidden = session.forbids(&repository, action);
        add_entry(action.name().to_owned(), Signal::stored(forbidden.is_none()), move || ask.run(action));
        let class = if action.removes() { "button button-danger" } else { "button" };
        view! {
            <button
                type="button"
                class=class
                disabled=forbidden.is_some()
                title=forbidden
                on:click=move |_| ask.run(action)
            >
                <Glyph icon/>
                {action.name()}
            </button>
        }
    };
    view! {
        {button(Action::Lock, Icon::Lock)}
        {button(Action::Unlock, Icon::Unlock)}
        {with_untag.then(|| button(Action::Untag, Icon::Tag))}
        {button(Action::Delete, Icon::Trash)}
    }
}

/// The rows of these names, with what the lists know of them.
fn targets(data: RepositoryData, subject: Subject, names: &[String]) -> Vec<Target> {
    let (manifests, index) = data.manifests();
    let of_manifest = |digest: &str| index.with_untracked(digest, |row| row.switches);
    match subject {
        Subject::Tags => data.tags().rows.with_untracked(|rows| {
            let chosen =
                rows.iter().filter(|row| names.binary_search_by(|name| (**name).cmp(&row.name)).is_ok());
            let target = |row: &TagRow| {
                let mut switches = vec![row.switches];
                switches.extend(of_manifest(&row.digest));
                let reference = acr_client_wasm::Reference::Tag(row.name.parse().ok()?);
                Some(Target { reference, digest: row.digest.parse().ok(), switches })
            };
            chosen.filter_map(target).collect()
        }),
        Subject::Manifests => manifests.rows.with_untracked(|rows| {
            let chosen =
                rows.iter().filter(|row| names.binary_search_by(|name| (**name).cmp(&row.digest)).is_ok());
            let target = |row: &ManifestRow| {
                let digest: acr_client_wasm::Digest = row.digest.parse().ok()?;
                let reference = acr_client_wasm::Reference::Digest(digest.clone());
                Some(Target { reference, digest: Some(digest), switches: vec![row.switches] })
            };
            chosen.filter_map(target).collect()
        }),
    }
}
