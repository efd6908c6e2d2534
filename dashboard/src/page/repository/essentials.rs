//! A repository's essentials: what it is, how much is in it, when it changed, what is locked.

use acr_client_wasm::RepositoryName;
use leptos::prelude::*;

use super::data::RepositoryData;
use crate::component::copy_button::CopyButton;
use crate::component::facts::{Fact, Facts};
use crate::component::icon::{Glyph, Icon};
use crate::component::timestamp::Moment;
use crate::format;
use crate::page::actions::delete_repository::DeleteRepository;
use crate::page::repositories::row::lock_chip;
use crate::preferences::use_preferences;
use crate::protection::Switches;
use crate::session::use_session;
use crate::text::list as list_text;
use crate::text::repository as text;
use crate::text::shell as shell_text;

/// The facts.
#[component]
pub(crate) fn Essentials() -> impl IntoView {
    let data: RepositoryData = expect_context();
    let session = use_session();
    let path = data.with_name(|name| format!("{}/{name}", session.login_server()));
    let server = session.login_server().to_owned();
    let number = move |pick: fn(&acr_client_wasm::RepositoryAttributes) -> u64| {
        move || match data.attributes.with_ready(pick) {
            Some(number) => format::count(usize::try_from(number).unwrap_or(usize::MAX)).into_any(),
            None => view! { <span class="pending" aria-hidden="true"></span> }.into_any(),
        }
    };
    let moment = move |pick: fn(&acr_client_wasm::RepositoryAttributes) -> Option<i64>| {
        move || data.attributes.with_ready(pick).map(|moment| view! { <Moment moment/> })
    };
    view! {
        <section class="essentials">
            <Facts>
                <Fact name=shell_text::LOGIN_SERVER>
                    <span class="ellipsis" title=server.clone()>{server.clone()}</span>
                </Fact>
                <Fact name=text::REPOSITORY>
                    <span class="ellipsis" title=path.clone()>{data.with_name(ToString::to_string)}</span>
                    <CopyButton value=path name=text::COPY_PATH/>
                </Fact>
                <Fact name=text::TAGS>{number(|one| one.tag_count)}</Fact>
                <Fact name=text::MANIFESTS>{number(|one| one.manifest_count)}</Fact>
                <Fact name=text::LAST_UPDATED>{moment(|one| one.last_update_time.unix_millis())}</Fact>
                <Fact name=text::CREATED>{moment(|one| one.created_time.unix_millis())}</Fact>
                <Fact name=text::LOCKS>
                    {move || {
                        data.attributes
                            .with_ready(|one| Switches::from(&one.changeable_attributes))
                            .map(|switches| match lock_chip(switches) {
                                Some(chip) => chip.into_any(),
                                None => text::NOT_LOCKED.into_any(),
                            })
                    }}
                </Fact>
            </Facts>
        </section>
    }
}

/// The buttons beside the heading.
#[component]
pub(crate) fn Tools(repository: RepositoryName) -> impl IntoView {
    let data: RepositoryData = expect_context();
    let session = use_session();
    let preferences = use_preferences();
    let registry = StoredValue::new(session.registry().to_owned());
    let name = StoredValue::new(repository.as_str().to_owned());
    let pinned = move || {
        registry.with_value(|registry| name.with_value(|name| preferences.pinned(registry).contains(name)))
    };
    let toggle = move |_| {
        registry.with_value(|registry| name.with_value(|name| preferences.toggle_pin(registry, name)))
    };
    let there = Memo::new(move |_| data.attributes.with_ready(|_| ()).is_some());
    let for_deletion = repository.clone();
    view! {
        <div class="title-tools">
            <Show when=move || there.get()>
                <DeleteRepository repository=for_deletion.clone()/>
            </Show>
            <button
                type="button"
                class="button"
                aria-pressed=move || if pinned() { "true" } else { "false" }
                on:click=toggle
            >
                <Glyph icon=Icon::Pin/>
                {move || if pinned() { text::UNPIN } else { text::PIN }}
            </button>
            <button
                type="button"
                class="button"
                data-refresh=""
                aria-busy=move || if data.attributes.busy() { "true" } else { "false" }
                on:click=move |_| data.refresh()
            >
                <Glyph icon=Icon::Refresh/>
                {list_text::REFRESH}
            </button>
        </div>
    }
}
