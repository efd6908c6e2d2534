//! Keeps the route and the browser's address bar the same thing: history, the back button, clicks on links.
//!
//! The base path is not known when the dashboard is built: it is read from the document's `<base href>`.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::route::Route;

/// The current route and the ways to change it. Cheap to copy; lives in the context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Navigation {
    route: RwSignal<Route>,
    /// Ends with a slash.
    base: StoredValue<String>,
}

impl Navigation {
    /// Follows the browser's address bar for as long as the current reactive owner lives.
    pub(crate) fn address_bar() -> Self {
        let base = base_path();
        let here = Self { route: RwSignal::new(current(&base)), base: StoredValue::new(base) };
        let listener = window_event_listener(ev::popstate, move |_| {
            here.route.set(here.base.with_value(|base| current(base)));
        });
        on_cleanup(move || listener.remove());
        here
    }

    /// The current route, tracked.
    pub(crate) fn route(&self) -> Route {
        self.route.get()
    }

    /// The current route, untracked.
    pub(crate) fn route_untracked(&self) -> Route {
        self.route.get_untracked()
    }

    /// A parameter of the current route, tracked; empty when it is not there.
    pub(crate) fn param(&self, name: &str) -> String {
        self.route.with(|route| route.param(name).unwrap_or_default().to_owned())
    }

    /// What a link to the route says in its `href`.
    pub(crate) fn href(&self, route: &Route) -> String {
        self.base.with_value(|base| format!("{base}{}", route.print()))
    }

    /// Goes to a route: a new entry in the history.
    pub(crate) fn go(&self, route: Route) {
        let url = self.href(&route);
        // A browser that refuses (too many entries a second) still gets the screen.
        let _ = window().history().and_then(|h| h.push_state_with_url(&JsValue::NULL, "", Some(&url)));
        let same_screen = self.route.with_untracked(|here| here.screen == route.screen);
        self.route.set(route);
        if !same_screen {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Puts a route in the place of the current one: no new entry in the history.
    pub(crate) fn replace(&self, route: Route) {
        let url = self.href(&route);
        let _ = window().history().and_then(|h| h.replace_state_with_url(&JsValue::NULL, "", Some(&url)));
        self.route.set(route);
    }

    /// Changes parameters of the current screen, as filters, sort order and tabs do, without a new entry in the history.
    pub(crate) fn set_param(&self, name: &str, value: &str) {
        let route = self.route_untracked();
        if route.param(name).unwrap_or_default() != value {
            self.replace(route.with(name, value));
        }
    }

    /// Takes a plain click on a link that stays within the dashboard; leaves every other click to the browser.
    pub(crate) fn follow(&self, event: &ev::MouseEvent) {
        if event.default_prevented()
            || event.button() != 0
            || event.meta_key()
            || event.ctrl_key()
            || event.shift_key()
            || event.alt_key()
        {
            return;
        }
        let Some(anchor) = enclosing_anchor(event) else { return };
        if !anchor.target().is_empty() || anchor.has_attribute("download") {
            return;
        }
        let same_origin = window().location().origin().is_ok_and(|origin| origin == anchor.origin());
        let path = anchor.pathname();
        let inside = self.base.with_value(|base| path.strip_prefix(base.as_str()).map(str::to_owned));
        let (true, Some(path)) = (same_origin, inside) else { return };
        event.prevent_default();
        self.go(Route::parse(&path, &anchor.search()));
    }
}

/// The dashboard's navigation.
pub(crate) fn use_navigation() -> Navigation {
    expect_context()
}

fn enclosing_anchor(event: &ev::MouseEvent) -> Option<web_sys::HtmlAnchorElement> {
    // The composed path's first entry is the real target inside a shadow root, where `target` names the host.
    let target = event.composed_path().get(0).dyn_into::<web_sys::Element>().ok()?;
    target.closest("a[href]").ok().flatten()?.dyn_into().ok()
}

/// The path of the document's base URL, with a slash at its end.
fn base_path() -> String {
    let base = document().base_uri().ok().flatten().and_then(|uri| web_sys::Url::new(&uri).ok());
    let mut path = base.map(|url| url.pathname()).unwrap_or_default();
    if !path.ends_with('/') {
        path.truncate(path.rfind('/').map_or(0, |slash| slash + 1));
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

fn current(base: &str) -> Route {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    Route::parse(path.strip_prefix(base).unwrap_or(&path), &location.search().unwrap_or_default())
}
