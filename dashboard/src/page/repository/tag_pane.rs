//! The pane beside the list of tags: what is known of the tag moved to, without leaving the list.

use acr_client_wasm::{Descriptor, Reference};
use leptos::prelude::*;

use super::data::{DigestIndex, RepositoryData};
use super::rows::TagRow;
use crate::artifact::Kind;
use crate::component::chip::Chip;
use crate::component::copy_button::CopyButton;
use crate::component::digest::DigestText;
use crate::component::facts::{Fact, Facts};
use crate::component::icon::{Glyph, Icon};
use crate::component::timestamp::Moment;
use crate::failure::Failure;
use crate::format;
use crate::page::repositories::row::lock_chip;
use crate::query::{Load, query};
use crate::text::manifest as text;
use crate::text::repository as repository_text;
use crate::text::shell as shell_text;

/// The pane of a tag.
#[component]
pub(crate) fn TagPane(row: TagRow, index: DigestIndex, on_close: Callback<()>) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let session = data.session();
    let pull = data.with_name(|name| {
        text::pull("docker", session.login_server(), name.as_str(), &format!(":{}", row.name))
    });
    let digest = row.digest.to_string();
    let (key, name) = (digest.clone(), row.name.clone());
    let known = Memo::new(move |_| {
        index.with(&key, |one| {
            let others: Vec<_> = one.tags.iter().filter(|tag| **tag != *name).cloned().collect();
            (one.kind, one.size, one.platform.clone(), others)
        })
    });
    let for_platforms = digest.clone();
    let of_manifest = move || {
        let (kind, size, platform, others) = known.get()?;
        let chips = others.iter().take(24).map(|tag| view! { <Chip text=tag.clone() icon=Icon::Tag/> });
        let chips = chips.collect_view();
        Some(view! {
            <Fact name=text::TYPE>{kind.name()}</Fact>
            {(!platform.is_empty()).then(|| view! { <Fact name=text::PLATFORM>{platform.to_string()}</Fact> })}
            {size.map(|size| view! { <Fact name=text::SIZE>{format::size(size)}</Fact> })}
            {(!others.is_empty())
                .then(|| view! { <Fact name=repository_text::SAME_DIGEST><span class="chips">{chips}</span></Fact> })}
            {(kind == Kind::Index).then(|| view! { <IndexPlatforms digest=for_platforms.clone()/> })}
        })
    };
    view! {
        <aside class="pane" aria-label=row.name.to_string()>
            <div class="pane-head">
                <h2 class="ellipsis">{row.name.to_string()}</h2>
                <button type="button" class="button button-icon" aria-label=shell_text::CLOSE on:click=move |_| on_close.run(())>
                    <Glyph icon=Icon::Close/>
                </button>
            </div>
            <Facts>
                <Fact name=text::DIGEST><DigestText digest/></Fact>
                {of_manifest}
                <Fact name=text::CREATED><Moment moment=row.created/></Fact>
                <Fact name=text::LAST_UPDATED><Moment moment=row.updated/></Fact>
                {lock_chip(row.switches).map(|chip| view! { <Fact name=repository_text::LOCKS>{chip}</Fact> })}
            </Facts>
            <div class="command">
                <code>{pull.clone()}</code>
                <CopyButton value=pull name=text::COPY_PULL/>
            </div>
        </aside>
    }
}

/// The platforms of an index, asked for when its tag is looked at.
#[component]
fn IndexPlatforms(digest: String) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let platforms = query(move || {
        let (client, name, digest) = (data.session().client, data.with_name(Clone::clone), digest.clone());
        async move {
            let what = text::open_failed(&digest);
            let parsed = digest.parse().map_err(|error: acr_client_wasm::NameError| {
                Failure::local(what.clone(), error.to_string(), text::CONFIG_REMEDY)
            })?;
            let answer = client.manifests().get(&name, &Reference::Digest(parsed)).await;
            let content = answer.map_err(|error| Failure::of(what, &error))?;
            Ok(content.manifest.manifests().iter().filter_map(name_of).collect::<Vec<_>>())
        }
    });
    view! {
        <Fact name=text::PLATFORMS>
            {move || match platforms.get() {
                Load::Loading => view! { <span class="pending" aria-hidden="true"></span> }.into_any(),
                Load::Failed(failure) => view! { <span class="muted" title=failure.sentence()>{text::UNKNOWN}</span> }.into_any(),
                Load::Ready(names) => {
                    let chips = names.into_iter().map(|text| view! { <Chip text/> }).collect_view();
                    view! { <span class="chips">{chips}</span> }.into_any()
                }
            }}
        </Fact>
    }
}

fn name_of(child: &Descriptor) -> Option<String> {
    let platform = child.platform.as_ref().filter(|_| Kind::attested(child).is_none())?;
    let (variant, version) = (platform.variant.as_deref(), platform.os_version.as_deref());
    Some(format::platform(&platform.os, &platform.architecture, variant, version))
}
