//! What to type in a shell: pulling by tag and by digest, and the same in `az acr`.

use acr_client_wasm::Reference;
use leptos::prelude::*;

use super::data::ManifestData;
use crate::commands::{Command, az, pulls};
use crate::component::copy_button::CopyButton;
use crate::text::manifest as text;

/// The tab.
#[component]
pub(crate) fn Commands() -> impl IntoView {
    let data: ManifestData = expect_context();
    let session = data.session();
    let (server, repository, reference) = (session.login_server(), data.repository(), data.reference());
    let by_tag = matches!(reference, Reference::Tag(_))
        .then(|| pulls(data.kind(), server, repository.as_str(), &reference));
    let by_digest = untrack(|| data.digest())
        .map(|digest| pulls(data.kind(), server, repository.as_str(), &Reference::Digest(digest)));
    let az = az(server, repository.as_str(), &reference);
    view! {
        {by_tag.map(|commands| view! { <Group title=text::BY_TAG commands/> })}
        {by_digest.map(|commands| view! { <Group title=text::BY_DIGEST commands/> })}
        <Group title=text::AZ commands=az/>
    }
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
