//! The platform of an index: chosen in the head of its page, kept in the URL. The tabs about an image show the image of that platform.

use acr_client_wasm::Reference;
use leptos::prelude::*;

use super::candidate::{Candidate, DEPTH, PARAMETER, candidates, chosen, is_index};
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
        Some(current) if depth > 0 => image(data.child(current), tab, depth),
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
