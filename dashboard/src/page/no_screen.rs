//! What is shown for a path that leads nowhere: a malformed name, a registry the gateway does not serve.

use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::config::Config;
use crate::failure::Failure;
use crate::navigation::use_navigation;
use crate::route::Route;
use crate::session::use_session;
use crate::text::shell as text;

/// A path that names no possible resource.
#[component]
pub(crate) fn Malformed(text: String, problem: String) -> impl IntoView {
    let navigation = use_navigation();
    let session = use_session();
    let back = navigation.href(&Route::repositories(session.registry()));
    let failure = Failure::local(text::malformed(&text), problem, text::MALFORMED_REMEDY);
    view! {
        <ScreenHeading what=text::MALFORMED_TITLE registry=session.registry()/>
        <ErrorState failure>
            <a class="button" href=back>{text::REPOSITORIES}</a>
        </ErrorState>
    }
}

/// A registry that the gateway does not serve.
#[component]
pub(crate) fn UnknownRegistry(name: String) -> impl IntoView {
    let navigation = use_navigation();
    let config: Config = expect_context();
    let names: Vec<_> = config.registries.iter().map(|registry| registry.name.as_str()).collect();
    let (what, remedy) = if names.is_empty() {
        (text::unknown_registry(&name), text::NO_REGISTRIES.to_owned())
    } else {
        (text::unknown_registry(&name), text::known_registries(&names.join(", ")))
    };
    let links = config.registries.iter().map(|registry| {
        let href = navigation.href(&Route::repositories(&registry.name));
        view! { <a class="button" href=href>{registry.title().to_owned()}</a> }
    });
    let links = links.collect_view();
    view! {
        <ScreenHeading what=text::UNKNOWN_REGISTRY_TITLE registry=name/>
        <ErrorState failure=Failure::local(what, "", remedy)>{links}</ErrorState>
    }
}

/// A gateway without a registry.
#[component]
pub(crate) fn NoRegistries() -> impl IntoView {
    let failure = Failure::local(text::UNKNOWN_REGISTRY_TITLE, "", text::NO_REGISTRIES);
    view! {
        <ScreenHeading what=text::PRODUCT registry=""/>
        <ErrorState failure/>
    }
}
