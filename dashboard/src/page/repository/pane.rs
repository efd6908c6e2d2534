//! The pane next to a list: what is known of the row moved to, without leaving the list.

use acr_artifact::platform;
use acr_artifact::relation::is_manifest;
use acr_client_wasm::Reference;
use leptos::prelude::*;

use crate::component::chip::Chip;
use crate::component::icon::{Glyph, Icon};
use crate::component::tag_chips::tag_chips;
use crate::failure::Failure;
use crate::list::listing::Listing;
use crate::navigation::use_navigation;
use crate::query::{Load, query};
use crate::repository_data::RepositoryData;
use crate::route::ROW;
use crate::text::manifest as text;
use crate::text::shell as shell_text;

/// How many tags a pane names.
const TAGS: usize = 24;

/// The pane of the row that the URL names, once it has come: `name` says what the URL knows a row by.
pub(super) fn pane_of<T: Clone + PartialEq + Send + Sync + 'static>(
    list: Listing<T>,
    name: fn(&T) -> &str,
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let navigation = use_navigation();
    let row = Memo::new(move |_| {
        let named = Some(navigation.param(ROW)).filter(|named| !named.is_empty())?;
        list.rows.with(|rows| rows.iter().find(|row| name(row) == named).cloned())
    });
    (move || row.get().map(&draw)).into_any()
}

/// The frame: the name, what closes it, the facts, and how to pull it.
pub(super) fn pane(name: String, facts: AnyView, command: AnyView) -> AnyView {
    let navigation = use_navigation();
    let label = name.clone();
    view! {
        <aside class="pane" aria-label=label>
            <div class="pane-head">
                <h2 class="ellipsis">{name}</h2>
                <button
                    type="button"
                    class="button button-icon"
                    aria-label=shell_text::CLOSE
                    on:click=move |_| navigation.set_param(ROW, "")
                >
                    <Glyph icon=Icon::Close/>
                </button>
            </div>
            {facts}
            {command}
        </aside>
    }
    .into_any()
}

/// The tags of a manifest, as far as a pane has room for them.
pub(super) fn tags(tags: &[String]) -> AnyView {
    view! { <span class="chips">{tag_chips(tags, TAGS)}</span> }.into_any()
}

/// The platforms of an index as chips, asked for when it is looked at.
pub(super) fn index_platforms(data: RepositoryData, digest: String) -> AnyView {
    let descriptions = data.session().descriptions;
    let platforms = query(move || {
        let (client, name, digest) = (data.session().client, data.with_name(Clone::clone), digest.clone());
        async move {
            let what = text::open_failed(&digest);
            let parsed = digest.parse().map_err(|error: acr_client_wasm::NameError| {
                Failure::local(what.clone(), error.to_string(), text::CONFIG_REMEDY)
            })?;
            let answer = client.manifests().get(&name, &Reference::Digest(parsed)).await;
            let content = answer.map_err(|error| Failure::of(what, &error))?;
            descriptions.add(&content);
            let entries = platform::entries(&content.manifest);
            let only_evidence = platform::count(&entries).platforms == 0;
            let shown = entries.into_iter().filter(|entry| {
                (only_evidence || !entry.description.kind.is_evidence()) && is_manifest(entry.descriptor)
            });
            Ok(shown.map(|entry| entry.name).collect::<Vec<_>>())
        }
    });
    (move || match platforms.get() {
        Load::Loading => view! { <span class="pending" aria-hidden="true"></span> }.into_any(),
        Load::Failed(failure) => {
            view! { <span class="muted" title=failure.sentence()>{text::UNKNOWN}</span> }.into_any()
        }
        Load::Ready(names) => {
            let chips = names.into_iter().map(|text| view! { <Chip text/> }).collect_view();
            view! { <span class="chips">{chips}</span> }.into_any()
        }
    })
    .into_any()
}
