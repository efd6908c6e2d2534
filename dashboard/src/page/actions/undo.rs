//! Taking an untag back, while the manifest is still there: the manifest is pushed again under the tag.

use acr_client_wasm::{Digest, ErrorKind, MediaType, Reference, RegistryClient, RepositoryName, TagName};
use leptos::prelude::*;

use crate::component::icon::{Glyph, Icon};
use crate::component::toast::{Toasts, use_toasts};
use crate::failure::Failure;
use crate::session::{Session, Sessions, use_sessions};
use crate::surface::event::Change;
use crate::surface::{Surface, stopped, use_surface};
use crate::text::action as text;

/// A tag that was removed in this session, and what it pointed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Untagged {
    pub(crate) repository: RepositoryName,
    pub(crate) tag: TagName,
    pub(crate) digest: Digest,
}

/// What came of taking an untag back.
enum Back {
    Done,
    /// Somebody has put the tag on something else meanwhile, which stays so.
    Taken,
}

async fn put_back(client: &RegistryClient, untagged: &Untagged) -> Result<Back, acr_client_wasm::Error> {
    match client.tags().attributes(&untagged.repository, &untagged.tag).await {
        Ok(now) if now.tag.digest == untagged.digest.as_str() => return Ok(Back::Done),
        Ok(_) => return Ok(Back::Taken),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let reference = Reference::Digest(untagged.digest.clone());
    let content =
        client.manifests().content(&untagged.repository, &reference, MediaType::ACCEPT_MANIFESTS).await?;
    let tag = Reference::Tag(untagged.tag.clone());
    client.manifests().create(&untagged.repository, &tag, &content.media_type, content.bytes).await?;
    Ok(Back::Done)
}

/// What taking untags back needs of where it is asked for. Cheap to copy.
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

    /// Takes these untags back, one after the other, and says how it went.
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
        if !self.surface.tell(&change.before()) {
            self.toasts.fail(&stopped(text::undo_failed(tag)));
            return false;
        }
        let failure = match put_back(client, one).await {
            Ok(Back::Done) => None,
            Ok(Back::Taken) => {
                Some(Failure::local(text::undo_failed(tag), text::TAG_TAKEN, text::TAG_TAKEN_REMEDY))
            }
            Err(error) => Some(Failure::of(text::undo_failed(tag), &error)),
        };
        self.surface.tell(&change.after_one(failure.as_ref()));
        match &failure {
            None => self.toasts.say(text::undone(tag)),
            Some(failure) => self.toasts.fail(failure),
        }
        failure.is_none()
    }

    /// Offers to take back what has just been untagged.
    pub(crate) fn offer(self, session: Session, all: Vec<Untagged>) {
        if let Some(first) = all.first() {
            let said = text::untagged(&format!("{}:{}", first.repository, first.tag), all.len());
            self.toasts.offer(said, text::UNDO, Callback::new(move |()| self.undo(&session, all.clone())));
        }
    }
}

/// The tags removed in this session, each with a button that puts it back; nothing where there are none.
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
                {move || untagged.get().into_iter().rev().take(20).map(item).collect_view()}
            </ul>
        </Show>
    }
}
