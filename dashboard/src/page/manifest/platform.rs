//! The platform of an index: chosen in the head of its page, kept in the URL. The tabs about an image show the image of that platform.

use acr_artifact::Kind;
use acr_artifact::platform::{default_entry, entries};
use acr_artifact::relation;
use acr_client_wasm::{Digest, Manifest, Reference};
use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::combo_box::{Choosable, ComboBox};
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::icon::Icon;
use crate::component::skeleton::Skeleton;
use crate::navigation::{Navigation, use_navigation};
use crate::query::Load;
use crate::route::Route;
use crate::text::manifest as text;

/// The parameter that names the platform.
pub(super) const PARAMETER: &str = "platform";
/// How many indexes inside of each other are opened to find an image.
const DEPTH: usize = 4;

/// An entry of an index that can be shown in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) digest: Digest,
}

/// The images of an index, and which of them opens first. Where it has no images, all of its entries but attestations.
pub(crate) fn candidates(manifest: &Manifest) -> (Vec<Candidate>, usize) {
    let all = entries(manifest);
    let default = default_entry(&all).and_then(|at| all.get(at)).map(|entry| entry.name.clone());
    let has_images = all.iter().any(|entry| entry.description.kind == Kind::Image);
    let found = all.into_iter().filter(|entry| {
        let is_image = entry.description.kind == Kind::Image;
        is_image || (!has_images && entry.about.is_none() && relation::is_manifest(entry.descriptor))
    });
    let found: Vec<Candidate> = found
        .filter_map(|entry| {
            Some(Candidate { digest: entry.descriptor.digest.parse().ok()?, name: entry.name })
        })
        .collect();
    let first = found.iter().position(|candidate| Some(&candidate.name) == default.as_ref()).unwrap_or(0);
    (found, first)
}

/// The candidate of a value of the parameter: by its name, else the first of that platform.
fn chosen(candidates: &[Candidate], first: usize, value: &str) -> Option<Candidate> {
    let platform = |candidate: &&Candidate| candidate.name.split(" · ").next() == Some(value);
    let exact = candidates.iter().find(|candidate| candidate.name == value);
    exact.or_else(|| candidates.iter().find(platform)).or_else(|| candidates.get(first)).cloned()
}

/// The candidate that the URL names, tracked; `None` for what is not an index, or an empty one.
fn current(data: ManifestData, navigation: Navigation) -> Memo<Option<Candidate>> {
    Memo::new(move |_| {
        let value = navigation.param(PARAMETER);
        let of = data.content.with_ready(|content| candidates(&content.manifest));
        of.and_then(|(candidates, first)| chosen(&candidates, first, &value))
    })
}

/// The combobox in the head of an index's page, and the link to the manifest of the platform.
#[component]
pub(super) fn PlatformChoice() -> impl IntoView {
    let data: ManifestData = expect_context();
    let navigation = use_navigation();
    let current = current(data, navigation);
    let options = Memo::new(move |_| {
        let of = data.content.with_ready(|content| candidates(&content.manifest).0);
        let option =
            |candidate: Candidate| Choosable { value: candidate.name.clone(), label: candidate.name };
        of.unwrap_or_default().into_iter().map(option).collect::<Vec<_>>()
    });
    let there = Memo::new(move |_| current.with(Option::is_some));
    let name = move || current.with(|current| current.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    let href = move || {
        let digest = current.with(|current| current.as_ref().map(|current| current.digest.clone()))?;
        let reference = Reference::Digest(digest);
        Some(navigation.href(&Route::manifest(data.session().registry(), &data.repository(), reference)))
    };
    let choose = Callback::new(move |value: String| navigation.set_param(PARAMETER, &value));
    view! {
        <Show when=move || there.get()>
            <div class="platform-choice">
                <ComboBox
                    name=text::PLATFORM
                    options=options
                    chosen=Signal::derive(name)
                    on_choose=choose
                />
                <a href=href>{text::OPEN_PLATFORM}</a>
            </div>
        </Show>
    }
}

/// Shows a tab about an image: of the manifest itself, or of an index's platform.
pub(super) fn of_platform(tab: fn() -> AnyView) -> AnyView {
    of_image(expect_context(), tab, DEPTH)
}

fn of_image(data: ManifestData, tab: fn() -> AnyView, depth: usize) -> AnyView {
    let navigation = use_navigation();
    let is_index = untrack(|| data.content.with_ready(|content| is_index(&content.manifest)));
    if is_index != Some(true) {
        return tab();
    }
    let current = current(data, navigation);
    (move || match current.get() {
        Some(current) if depth > 0 => {
            let address = data.route(data.session().registry()).with(PARAMETER, &current.name);
            image(data.child(current.digest, address), tab, depth)
        }
        _ => view! { <EmptyState title=text::NO_PLATFORMS hint=text::EMPTY_INDEX_HINT icon=Icon::Index/> }
            .into_any(),
    })
    .into_any()
}

/// The tab over the data of a platform, once it is there.
fn image(child: ManifestData, tab: fn() -> AnyView, depth: usize) -> AnyView {
    provide_context(child);
    let there = Memo::new(move |_| child.content.with_ready(|content| content.digest.clone()));
    (move || {
        if there.get().is_some() {
            return of_image(child, tab, depth - 1);
        }
        match child.content.get() {
            Load::Failed(failure) => {
                let retry = Callback::new(move |()| child.content.refresh());
                view! { <ErrorState failure on_retry=retry/> }.into_any()
            }
            Load::Loading | Load::Ready(_) => view! { <Skeleton lines=8/> }.into_any(),
        }
    })
    .into_any()
}

/// Whether a manifest is an index, also an empty one. A build cache's index lists blobs alone, which are its layers.
fn is_index(manifest: &Manifest) -> bool {
    let lists_blobs = !manifest.manifests().is_empty() && relation::children(manifest).next().is_none();
    matches!(manifest, Manifest::Index(_) | Manifest::List(_)) && !lists_blobs
}

#[cfg(test)]
mod tests {
    use acr_client_wasm::MediaType;

    use super::*;

    fn index(platforms: &[(&str, &str)]) -> Manifest {
        let media_type: MediaType = "application/vnd.oci.image.index.v1+json".parse().unwrap();
        let entry = |(at, (os, architecture)): (usize, &(&str, &str))| {
            format!(
                r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{at:064}","size":1,
                    "platform":{{"os":"{os}","architecture":"{architecture}"}}}}"#
            )
        };
        let entries: Vec<_> = platforms.iter().enumerate().map(entry).collect();
        let json = format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{}]}}"#,
            entries.join(",")
        );
        Manifest::from_slice(json.as_bytes(), &media_type).unwrap()
    }

    #[test]
    fn linux_amd64_opens_first_and_the_url_names_another() {
        let (found, first) = candidates(&index(&[("linux", "arm64"), ("linux", "amd64")]));
        let name = |value| chosen(&found, first, value).unwrap().name;
        assert_eq!(name(""), "linux/amd64");
        assert_eq!(name("linux/arm64"), "linux/arm64");
        assert_eq!(name("plan9/mips"), "linux/amd64");
    }

    #[test]
    fn entries_of_the_same_platform_are_told_apart_and_the_platform_alone_means_the_first() {
        let (found, first) = candidates(&index(&[("linux", "arm64"), ("linux", "arm64")]));
        assert_ne!(found[0].name, found[1].name);
        assert_eq!(chosen(&found, first, "linux/arm64"), Some(found[0].clone()));
        assert_eq!(chosen(&found, first, &found[1].name), Some(found[1].clone()));
    }

    #[test]
    fn an_index_without_entries_has_none_to_choose() {
        let (found, first) = candidates(&index(&[]));
        assert_eq!(chosen(&found, first, ""), None);
    }
}
