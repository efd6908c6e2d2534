//! The pane of a tag.

use acr_client_wasm::Reference;
use leptos::prelude::*;

use super::described::Described;
use super::pane::{index_platforms, pane, tags};
use crate::component::digest::DigestText;
use crate::component::facts::{Fact, Facts};
use crate::component::lock_chip::lock_chip;
use crate::component::timestamp::Moment;
use crate::format;
use crate::list::digest_index::DigestIndex;
use crate::list::rows::TagRow;
use crate::repository_data::RepositoryData;
use crate::text::manifest as text;
use crate::text::repository as repository_text;

/// What the list and the tag's manifest have of it.
pub(super) fn tag_pane(data: RepositoryData, index: DigestIndex, row: TagRow) -> AnyView {
    let digest = row.digest.to_string();
    let (key, name) = (digest.clone(), row.name.clone());
    let known = Memo::new(move |_| {
        index.with(&key, |one| {
            let others: Vec<_> = one.tags.iter().filter(|tag| **tag != *name).cloned().collect();
            (one.size, one.platform.clone(), others)
        })
    });
    let key = digest.clone();
    let described = Described::follow(data, &digest, move || {
        index.with(&key, |one| (one.description.clone(), one.needs_document()))
    });
    let for_platforms = digest.clone();
    let is_index = described.is_index();
    let of_manifest = move || {
        let (size, platform, others) = known.get()?;
        Some(view! {
            {(!platform.is_empty()).then(|| view! { <Fact name=text::PLATFORM>{platform.to_string()}</Fact> })}
            {size.map(|size| view! { <Fact name=text::SIZE>{format::size(size)}</Fact> })}
            {(!others.is_empty())
                .then(|| view! { <Fact name=repository_text::SAME_DIGEST>{tags(&others)}</Fact> })}
        })
    };
    let facts = view! {
        <Facts>
            <Fact name=text::DIGEST><DigestText digest/></Fact>
            {described.kind_fact()}
            {of_manifest}
            {move || {
                let for_platforms = for_platforms.clone();
                is_index
                    .get()
                    .then(|| view! { <Fact name=text::PLATFORMS>{index_platforms(data, for_platforms)}</Fact> })
            }}
            <Fact name=text::CREATED><Moment moment=row.created/></Fact>
            <Fact name=text::LAST_UPDATED><Moment moment=row.updated/></Fact>
            {lock_chip(row.switches).map(|chip| view! { <Fact name=repository_text::LOCKS>{chip}</Fact> })}
        </Facts>
    };
    let reference = row.name.parse().ok().map(Reference::Tag);
    pane(row.name.into(), facts.into_any(), described.command(reference))
}
