//! The platforms of an index, and apart from them the attestations about them.

use std::sync::Arc;

use acr_client_wasm::{Descriptor, Digest, Reference};
use leptos::prelude::*;

use super::data::ManifestData;
use crate::artifact::Kind;
use crate::component::digest::DigestText;
use crate::component::empty_state::EmptyState;
use crate::component::icon::{Glyph, Icon};
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
    let children = content.manifest.manifests().to_vec();
    if children.is_empty() {
        let (title, hint) = no_platforms(data.kind());
        return view! { <EmptyState title hint/> }.into_any();
    }
    let siblings = data.siblings();
    let (attestations, platforms): (Vec<_>, Vec<_>) =
        children.iter().cloned().partition(|child| Kind::attested(child).is_some());
    let named = move |digest: &str| children.iter().find(|child| child.digest == digest).map(platform_name);
    let platforms = platforms.into_iter().map(|child| (platform_name(&child), child));
    let attestations = attestations.into_iter().map(|child| {
        let about = Kind::attested(&child).map(str::to_owned).unwrap_or_default();
        let name = text::attestation_for(&named(&about).unwrap_or_else(|| format::short_digest(&about)));
        (name, child)
    });
    let table = move |name: &'static str, children: Vec<(String, Descriptor)>| {
        let heads = vec![
            (text::PLATFORM, "c-name"),
            (text::DIGEST, "c-digest c-wide"),
            (text::SIZE_SHORT, "c-number"),
            (text::MEDIA_TYPE, "c-media c-wide"),
        ];
        let (count, children) = (children.len(), StoredValue::new(children));
        let row = Callback::new(move |at: usize| {
            let child = children.with_value(|children| children.get(at).cloned());
            child.map(|(name, child)| view! { <Row name child siblings/> }).into_any()
        });
        view! { <PlainTable name heads count row/> }
    };
    let attestations: Vec<_> = attestations.collect();
    view! {
        {table(text::PLATFORMS, platforms.collect())}
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

/// Why there are none to list: the title and the hint.
fn no_platforms(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Image => (text::ONE_PLATFORM, text::ONE_PLATFORM_HINT),
        Kind::Index => (text::NO_PLATFORMS, text::EMPTY_INDEX_HINT),
        _ => (text::NO_PLATFORMS, text::NO_PLATFORMS_HINT),
    }
}

/// The platform of an index's entry; what it is where it has none.
fn platform_name(child: &Descriptor) -> String {
    let platform = child
        .platform
        .as_ref()
        .filter(|platform| !crate::artifact::is_unknown_platform(&platform.os, &platform.architecture));
    match platform {
        Some(platform) => format::platform(
            &platform.os,
            &platform.architecture,
            platform.variant.as_deref(),
            platform.os_version.as_deref(),
        ),
        None => {
            let kind = child.artifact_type.as_deref().and_then(Kind::of_type).unwrap_or(Kind::Artifact);
            kind.name().to_owned()
        }
    }
}

#[component]
fn Row(name: String, child: Descriptor, siblings: Query<Arc<[ManifestRow]>>) -> impl IntoView {
    let data: ManifestData = expect_context();
    let navigation = use_navigation();
    let parsed: Option<Digest> = child.digest.parse().ok();
    let href = parsed.map(|digest| {
        navigation.href(&Route::manifest(
            data.session().registry(),
            &data.repository(),
            Reference::Digest(digest),
        ))
    });
    let digest = child.digest.clone();
    let size = move || match siblings.get() {
        Load::Ready(rows) => {
            let size = rows.iter().find(|row| *row.digest == *digest).and_then(|row| row.size);
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
                    <Glyph icon=Icon::Manifest/>
                    <span class="ellipsis">{name}</span>
                </a>
            </th>
            <td class="c-digest c-wide"><DigestText digest=child.digest/></td>
            <td class="c-number">{size}</td>
            <td class="c-media c-wide" title=child.media_type.to_string()>{child.media_type.to_string()}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_image_is_said_to_have_one_platform() {
        assert_eq!(no_platforms(Kind::Image).0, text::ONE_PLATFORM);
        for kind in [Kind::Index, Kind::HelmChart, Kind::Signature, Kind::Wasm, Kind::Artifact] {
            assert_eq!(no_platforms(kind).0, text::NO_PLATFORMS, "{kind:?}");
        }
    }
}
