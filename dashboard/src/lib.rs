//! The ACR dashboard: a single-page app over `acr-client-wasm`, as a library so that its pure parts are tested natively.
//!
//! | module | what lives there |
//! |---|---|
//! | `app` | the root component, the frame around every screen |
//! | `embed` | the dashboard as an element in somebody else's page |
//! | `surface` | where it is shown, and what it may touch there |
//! | `route`, `navigation` | where one is: pure, and in the browser |
//! | `config`, `session` | the registries the gateway serves, and who is signed in to them |
//! | `later` | what ships as a second module, and how it comes |
//! | `query`, `list` | data: one answer, and whole lists |
//! | `page`, `component` | screens, and the pieces they are made of; only pages see the client |
//! | `text`, `format`, `failure` | every string, number and error as people read them |
//! | `artifact`, `protection`, `commands` | what a manifest is, what locks add up to, what to type in a shell |
//! | `json_layout`, `dockerfile`, `treemap` | documents and sizes laid out for the eye |
//! | `theme`, `preferences` | looks, and what is remembered between visits |

#![recursion_limit = "256"]
// Leptos writes `pub` items for every component, whatever its own visibility.
#![allow(unreachable_pub)]

mod app;
mod artifact;
mod commands;
mod component;
mod config;
mod dockerfile;
mod download;
pub mod embed;
mod failure;
mod format;
mod json_layout;
mod later;
mod list;
mod navigation;
mod page;
mod preferences;
mod protection;
mod query;
mod route;
mod session;
mod surface;
mod text;
mod theme;
mod treemap;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use app::{App, Setup};
use navigation::Navigation;
use preferences::Preferences;
use surface::Surface;
use surface::frame::Parent;

/// Where the page without banner and navigation lives, for frames.
const EMBED: &str = "embed/";

/// Puts the dashboard into the page, in the place of the skeleton that `index.html` shows before. Below `embed/` it comes without what
/// is around it otherwise, and speaks with the page that frames it.
pub fn start() {
    console_error_panic_hook::set_once();
    let Some(place) = document().get_element_by_id("app") else { return };
    place.set_text_content(None);
    mount_to(place.unchecked_into(), || {
        let base = navigation::base_path();
        let path = window().location().pathname().unwrap_or_default();
        let below = path.strip_prefix(base.as_str()).unwrap_or_default();
        let parent = (below == "embed" || below.starts_with(EMBED)).then(Parent::default);
        let (surface, base) = match &parent {
            Some(parent) => (Surface::frame(parent.tell()), format!("{base}{EMBED}")),
            None => (Surface::page(), base),
        };
        let setup = Setup {
            surface,
            navigation: Navigation::address_bar(surface, base),
            preferences: Preferences::remembered(surface),
            config: None,
            parent,
            credentials: None,
            transport: None,
        };
        view! { <App setup/> }
    })
    .forget();
}
