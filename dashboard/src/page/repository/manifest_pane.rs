//! The pane of a manifest.

use acr_client_wasm::Reference;
use leptos::prelude::*;

use super::described::Described;
use super::manifest_row::quarantine_chip;
use super::pane::{index_platforms, pane, tags};
use crate::component::digest::DigestText;
use crate::component::facts::{Fact, Facts};
use crate::component::lock_chip::lock_chip;
use crate::component::timestamp::Moment;
use crate::format;
use crate::list::rows::ManifestRow;
use crate::repository_data::RepositoryData;
use crate::text::attributes as attribute_text;
use crate::text::manifest as text;
use crate::text::repository as repository_text;

/// What the list has of it, and of an index its platforms.
pub(super) fn manifest_pane(data: RepositoryData, row: ManifestRow) -> AnyView {
    let digest = row.digest.to_string();
    let described = Described::of_row(data, &row);
    let platforms = row.description.is_index.then(|| index_platforms(data, digest.clone()));
    let reference = digest.parse().ok().map(Reference::Digest);
    let tags = tags(&row.tags);
    let (name, platform, quarantine) =
        (format::short_digest(&digest), row.platform.to_string(), quarantine_chip(&row));
    let facts = view! {
        <Facts>
            <Fact name=text::DIGEST><DigestText digest/></Fact>
            {described.kind_fact()}
            {(!platform.is_empty()).then(|| view! { <Fact name=text::PLATFORM>{platform}</Fact> })}
            {row.size.map(|size| view! { <Fact name=text::SIZE><span title=format::bytes(size)>{format::size(size)}</span></Fact> })}
            <Fact name=text::TAGS>{tags}</Fact>
            {platforms.map(|platforms| view! { <Fact name=text::PLATFORMS>{platforms}</Fact> })}
            <Fact name=text::CREATED><Moment moment=row.created/></Fact>
            <Fact name=text::LAST_UPDATED><Moment moment=row.updated/></Fact>
            {lock_chip(row.switches).map(|chip| view! { <Fact name=repository_text::LOCKS>{chip}</Fact> })}
            {quarantine.map(|chip| view! { <Fact name=attribute_text::QUARANTINE>{chip}</Fact> })}
        </Facts>
    };
    pane(name, facts.into_any(), described.command(reference))
}
