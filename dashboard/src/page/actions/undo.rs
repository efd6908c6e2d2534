//! Undoing an untag: the offer after a run, and the list of tags that were removed in this session.

use acr_client_wasm::RegistryClient;
use leptos::prelude::*;

use crate::action::undo::{Restored, Untagged, restore};
use crate::component::icon::{Glyph, Icon};
use crate::failure::Failure;
use crate::session::{Session, Sessions, use_sessions};
use crate::surface::event::Change;
use crate::surface::{Surface, stopped, use_surface};
use crate::text::action as text;
use crate::toasts::{Toasts, use_toasts};

/// How many removed tags are listed, the newest first.
const LISTED: usize = 20;

/// Restores tags and reports how it went. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Undoer {
    toasts: Toasts,
    sessions: Sessions,
    surface: Surface,
}

impl Undoer {
    /// From the context.
    pub(crate) fn here() -> Self {
        Self { toasts: use_toasts(), sessions: use_sessions(), surface: use_surface() }
    }

    /// Restores these tags, one after the other.
    fn undo(self, session: &Session, all: Vec<Untagged>) {
        let (client, untagged, changed) = (session.client.clone(), session.untagged, session.changed);
        self.sessions.run(async move {
            for one in all {
                if self.undo_one(&client, &one).await {
                    untagged.update(|all| all.retain(|other| *other != one));
                }
            }
            changed.update(|changed| *changed = changed.wrapping_add(1));
        });
    }

    async fn undo_one(self, client: &RegistryClient, one: &Untagged) -> bool {
        let tag = one.tag.as_str();
        let change = Change::new("restore-tag", one.repository.as_str(), vec![tag.to_owned()]);
        if !self.surface.emit(&change.before()) {
            self.toasts.fail(&stopped(text::undo_failed(tag)));
            return false;
        }
        let failure = match restore(client, one).await {
            Ok(Restored::Done) => None,
            Ok(Restored::Taken) => {
                Some(Failure::local(text::undo_failed(tag), text::TAG_TAKEN, text::TAG_TAKEN_REMEDY))
            }
            Err(error) => Some(Failure::of(text::undo_failed(tag), &error)),
        };
        self.surface.emit(&change.after_one(failure.as_ref()));
        match &failure {
            None => self.toasts.say(text::undone(tag)),
            Some(failure) => self.toasts.fail(failure),
        }
        failure.is_none()
    }

    /// Offers to restore what has just been untagged.
    pub(crate) fn offer(self, session: Session, all: Vec<Untagged>) {
        if let Some(first) = all.first() {
            let said = text::untagged(&format!("{}:{}", first.repository, first.tag), all.len());
            self.toasts.offer(said, text::UNDO, Callback::new(move |()| self.undo(&session, all.clone())));
        }
    }
}

/// The tags removed in this session, each with a button that restores it; nothing where there are none.
#[component]
pub(crate) fn UntaggedList(session: Session) -> impl IntoView {
    let untagged = session.untagged;
    let undoer = Undoer::here();
    let session = StoredValue::new(session);
    let item = move |one: Untagged| {
        let label = format!("{}:{}", one.repository, one.tag);
        let name = text::undo(&label);
        let digest = one.digest.to_string();
        let press = move |_| session.with_value(|session| undoer.undo(session, vec![one.clone()]));
        view! {
            <li class="untagged">
                <code class="ellipsis" title=digest>{label}</code>
                <button type="button" class="button button-small" aria-label=name on:click=press>
                    <Glyph icon=Icon::Undo/>
                    {text::UNDO}
                </button>
            </li>
        }
    };
    view! {
        <Show when=move || untagged.with(|all| !all.is_empty())>
            <p class="menu-title">{text::UNTAGGED_HERE}</p>
            <ul>
                {move || untagged.get().into_iter().rev().take(LISTED).map(item).collect_view()}
                {move || {
                    let more = untagged.with(Vec::len).saturating_sub(LISTED);
                    (more > 0).then(|| view! { <li class="muted">{text::and_more(more)}</li> })
                }}
            </ul>
        </Show>
    }
}
