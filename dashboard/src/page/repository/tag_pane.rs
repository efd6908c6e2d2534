//! The pane of a tag.

use leptos::prelude::*;

use super::pane::{index_platforms, pane, tags};
use crate::artifact::Kind;
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

/// What the list and the manifest under the tag tell of it.
pub(super) fn tag_pane(data: RepositoryData, index: DigestIndex, row: TagRow) -> AnyView {
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
        let platforms = (kind == Kind::Index).then(|| index_platforms(data, for_platforms.clone()));
        Some(view! {
            <Fact name=text::TYPE>{kind.name()}</Fact>
            {(!platform.is_empty()).then(|| view! { <Fact name=text::PLATFORM>{platform.to_string()}</Fact> })}
            {size.map(|size| view! { <Fact name=text::SIZE>{format::size(size)}</Fact> })}
            {(!others.is_empty())
                .then(|| view! { <Fact name=repository_text::SAME_DIGEST>{tags(&others)}</Fact> })}
            {platforms.map(|platforms| view! { <Fact name=text::PLATFORMS>{platforms}</Fact> })}
        })
    };
    let facts = view! {
        <Facts>
            <Fact name=text::DIGEST><DigestText digest/></Fact>
            {of_manifest}
            <Fact name=text::CREATED><Moment moment=row.created/></Fact>
            <Fact name=text::LAST_UPDATED><Moment moment=row.updated/></Fact>
            {lock_chip(row.switches).map(|chip| view! { <Fact name=repository_text::LOCKS>{chip}</Fact> })}
        </Facts>
    };
    pane(row.name.into(), facts.into_any(), pull)
}
