//! The platforms of an index, and apart from them the attestations about them.

use std::sync::Arc;

use acr_artifact::platform::{self, Entry};
use acr_artifact::relation::is_manifest;
use acr_artifact::{Description, Kind};
use acr_client_wasm::{Digest, Reference};
use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::digest::DigestText;
use crate::component::empty_state::EmptyState;
use crate::component::icon::Glyph;
use crate::component::kind_icon::kind_icon;
use crate::component::plain_table::PlainTable;
use crate::format;
use crate::list::rows::ManifestRow;
use crate::navigation::use_navigation;
use crate::query::{Load, Query};
use crate::route::Route;
use crate::text::manifest as text;

/// The tab.
#[component]
pub(crate) fn Platforms() -> impl IntoView {
    let data: ManifestData = expect_context();
    let Some(content) = untrack(|| data.content.ready()) else { return ().into_any() };
    let entries = platform::entries(&content.manifest).into_iter();
    // The index of a build cache lists blobs, which are its layers.
    let parts: Vec<_> = entries.filter(|entry| is_manifest(entry.descriptor)).map(Part::from).collect();
    if parts.is_empty() {
        let (title, hint) = no_platforms(&data.description());
        return view! { <EmptyState title hint/> }.into_any();
    }
    let siblings = data.siblings();
    let (attestations, platforms): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.is_evidence);
    let table = move |name: &'static str, parts: Vec<Part>| {
        let heads = vec![
            (text::PLATFORM, "c-name"),
            (text::DIGEST, "c-digest c-wide"),
            (text::SIZE_SHORT, "c-number"),
            (text::MEDIA_TYPE, "c-media c-wide"),
        ];
        let (count, parts) = (parts.len(), StoredValue::new(parts));
        let row = Callback::new(move |at: usize| {
            let part = parts.with_value(|parts| parts.get(at).cloned());
            part.map(|part| view! { <Row part siblings/> }).into_any()
        });
        view! { <PlainTable name heads count row/> }
    };
    view! {
        {(!platforms.is_empty()).then(|| table(text::PLATFORMS, platforms))}
        {(!attestations.is_empty())
            .then(|| {
                view! {
                    <h2 class="part-title">{text::ATTESTATIONS}</h2>
                    {table(text::ATTESTATIONS, attestations)}
                }
            })}
    }
    .into_any()
}

/// An entry of the index.
#[derive(Clone)]
struct Part {
    name: String,
    kind: Kind,
    is_evidence: bool,
    digest: String,
    media_type: String,
}

impl From<Entry<'_>> for Part {
    fn from(entry: Entry<'_>) -> Self {
        Self {
            name: entry.name,
            kind: entry.description.kind,
            is_evidence: entry.description.kind.is_evidence(),
            digest: entry.descriptor.digest.clone(),
            media_type: entry.descriptor.media_type.to_string(),
        }
    }
}

/// Why there are none to list: the title and the hint.
fn no_platforms(description: &Description) -> (&'static str, &'static str) {
    match description.kind {
        Kind::Image => (text::ONE_PLATFORM, text::ONE_PLATFORM_HINT),
        Kind::Index => (text::NO_PLATFORMS, text::EMPTY_INDEX_HINT),
        Kind::BuildCache => (text::NO_PLATFORMS, text::CACHE_HINT),
        _ => (text::NO_PLATFORMS, text::NO_PLATFORMS_HINT),
    }
}

#[component]
fn Row(part: Part, siblings: Query<Arc<[ManifestRow]>>) -> impl IntoView {
    let data: ManifestData = expect_context();
    let navigation = use_navigation();
    let Part { name, kind, digest, media_type, .. } = part;
    let parsed: Option<Digest> = digest.parse().ok();
    let href = parsed.map(|digest| {
        navigation.href(&Route::manifest(
            data.session().registry(),
            &data.repository(),
            Reference::Digest(digest),
        ))
    });
    let key = digest.clone();
    let size = move || match siblings.get() {
        Load::Ready(rows) => {
            let size = rows.iter().find(|row| *row.digest == *key).and_then(|row| row.size);
            match size {
                Some(size) => {
                    view! { <span title=format::bytes(size)>{format::size(size)}</span> }.into_any()
                }
                None => text::UNKNOWN.into_any(),
            }
        }
        Load::Failed(failure) => view! { <span title=failure.sentence()>{text::UNKNOWN}</span> }.into_any(),
        Load::Loading => view! { <span class="pending" aria-hidden="true"></span> }.into_any(),
    };
    view! {
        <tr class="row">
            <th scope="row" class="c-name">
                <a class="row-link" href=href>
                    <Glyph icon=kind_icon(kind)/>
                    <span class="ellipsis" title=name.clone()>{name.clone()}</span>
                </a>
            </th>
            <td class="c-digest c-wide"><DigestText digest/></td>
            <td class="c-number">{size}</td>
            <td class="c-media c-wide" title=media_type.clone()>{media_type.clone()}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::rows::tests::description;

    #[test]
    fn only_an_image_is_reported_to_have_one_platform() {
        assert_eq!(no_platforms(&description("image")).0, text::ONE_PLATFORM);
        for what in ["index", "application/vnd.cncf.helm.config.v1+json", "application/vnd.acme.rocket"] {
            assert_eq!(no_platforms(&description(what)).0, text::NO_PLATFORMS, "{what}");
        }
    }
}
