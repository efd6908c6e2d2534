//! What is shown for a path that leads nowhere: a malformed name, a registry the gateway does not serve.

use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::component::skeleton::Skeleton;
use crate::config::Config;
use crate::failure::Failure;
use crate::navigation::use_navigation;
use crate::pasted::{Parsers, Problem, route_in};
use crate::route::{Route, Screen};
use crate::session::use_session;
use crate::text::failure as failure_text;
use crate::text::shell as text;

/// A path that is a pasted reference: the screen it leads to, or why it leads nowhere.
pub(crate) fn pasted(parsers: Parsers, screen: Screen) -> AnyView {
    let navigation = use_navigation();
    let (session, config) = (use_session(), expect_context::<Config>());
    let (text, problem) = match screen {
        Screen::Malformed { text, problem, .. } => (text, Some(problem)),
        screen => (Route::from(screen).within_registry(), None),
    };
    match route_in(parsers, &text, &session, &config) {
        Ok(route) => {
            request_animation_frame(move || navigation.replace(route));
            view! { <Skeleton/> }.into_any()
        }
        Err(Problem::Malformed(why)) => {
            let problem = problem.unwrap_or(why);
            view! { <Malformed text problem/> }.into_any()
        }
        Err(Problem::NotServed(why)) => {
            let failure = Failure::local(text::malformed(&text), why, failure_text::CHECK_LOGIN_SERVER);
            view! {
                <ScreenHeading what=text::UNKNOWN_REGISTRY_TITLE registry=session.registry()/>
                <ErrorState failure/>
            }
            .into_any()
        }
    }
}

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
    if let Some(registry) = config.served(&name) {
        // A login server in the place of the registry's name: the path is a reference.
        let route = Route::within(&registry.name, &navigation.route_untracked().within_registry());
        request_animation_frame(move || navigation.replace(route));
        return view! { <Skeleton/> }.into_any();
    }
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
    .into_any()
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
