//! Taking an untag back, while the manifest is still there: the manifest is pushed again under the tag.

use acr_client_wasm::{Digest, Reference, RegistryClient, RepositoryName, TagName};
use leptos::prelude::*;

use crate::component::icon::{Glyph, Icon};
use crate::component::toast::use_toasts;
use crate::failure::Failure;
use crate::session::{Session, use_sessions};
use crate::surface::event::Change;
use crate::surface::{stopped, use_surface};
use crate::text::action as text;

/// A tag that was removed in this session, and what it pointed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Untagged {
    pub(crate) repository: RepositoryName,
    pub(crate) tag: TagName,
    pub(crate) digest: Digest,
}

async fn put_back(client: &RegistryClient, untagged: &Untagged) -> Result<(), acr_client_wasm::Error> {
    let reference = Reference::Digest(untagged.digest.clone());
    let content = client.manifests().get(&untagged.repository, &reference).await?;
    let tag = Reference::Tag(untagged.tag.clone());
    client.manifests().create(&untagged.repository, &tag, &content.media_type, content.bytes).await.map(drop)
}

/// The tags removed in this session, each with a button that puts it back; nothing where there are none.
#[component]
pub(crate) fn UntaggedList(session: Session) -> impl IntoView {
    let (toasts, sessions, surface) = (use_toasts(), use_sessions(), use_surface());
    let untagged = session.untagged;
    let client = StoredValue::new(session.client.clone());
    let undo = move |one: Untagged| {
        let client = client.get_value();
        let change = Change::new("restore-tag", one.repository.as_str(), vec![one.tag.as_str().to_owned()]);
        if !surface.tell(&change.before()) {
            toasts.fail(&stopped(text::undo_failed(one.tag.as_str())));
            return;
        }
        sessions.run(async move {
            match put_back(&client, &one).await {
                Ok(()) => {
                    surface.tell(&change.after_one(None));
                    untagged.update(|all| all.retain(|other| *other != one));
                    toasts.say(text::undone(one.tag.as_str()));
                }
                Err(error) => {
                    let failure = Failure::of(text::undo_failed(one.tag.as_str()), &error);
                    surface.tell(&change.after_one(Some(&failure)));
                    toasts.fail(&failure);
                }
            }
        });
    };
    let item = move |one: Untagged| {
        let label = format!("{}:{}", one.repository, one.tag);
        let name = text::undo(&label);
        view! {
            <li class="untagged">
                <code class="ellipsis" title=one.digest.to_string()>{label}</code>
                <button type="button" class="button button-small" aria-label=name on:click=move |_| undo(one.clone())>
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
