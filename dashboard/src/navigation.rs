//! Where the dashboard is and how it moves: in a page of its own the route and the browser's address bar are the same thing, with history
//! and the back button; in another page the route lives in memory, or in that page's own router.
//!
//! The base path is not known when the dashboard is built: it is read from the document's `<base href>`.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::route::Route;
use crate::surface::Surface;
use crate::surface::event::Event;

/// What holds the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The browser's address bar.
    AddressBar,
    /// Nothing outside the dashboard.
    Memory,
    /// The router of the page around it: the dashboard asks, and moves when the router says so.
    Host,
}

/// The current route and the ways to change it. Cheap to copy; lives in the context of the app.
#[derive(Clone, Copy)]
pub(crate) struct Navigation {
    route: RwSignal<Route>,
    /// What `href`s begin with.
    base: StoredValue<String>,
    holder: Holder,
    surface: Surface,
}

impl Navigation {
    /// Follows the browser's address bar for as long as the current reactive owner lives.
    /// Routes are below `base`, which ends with a slash.
    pub(crate) fn address_bar(surface: Surface, base: String) -> Self {
        let here = Self {
            route: RwSignal::new(current(&base)),
            base: StoredValue::new(base),
            holder: Holder::AddressBar,
            surface,
        };
        let listener = window_event_listener(ev::popstate, move |_| {
            here.route.set(here.base.with_value(|base| current(base)));
        });
        on_cleanup(move || listener.remove());
        here
    }

    /// Starts at a route and leaves the address bar alone. `links` is what the page around has in front of its own addresses of routes.
    pub(crate) fn within(surface: Surface, route: Route, holder: Holder, links: String) -> Self {
        Self { route: RwSignal::new(route), base: StoredValue::new(links), holder, surface }
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
        let route = match self.holder {
            Holder::AddressBar => route.print(),
            Holder::Memory | Holder::Host => route.within_registry(),
        };
        self.base.with_value(|base| format!("{base}{route}"))
    }

    /// Goes to a route: a new entry in the history.
    pub(crate) fn go(&self, route: Route) {
        if !self.may_move(&route, false) {
            return;
        }
        if self.holder == Holder::AddressBar {
            let url = self.href(&route);
            // A browser that refuses (too many entries a second) still gets the screen.
            let _ = window().history().and_then(|h| h.push_state_with_url(&JsValue::NULL, "", Some(&url)));
        }
        self.show(route);
    }

    /// Puts a route in the place of the current one: no new entry in the history.
    pub(crate) fn replace(&self, route: Route) {
        if !self.may_move(&route, true) {
            return;
        }
        if self.holder == Holder::AddressBar {
            let url = self.href(&route);
            let _ = window().history().and_then(|h| h.replace_state_with_url(&JsValue::NULL, "", Some(&url)));
        }
        self.route.set(route);
    }

    /// Emits the navigation that is about to happen. The embedding page may prevent it, or carry it out itself.
    fn may_move(&self, route: &Route, replace: bool) -> bool {
        let allowed = self.surface.emit(&Event::navigate(route, replace));
        if self.holder == Holder::Host {
            self.surface.moved();
        }
        allowed && self.holder != Holder::Host
    }

    /// Shows a route without emitting an event, since the caller holds the route.
    pub(crate) fn show(&self, route: Route) {
        let Some(here) = self.route.try_get_untracked().filter(|here| *here != route) else { return };
        let other_screen = here.screen != route.screen;
        if other_screen {
            // Said first: the new screen asks whether it may take the focus.
            self.surface.moved();
        }
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
        if self.holder != Holder::AddressBar {
            let href = anchor.get_attribute("href").unwrap_or_default();
            let text = self.base.with_value(|base| href.strip_prefix(base.as_str()).map(str::to_owned));
            if let (true, Some(text)) = (anchor.target().is_empty(), text) {
                event.prevent_default();
                let here = self.route_untracked();
                self.go(Route::within(here.screen.registry().unwrap_or_default(), &text));
            }
            return;
        }
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

fn current(base: &str) -> Route {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    Route::parse(path.strip_prefix(base).unwrap_or(&path), &location.search().unwrap_or_default())
}
