//! Deleting a repository, after its name has been typed.

use acr_client_wasm::{ErrorKind, RepositoryName};
use leptos::prelude::*;

use super::dialog::Typed;
use crate::action::plan::Action;
use crate::component::copy_button::CopyButton;
use crate::component::dialog::Dialog;
use crate::component::icon::{Glyph, Icon};
use crate::failure::Failure;
use crate::navigation::use_navigation;
use crate::palette::add_entry;
use crate::preferences::{Preferences, use_preferences};
use crate::repository_data::RepositoryData;
use crate::route::Route;
use crate::session::{Session, use_session, use_sessions};
use crate::surface::event::Change;
use crate::surface::{stopped, use_surface};
use crate::text::action as text;
use crate::text::manifest as manifest_text;
use crate::text::repository as repository_text;
use crate::text::shell as shell_text;
use crate::toasts::use_toasts;

/// The button and its dialog.
#[component]
pub(crate) fn DeleteRepository(repository: RepositoryName) -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let data: RepositoryData = expect_context();
    let name = repository.as_str().to_owned();
    // Known once the first answer has come, and with it the token that says it.
    let forbidden = Memo::new(move |_| {
        data.is_there();
        session.forbids(&name, Action::Delete)
    });
    let allowed = Signal::derive(move || forbidden.with(Option::is_none));
    add_entry(text::DELETE_REPOSITORY.to_owned(), allowed, move || open.set(true));
    view! {
        <button
            type="button"
            class="button button-danger"
            disabled=move || forbidden.with(Option::is_some)
            title=move || forbidden.get()
            on:click=move |_| open.set(true)
        >
            <Glyph icon=Icon::Trash/>
            {text::DELETE_REPOSITORY}
        </button>
        <Dialog name=text::title(text::DELETE_REPOSITORY, repository.as_str()) open on_close=Callback::new(move |()| open.set(false))>
            <Body repository=repository.clone() open/>
        </Dialog>
    }
}

#[component]
fn Body(repository: RepositoryName, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let data: RepositoryData = expect_context();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let totals = untrack(|| data.totals());
    let counts = totals.tags.zip(totals.manifests);
    let counts = counts.map(|(tags, manifests)| repository_text::counts(tags, manifests));
    let line = acr_artifact::command::delete_repository(session.login_server(), repository.as_str());
    let wanted = repository.as_str().to_owned();
    let needed = wanted.clone();
    let right = Memo::new(move |_| typed.with(|typed| typed.trim() == needed));
    let delete = deletion(repository, open, busy, failure);
    let go = move |_| {
        if !right.get_untracked() || busy.get_untracked() {
            return;
        }
        delete();
    };
    view! {
        <p>{text::DELETE_REPOSITORY_EFFECT}</p>
        {counts.map(|counts| view! { <p><strong>{counts}</strong></p> })}
        {line
            .map(|line| {
                view! {
                    <div class="command">
                        <code>{line.clone()}</code>
                        <CopyButton value=line name=manifest_text::COPY_COMMAND/>
                    </div>
                }
            })}
        <Typed wanted typed/>
        <p class="field-error" role="alert">{move || failure.get().map(|failure| failure.sentence())}</p>
        <div class="dialog-actions">
            <button type="button" class="button" on:click=move |_| open.set(false)>{shell_text::CANCEL}</button>
            <button
                type="button"
                class="button button-primary button-grave"
                aria-disabled=move || if right.get() { "false" } else { "true" }
                aria-busy=move || if busy.get() { "true" } else { "false" }
                on:click=go
            >
                {text::DELETE_REPOSITORY}
            </button>
        </div>
    }
}

/// Deletes the repository. The request outlives the dialog, and its outcome is reported to the embedding page in any case.
fn deletion(
    repository: RepositoryName,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let (session, navigation, toasts) = (use_session(), use_navigation(), use_toasts());
    let (sessions, surface, preferences) = (use_sessions(), use_surface(), use_preferences());
    move || {
        let (session, repository) = (session.clone(), repository.clone());
        let change = Change::new("delete-repository", repository.as_str(), Vec::new());
        if !surface.emit(&change.before()) {
            failure.set(Some(stopped(text::failed(text::DELETE_REPOSITORY, repository.as_str()))));
            return;
        }
        busy.set(true);
        sessions.run(async move {
            let answer = session.client.repositories().delete(&repository).await;
            let _ = busy.try_set(false);
            match answer {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    let what = text::failed(text::DELETE_REPOSITORY, repository.as_str());
                    let why = Failure::of(what, &error);
                    surface.emit(&change.after_one(Some(&why)));
                    let _ = failure.try_set(Some(why));
                }
                // What is gone already is as good as deleted.
                _ => {
                    surface.emit(&change.after_one(None));
                    let _ = open.try_set(false);
                    forget(&session, preferences, repository.as_str());
                    toasts.say(text::repository_deleted(repository.as_str()));
                    navigation.go(Route::repositories(session.registry()));
                }
            }
        });
    }
}

/// Takes a repository that is gone out of what the session and this device know.
pub(crate) fn forget(session: &Session, preferences: Preferences, name: &str) {
    preferences.forget(session.registry(), name, true);
    session.catalog().rows.update(|rows| rows.retain(|other| other != name));
    session.seen.update(|seen| drop(seen.remove(name)));
}
