//! What to type in a shell: pulling by tag and by digest with the tools that work for this kind, and the same actions in `az acr`.

use acr_artifact::command::{self, Command, Target};
use acr_artifact::relation::tag_subject;
use acr_client_wasm::Reference;
use leptos::prelude::*;

use super::data::{ManifestData, Part};
use crate::component::copy_button::CopyButton;
use crate::text::manifest as text;

/// The tab.
#[component]
pub(crate) fn Commands() -> impl IntoView {
    let data: ManifestData = expect_context();
    (move || groups(data)).into_any()
}

fn groups(data: ManifestData) -> impl IntoView + use<> {
    let by_tag = match data.part() {
        // An image of an index has no tag of its own; engines find it by the index's tag and the platform.
        Some(Part { index: index @ Reference::Tag(_), platform }) => {
            Some(on_target(data, &index, |target| {
                command::pulls_of_platform(&data.description(), target, &platform)
            }))
        }
        Some(_) => None,
        None => matches!(data.reference(), Reference::Tag(_)).then(|| pulls(data, &data.reference())),
    };
    let by_tag = by_tag.filter(|commands| !commands.is_empty());
    let by_digest = untrack(|| data.digest()).map(|digest| pulls(data, &Reference::Digest(digest)));
    let az = on_target(data, &data.reference(), command::az);
    view! {
        {by_tag.map(|commands| view! { <Group title=text::BY_TAG commands/> })}
        {by_digest.map(|commands| view! { <Group title=text::BY_DIGEST commands/> })}
        {(!az.is_empty()).then(|| view! { <Group title=text::AZ commands=az/> })}
    }
}

/// The commands that pull this manifest, the usual one first; tracked.
pub(super) fn pulls(data: ManifestData, reference: &Reference) -> Vec<Command> {
    on_target(data, reference, |target| command::pulls(&data.description(), target))
}

fn on_target<T>(data: ManifestData, reference: &Reference, make: impl FnOnce(&Target<'_>) -> T) -> T {
    let (session, repository) = (data.session(), data.repository());
    let subject = tagged_subject(data);
    make(&Target {
        login_server: session.login_server(),
        repository: repository.as_str(),
        reference,
        subject: subject.as_deref(),
    })
}

/// What the tags on this manifest say that it is about, tracked: the tag that was asked for, then the others.
fn tagged_subject(data: ManifestData) -> Option<String> {
    let asked = match data.reference() {
        Reference::Tag(tag) => tag_subject(tag.as_str()),
        Reference::Digest(_) => None,
    };
    let others = || data.attributes.with_ready(|one| one.tags.iter().find_map(|tag| tag_subject(tag)));
    asked.or_else(|| others().flatten())
}

#[component]
fn Group(title: &'static str, commands: Vec<Command>) -> impl IntoView {
    let rows = commands.into_iter().map(|command| {
        view! {
            <li class="command-row">
                <span class="command-name">{command.name}</span>
                <div class="command">
                    <code>{command.line.clone()}</code>
                    <CopyButton value=command.line name=text::COPY_COMMAND/>
                </div>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="overview-part">
            <h2>{title}</h2>
            <ul class="commands">{rows}</ul>
        </section>
    }
}
