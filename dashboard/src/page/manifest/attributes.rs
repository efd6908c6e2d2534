//! The switches of all three levels side by side, and what they add up to for this tag or manifest.

use acr_client_wasm::{Reference, RepositoryAttributes};
use leptos::prelude::*;

use super::data::ManifestData;
use crate::action::plan::Action;
use crate::component::error_state::ErrorState;
use crate::component::facts::{Fact, Facts};
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::format;
use crate::page::switches::{Effects, Save, SwitchGroup, Which};
use crate::protection::{Level, Switches, effects};
use crate::query::{Load, Query, query};
use crate::text::attributes as text;
use crate::text::repository as repository_text;

/// The tab.
#[component]
pub(crate) fn Attributes() -> impl IntoView {
    let data: ManifestData = expect_context();
    let repository = repository_query(data);
    let ready = Memo::new(move |_| {
        data.attributes.with_ready(|_| ()).is_some()
            && data.tag.with_ready(|_| ()).is_some()
            && repository.with_ready(|_| ()).is_some()
    });
    let failed = move || match (data.attributes.get(), data.tag.get(), repository.get()) {
        (Load::Failed(failure), _, _) | (_, Load::Failed(failure), _) | (_, _, Load::Failed(failure)) => {
            Some(failure)
        }
        _ => None,
    };
    let retry = Callback::new(move |()| {
        data.refresh();
        repository.refresh();
    });
    view! {
        {move || failed().map(|failure| view! { <ErrorState failure on_retry=retry/> })}
        <Show when=move || ready.get() fallback=move || failed().is_none().then(|| view! { <Skeleton lines=6/> })>
            <Levels repository/>
        </Show>
    }
}

fn repository_query(data: ManifestData) -> Query<RepositoryAttributes> {
    let first = StoredValue::new(true);
    query(move || {
        let (session, name) = (data.session(), data.repository());
        // The repository's screen has asked already; a second look asks again.
        let known = session.seen.with_untracked(|seen| seen.get(name.as_str()).cloned());
        let known = known.filter(|_| first.get_value());
        first.set_value(false);
        async move {
            if let Some(known) = known {
                return Ok(known);
            }
            let answer = session.client.repositories().attributes(&name).await;
            answer.map_err(|error| Failure::of(repository_text::open_failed(name.as_str()), &error))
        }
    })
}

#[component]
fn Levels(repository: Query<RepositoryAttributes>) -> impl IntoView {
    let data: ManifestData = expect_context();
    let of_repository = RwSignal::new(
        untrack(|| repository.with_ready(|one| Switches::from(&one.changeable_attributes)))
            .unwrap_or(Switches::OPEN),
    );
    let of_manifest = RwSignal::new(
        untrack(|| data.attributes.with_ready(|one| Switches::from(&one.changeable_attributes)))
            .unwrap_or(Switches::OPEN),
    );
    let of_tag = untrack(|| {
        data.tag.with_ready(|one| one.as_ref().map(|one| Switches::from(&one.changeable_attributes)))
    })
    .flatten()
    .map(RwSignal::new);
    let sentences = move || {
        let mut levels = vec![(Level::Repository, of_repository.get()), (Level::Manifest, of_manifest.get())];
        levels.extend(of_tag.map(|tag| (Level::Tag, tag.get())));
        effects(&levels)
    };
    view! {
        <div class="attributes">
            {of_tag.map(|switches| tag_group(data, switches))}
            {manifest_group(data, of_manifest)}
            {repository_group(data, of_repository)}
            <Effects sentences=Signal::derive(sentences)/>
        </div>
        {quarantine(data)}
    }
}

fn forbidden(data: ManifestData) -> Signal<String> {
    Signal::stored(data.session().forbids(data.repository().as_str(), Action::Lock).unwrap_or_default())
}

fn tag_group(data: ManifestData, switches: RwSignal<Switches>) -> AnyView {
    let Reference::Tag(tag) = data.reference() else { return ().into_any() };
    let title = text::group(text::TAG, tag.as_str());
    let (repository, reference) = (data.repository().as_str().to_owned(), tag.as_str().to_owned());
    let save = Save::new(repository, Some(reference), move |which: Which, on| {
        let (client, name, tag) = (data.session().client, data.repository(), tag.clone());
        async move {
            let answer = client.tags().update_attributes(&name, &tag, &which.patch(on)).await?;
            Ok(Switches::from(&answer.tag.changeable_attributes))
        }
    });
    let on_saved = Callback::new(move |now| switches.set(now));
    view! { <SwitchGroup title switches on_saved save forbidden=forbidden(data)/> }.into_any()
}

fn manifest_group(data: ManifestData, switches: RwSignal<Switches>) -> AnyView {
    let digest = untrack(|| data.digest());
    let short = digest.as_ref().map(|digest| format::short_digest(digest.as_str())).unwrap_or_default();
    let reference = digest.as_ref().map(|digest| digest.as_str().to_owned());
    let save = Save::new(data.repository().as_str(), reference, move |which: Which, on| {
        let (client, name, digest) = (data.session().client, data.repository(), digest.clone());
        async move {
            let reference = digest.map_or_else(|| data.reference(), Reference::Digest);
            let answer =
                client.manifests().update_attributes(&name, &reference, &which.manifest_patch(on)).await?;
            let now = Switches::from(&answer.manifest.changeable_attributes);
            data.attributes.set(answer.manifest);
            Ok(now)
        }
    });
    let on_saved = Callback::new(move |now| switches.set(now));
    view! {
        <SwitchGroup title=text::group(text::MANIFEST, &short) switches on_saved save forbidden=forbidden(data)/>
    }
    .into_any()
}

fn repository_group(data: ManifestData, switches: RwSignal<Switches>) -> AnyView {
    let title = text::group(text::REPOSITORY, data.repository().as_str());
    let save = Save::new(data.repository().as_str(), None, move |which: Which, on| {
        let (session, name) = (data.session(), data.repository());
        async move {
            let answer = session.client.repositories().update_attributes(&name, &which.patch(on)).await?;
            let now = Switches::from(&answer.changeable_attributes);
            let _ = session.seen.try_update(|seen| seen.insert(name.as_str().to_owned(), answer));
            Ok(now)
        }
    });
    let on_saved = Callback::new(move |now| switches.set(now));
    view! { <SwitchGroup title switches on_saved save is_repository=true forbidden=forbidden(data)/> }
        .into_any()
}

fn quarantine(data: ManifestData) -> impl IntoView {
    move || {
        let one = data.attributes.ready()?.changeable_attributes;
        let state = one.quarantine_state?;
        Some(view! {
            <section class="overview-part">
                <Facts>
                    <Fact name=text::QUARANTINE>{state}</Fact>
                    <Fact name=text::QUARANTINE_DETAILS><code>{one.quarantine_details.unwrap_or_default()}</code></Fact>
                </Facts>
            </section>
        })
    }
}
