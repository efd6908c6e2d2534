//! The ACR dashboard: a single-page app over `acr-client-wasm`, as a library so that its pure parts are tested natively.
//!
//! | module | what lives there |
//! |---|---|
//! | `app` | composition: the root component, the frame around the screens, `screens.rs` that names every screen |
//! | `embed` | the dashboard as an element of another page |
//! | `page` | the screens, one folder a route |
//! | `repository_data` | what the screens of a repository share |
//! | `session` | the registries that are signed in to |
//! | `analysis` | reads a registry's storage for as long as the session lasts |
//! | `cleanup` | a rule's plan and its run, for as long as the session lasts |
//! | `action` | what is changed and what follows from it; no views |
//! | `lazy` | loads views that ship in a chunk of their own |
//! | `query`, `list` | data: one answer, and lists |
//! | `config`, `navigation`, `preferences`, `palette`, `toasts` | state of the app |
//! | `component` | the pieces screens are made of: data in, callbacks out |
//! | `microsoft` | signing in with Microsoft: the library, its refusals, what a tab keeps of it |
//! | `surface` | where the dashboard is shown, and all it may touch there |
//! | `text`, `format`, `failure` | every string, number and error as a user reads them |
//! | `descriptions` | what manifests are, where the lists state too little |
//! | `proxy` | whether the session of a proxy in front of the page has ended |
//! | `pasted` | references, login servers and tokens that a person pasted |
//! | `protection` | what locks add up to |
//! | `route`, `json_layout`, `treemap`, `theme`, `clock` | pure, but for the clock |

#![recursion_limit = "256"]
// Leptos writes `pub` items for every component, whatever its own visibility.
#![allow(unreachable_pub)]

mod action;
mod analysis;
mod app;
mod cleanup;
mod clock;
mod component;
mod config;
mod descriptions;
pub mod embed;
mod failure;
mod format;
mod json_layout;
mod lazy;
mod list;
mod microsoft;
mod navigation;
mod page;
mod palette;
mod pasted;
mod preferences;
mod protection;
mod proxy;
mod query;
mod repository_data;
mod route;
mod session;
mod surface;
mod text;
mod theme;
mod toasts;
mod treemap;

use leptos::prelude::*;

use app::parent::Parent;
use app::{App, Setup};
use navigation::Navigation;
use palette::PaletteEntries;
use preferences::Preferences;
use surface::Surface;

/// Where the page without banner and navigation lives, for frames.
const EMBED: &str = "embed/";

/// Puts the dashboard into the page, in the place of the skeleton that `index.html` shows before. Below `embed/` it comes without what
/// is around it otherwise, and speaks with the page that frames it.
pub fn start() {
    console_error_panic_hook::set_once();
    let Some(place) = surface::document::element_by_id("app") else { return };
    place.set_text_content(None);
    mount_to(place, || {
        let base = surface::document::base_path();
        let path = window().location().pathname().unwrap_or_default();
        let below = path.strip_prefix(base.as_str()).unwrap_or_default();
        let parent = (below == "embed" || below.starts_with(EMBED)).then(Parent::default);
        let (surface, base) = match &parent {
            Some(parent) => (Surface::frame(parent.emitter()), format!("{base}{EMBED}")),
            None => (Surface::page(), base),
        };
        let setup = Setup {
            surface,
            navigation: Navigation::address_bar(surface, base),
            preferences: Preferences::remembered(surface),
            palette: PaletteEntries::new(),
            config: None,
            parent,
            credentials: None,
            transport: None,
        };
        view! { <App setup/> }
    })
    .forget();
}
