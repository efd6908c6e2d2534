//! What refers to a manifest: signatures, SBOMs and attestations as a tree, by the referrers API and by cosign's tags.

use std::sync::Arc;

use acr_artifact::{Description, Traits, cosign_tag};
use acr_client_wasm::{
    Descriptor, Digest, Reference, RegistryClient, RepositoryName, TagAttributesBase, TagListOptions,
};
use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::chip::{Chip, Tone};
use crate::component::digest::DigestText;
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::growing::Growing;
use crate::component::icon::{Glyph, Icon};
use crate::component::kind_icon::kind_icon;
use crate::component::plain_table::rows_of;
use crate::component::skeleton::Skeleton;
use crate::failure::{Failure, FailureKind};
use crate::format;
use crate::navigation::use_navigation;
use crate::query::{Load, query};
use crate::route::Route;
use crate::text::manifest as text;

/// At most this many pages of referrers are read for one manifest.
const PAGES: usize = 20;
/// How many are shown at once.
const ITEMS: usize = 100;

/// One referrer.
#[derive(Clone, Debug)]
struct Referrer {
    digest: String,
    /// What it is as far as it was listed.
    description: Arc<Description>,
    /// Its artifact type, or the tag by which cosign attached it.
    named: String,
    /// In bytes; 0 where it was not listed.
    size: u64,
    by_cosign: bool,
}

impl From<Descriptor> for Referrer {
    fn from(descriptor: Descriptor) -> Self {
        let description = Description::of_descriptor(&descriptor);
        Self {
            digest: descriptor.digest,
            named: description.artifact_type.clone().unwrap_or_default(),
            size: descriptor.size.unwrap_or_default(),
            by_cosign: false,
            description: Arc::new(description),
        }
    }
}

impl Referrer {
    /// What a tag of cosign's scheme is on; `None` for any other tag, and for one that is about another manifest.
    fn by_tag(tag: TagAttributesBase, subject: &Digest) -> Option<Self> {
        cosign_tag(&tag.name).filter(|found| found.subject == subject.as_str())?;
        let traits = Traits { tags: std::slice::from_ref(&tag.name), ..Traits::default() };
        let description = Arc::new(Description::new(&traits));
        Some(Self { digest: tag.digest, description, named: tag.name, size: 0, by_cosign: true })
    }

    /// Whether its document has to be read: a tag names no format and no predicate, some artifact types do not either, and the registry
    /// lists an image's config type where a manifest states no artifact type.
    fn needs_document(&self) -> bool {
        self.by_cosign || self.description.is_provisional || self.description.lacks_detail()
    }
}

/// The tab.
#[component]
pub(crate) fn Referrers() -> impl IntoView {
    let data: ManifestData = expect_context();
    untrack(|| data.digest()).map(|digest| view! { <Branch digest=digest.to_string() root=true/> })
}

/// What refers to one manifest; each of them can be opened in turn.
#[component]
fn Branch(digest: String, #[prop(optional)] root: bool) -> impl IntoView {
    let data: ManifestData = expect_context();
    let digest = StoredValue::new(digest);
    let found = query(move || {
        let (client, name, digest) = (data.session().client, data.repository(), digest.get_value());
        async move { referrers_of(&client, &name, &digest).await }
    });
    move || match found.get() {
        Load::Loading => view! { <Skeleton lines=3/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| found.refresh())/> }.into_any()
        }
        Load::Ready(all) if all.is_empty() && root => {
            view! { <EmptyState title=text::NO_REFERRERS hint=text::NO_REFERRERS_HINT icon=Icon::Signature/> }
                .into_any()
        }
        Load::Ready(all) if all.is_empty() => view! { <p class="hint">{text::NO_REFERRERS}</p> }.into_any(),
        Load::Ready(all) => {
            let items = Growing::new(
                all.len(),
                ITEMS,
                rows_of(all, |_, referrer| view! { <Item referrer/> }.into_any()),
            );
            view! { <ul class="referrers" aria-label=text::REFERRERS_OF>{items.pieces()}</ul> {items.more()} }
                .into_any()
        }
    }
}

#[component]
fn Item(referrer: Referrer) -> impl IntoView {
    let data: ManifestData = expect_context();
    let navigation = use_navigation();
    let open = RwSignal::new(false);
    let parsed: Option<Digest> = referrer.digest.parse().ok();
    let href = parsed.map(|digest| {
        navigation.href(&Route::manifest(
            data.session().registry(),
            &data.repository(),
            Reference::Digest(digest),
        ))
    });
    let digest = referrer.digest.clone();
    let what = described(data, &referrer);
    view! {
        <li class="referrer">
            <div class="referrer-line">
                <button
                    type="button"
                    class="button button-icon folder"
                    aria-label=text::MORE
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Glyph icon=Icon::Chevron/>
                </button>
                {what}
                <DigestText digest=referrer.digest href=href.unwrap_or_default()/>
                <span class="muted ellipsis">{referrer.named}</span>
                {(referrer.size > 0).then(|| view! { <span class="muted">{format::size(referrer.size)}</span> })}
                {referrer.by_cosign.then(|| view! { <span class="muted">{text::BY_COSIGN_TAG}</span> })}
            </div>
            <Show when=move || open.get()>
                // Erased here: a branch holds items, and an item a branch.
                {
                    let digest = digest.clone();
                    view! { <Branch digest/> }.into_any()
                }
            </Show>
        </li>
    }
}

/// What a referrer is: as it was listed, and by its document once that has been read.
fn described(data: ManifestData, referrer: &Referrer) -> AnyView {
    let descriptions = data.session().descriptions;
    if referrer.needs_document() {
        descriptions.look_up(&data.repository(), &referrer.digest);
    }
    let (digest, listed) = (referrer.digest.clone(), referrer.description.clone());
    let description = Memo::new(move |_| descriptions.of(&digest, Some(listed.clone())));
    (move || {
        let description = description.get()?;
        Some(view! { <Chip text=description.title() icon=kind_icon(description.kind) tone=Tone::Accent/> })
    })
    .into_any()
}

async fn referrers_of(
    client: &RegistryClient,
    name: &RepositoryName,
    digest: &str,
) -> Result<Vec<Referrer>, Failure> {
    let what = || text::referrers_failed(&format::short_digest(digest));
    let parsed: Digest = digest.parse().map_err(|error: acr_client_wasm::NameError| {
        Failure::local(what(), error.to_string(), text::CONFIG_REMEDY)
    })?;
    let mut all = Vec::new();
    let mut pager = client.manifests().referrers(name, &parsed, None);
    for _ in 0..PAGES {
        match pager.next_page().await {
            Ok(Some(page)) => all.extend(page.items.into_iter().map(Referrer::from)),
            Ok(None) => break,
            // A registry without the referrers API still has cosign's tags.
            Err(error) if Failure::of("", &error).kind == FailureKind::NotFound => break,
            Err(error) => return Err(Failure::of(what(), &error)),
        }
    }
    for found in cosign_referrers(client, name, &parsed).await? {
        if !all.iter().any(|one| one.digest == found.digest) {
            all.push(found);
        }
    }
    all.sort_by_cached_key(|one| (one.description.kind, one.description.title()));
    Ok(all)
}

/// Cosign's tags sort directly after their common prefix, so one short page shows whether there are any.
async fn cosign_referrers(
    client: &RegistryClient,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<Vec<Referrer>, Failure> {
    let start = digest.referrers_tag();
    let options = TagListOptions { last: Some(start), n: Some(3), ..TagListOptions::default() };
    let page = client.tags().list(name, options).next_page().await;
    let page = page.map_err(|error| Failure::of(text::referrers_failed(&digest.short()), &error))?;
    let tags = page.map(|page| page.items).unwrap_or_default();
    Ok(tags.into_iter().filter_map(|tag| Referrer::by_tag(tag, digest)).collect())
}

#[cfg(test)]
mod tests {
    use acr_artifact::Kind;

    use super::*;

    #[test]
    fn sigstore_bundles_are_named_by_what_they_hold() {
        let title = |annotations: &str| {
            let json = format!(
                r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:1","size":1,
                    "artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json","annotations":{annotations}}}"#
            );
            Referrer::from(serde_json::from_str::<Descriptor>(&json).unwrap()).description.title()
        };
        let predicate = |uri: &str| format!(r#"{{"dev.sigstore.bundle.predicateType":"{uri}"}}"#);
        assert_eq!(title(&predicate("https://slsa.dev/provenance/v1")), "Attestation (SLSA provenance v1)");
        assert_eq!(title(&predicate("https://spdx.dev/Document/v2.3")), "SBOM (SPDX)");
        let signature = title(r#"{"dev.sigstore.bundle.content":"message-signature"}"#);
        assert!(signature.starts_with("Signature"), "{signature}");
    }

    #[test]
    fn a_referrer_of_a_type_that_says_nothing_is_named_by_its_document() {
        for (artifact_type, kind) in [
            ("application/vnd.oci.image.config.v1+json", Kind::Image),
            ("application/vnd.unknown.artifact.v1", Kind::Artifact),
            ("application/vnd.unknown.config.v1+json", Kind::Artifact),
            ("application/vnd.oci.empty.v1+json", Kind::Artifact),
            ("application/vnd.dev.sigstore.bundle.v0.3+json", Kind::Signature),
        ] {
            let listed = serde_json::json!({"mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": "sha256:1", "size": 1, "artifactType": artifact_type});
            let referrer = Referrer::from(serde_json::from_value::<Descriptor>(listed).unwrap());
            assert_eq!(
                (referrer.description.kind, referrer.needs_document()),
                (kind, true),
                "{artifact_type}"
            );
        }
    }

    #[test]
    fn what_a_cosign_tag_is_on_is_named_by_the_tag_until_its_document_is_read() {
        let subject = Digest::of(b"image");
        let by_tag = |name: String| {
            let tag = serde_json::json!({"name": name, "digest": "sha256:1"});
            Referrer::by_tag(serde_json::from_value(tag).unwrap(), &subject)
        };
        let referrer = by_tag(format!("sha256-{}.att", subject.hex())).unwrap();
        assert_eq!((referrer.description.kind, referrer.needs_document()), (Kind::Attestation, true));
        assert!(by_tag(format!("sha256-{}.sig", "0".repeat(64))).is_none(), "about another manifest");
        assert!(by_tag("latest".to_owned()).is_none());
    }
}
