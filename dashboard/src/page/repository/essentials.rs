//! A repository's essentials: what it is, how much is in it, when it changed, what is locked.

use acr_client_wasm::{RepositoryAttributes, RepositoryName};
use leptos::prelude::*;

use crate::component::copy_button::CopyButton;
use crate::component::facts::{Fact, Facts};
use crate::component::icon::{Glyph, Icon};
use crate::component::lock_chip::lock_chip;
use crate::component::timestamp::Moment;
use crate::format;
use crate::page::actions::delete_repository::DeleteRepository;
use crate::page::refresh_button::RefreshButton;
use crate::palette::add_entry;
use crate::preferences::use_preferences;
use crate::protection::Switches;
use crate::query::Load;
use crate::repository_data::{RepositoryData, Totals};
use crate::session::use_session;
use crate::text::repository as text;
use crate::text::shell as shell_text;

/// The facts.
#[component]
pub(crate) fn Essentials() -> impl IntoView {
    let data: RepositoryData = expect_context();
    let session = use_session();
    let path = data.with_name(|name| format!("{}/{name}", session.login_server()));
    let server = session.login_server().to_owned();
    let totals = Memo::new(move |_| data.totals());
    let pending = || view! { <span class="pending" aria-hidden="true"></span> }.into_any();
    let number = move |pick: fn(Totals) -> Option<u64>| {
        move || match pick(totals.get()) {
            Some(number) => format::count(usize::try_from(number).unwrap_or(usize::MAX)).into_any(),
            None => pending(),
        }
    };
    // These are only in the attributes of the repository, not in its lists.
    let attribute = move |show: fn(&RepositoryAttributes) -> AnyView| {
        move || match data.attributes.get() {
            Load::Ready(attributes) => show(&attributes),
            Load::Loading => pending(),
            Load::Failed(failure) => view! { <span title=failure.why>{text::NOT_READ}</span> }.into_any(),
        }
    };
    let created = attribute(|one| view! { <Moment moment=one.created_time.unix_millis()/> }.into_any());
    let locks = attribute(|one| {
        let chip = lock_chip(Switches::from(&one.changeable_attributes));
        chip.map_or_else(|| text::NOT_LOCKED.into_any(), IntoAny::into_any)
    });
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
                <Fact name=text::TAGS>{number(|totals| totals.tags)}</Fact>
                <Fact name=text::MANIFESTS>{number(|totals| totals.manifests)}</Fact>
                <Fact name=text::LAST_UPDATED>{move || view! { <Moment moment=totals.get().updated/> }}</Fact>
                <Fact name=text::CREATED>{created}</Fact>
                <Fact name=text::LOCKS>{locks}</Fact>
            </Facts>
        </section>
    }
}

/// The buttons next to the heading.
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
    let toggle = move || {
        registry.with_value(|registry| name.with_value(|name| preferences.toggle_pin(registry, name)))
    };
    let pin = move || if pinned() { text::UNPIN } else { text::PIN };
    add_entry(Signal::derive(move || pin().to_owned()), Signal::stored(true), toggle);
    let there = Memo::new(move |_| data.is_there());
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
                on:click=move |_| toggle()
            >
                <Glyph icon=Icon::Pin/>
                {pin}
            </button>
            <RefreshButton busy=Signal::derive(move || data.busy()) on_refresh=Callback::new(move |()| data.refresh())/>
        </div>
    }
}
