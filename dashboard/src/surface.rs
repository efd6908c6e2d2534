//! Where the dashboard is shown: as a page, in a frame of another page, or as an element of another page; and what of its
//! surroundings it may touch there. Only this module and those below it
//! reach for the document.

pub(crate) mod database;
pub(crate) mod document;
pub(crate) mod download;
pub(crate) mod event;
pub(crate) mod fetch;
pub(crate) mod file;
pub(crate) mod tab_storage;
pub(crate) mod worker;

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use event::Event;
use worker::StartWorker;

use crate::failure::Failure;
use crate::text::action as text;

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A page of its own, with banner and navigation.
    Page,
    /// A page in a frame: the document is the dashboard's own, what is around it is not.
    Frame,
    /// An element: the document belongs to another page.
    Element,
}

/// Receives events; returns false for an event that was prevented.
pub(crate) type Emit = Rc<dyn Fn(&Event) -> bool>;

/// Loads the module that signs in with Microsoft, and returns a promise of it. An error is the exception's value.
pub(crate) type LoadMicrosoft = Rc<dyn Fn() -> Result<JsValue, JsValue>>;

/// The parts of the dashboard that an embedding page loads, since it knows where their files are.
#[derive(Clone, Default)]
pub(crate) struct HostParts {
    pub(crate) start_worker: Option<StartWorker>,
    pub(crate) load_microsoft: Option<LoadMicrosoft>,
}

struct Inner {
    shadow: Option<web_sys::ShadowRoot>,
    /// What theme and density are marked on.
    themed: Option<web_sys::Element>,
    emit: Option<Emit>,
    parts: HostParts,
    /// Whether a person has moved within it. Before that an element takes no focus.
    moved: Cell<bool>,
}

/// The place. Cheap to copy; lives in the context of the app.
#[derive(Clone, Copy)]
pub(crate) struct Surface {
    kind: Kind,
    inner: StoredValue<Inner, LocalStorage>,
}

impl Surface {
    /// A page of its own.
    pub(crate) fn page() -> Self {
        Self::new(Kind::Page, None, document().document_element(), None)
    }

    /// A page in a frame; events go to the parent.
    pub(crate) fn frame(emit: Emit) -> Self {
        Self::new(Kind::Frame, None, document().document_element(), Some(emit))
    }

    /// An element: all of it is below `themed`, in a shadow root.
    pub(crate) fn element(
        shadow: web_sys::ShadowRoot,
        themed: web_sys::Element,
        emit: Emit,
        parts: HostParts,
    ) -> Self {
        let surface = Self::new(Kind::Element, Some(shadow), Some(themed), Some(emit));
        surface.inner.update_value(|inner| inner.parts = parts);
        surface
    }

    /// A surface without a document, for native tests.
    #[cfg(test)]
    pub(crate) fn detached(emit: Emit) -> Self {
        Self::new(Kind::Frame, None, None, Some(emit))
    }

    fn new(
        kind: Kind,
        shadow: Option<web_sys::ShadowRoot>,
        themed: Option<web_sys::Element>,
        emit: Option<Emit>,
    ) -> Self {
        let inner = Inner { shadow, themed, emit, parts: HostParts::default(), moved: Cell::new(false) };
        Self { kind, inner: StoredValue::new_local(inner) }
    }

    /// What kind of place it is.
    pub(crate) fn kind(self) -> Kind {
        self.kind
    }

    /// Whether banner and navigation are shown. Elsewhere the embedding page has its own.
    pub(crate) fn has_chrome(self) -> bool {
        self.kind == Kind::Page
    }

    fn with<T>(self, look: impl FnOnce(&Inner) -> T) -> Option<T> {
        // Gone only while the app is being unmounted.
        self.inner.try_with_value(look)
    }

    /// The first element of the dashboard that matches a selector.
    pub(crate) fn find(self, selector: &str) -> Option<web_sys::HtmlElement> {
        let found = self.with(|inner| match &inner.shadow {
            Some(shadow) => shadow.query_selector(selector).ok().flatten(),
            None => document().query_selector(selector).ok().flatten(),
        });
        found.flatten()?.dyn_into().ok()
    }

    /// What has the focus, if it is in the dashboard.
    pub(crate) fn focused(self) -> Option<web_sys::HtmlElement> {
        let active = self.with(|inner| match &inner.shadow {
            Some(shadow) => shadow.active_element(),
            None => document().active_element(),
        });
        active.flatten()?.dyn_into().ok()
    }

    /// Whether an event of the window is meant for this dashboard: an element hears keys pressed anywhere on the page.
    pub(crate) fn owns(self, event: &web_sys::Event) -> bool {
        let host = self.with(|inner| inner.shadow.as_ref().map(web_sys::ShadowRoot::host)).flatten();
        host.is_none_or(|host| event.composed_path().includes(&host, 0))
    }

    /// Names the document, where it is the dashboard's own.
    pub(crate) fn set_title(self, title: &str) {
        if self.kind != Kind::Element {
            document().set_title(title);
        }
    }

    /// Whether a new screen takes the focus. It never does before a person has moved within a page that is not the dashboard's.
    pub(crate) fn takes_focus(self) -> bool {
        self.kind == Kind::Page || self.with(|inner| inner.moved.get()).unwrap_or_default()
    }

    /// Notes that a person has moved to another screen, and shows its top.
    pub(crate) fn moved(self) {
        self.with(|inner| {
            inner.moved.set(true);
            match &inner.shadow {
                None => window().scroll_to_with_x_and_y(0.0, 0.0),
                Some(shadow) if shadow.host().get_bounding_client_rect().top() < 0.0 => {
                    shadow.host().scroll_into_view();
                }
                Some(_) => {}
            }
        });
    }

    /// Marks what everything is drawn in with an attribute of the style sheets, or takes it away.
    pub(crate) fn mark(self, attribute: &str, value: Option<&str>) {
        self.with(|inner| {
            let Some(themed) = &inner.themed else { return };
            let _ = match value {
                Some(value) => themed.set_attribute(attribute, value),
                None => themed.remove_attribute(attribute),
            };
        });
    }

    /// Sets the accent colour: as configured on a light background, brighter on a dark one.
    pub(crate) fn colour(self, accent: &str) {
        let property = format!("light-dark({accent}, color-mix(in oklab, {accent} 45%, white))");
        self.with(|inner| {
            let themed = inner.themed.as_ref().and_then(|themed| themed.dyn_ref::<web_sys::HtmlElement>());
            let Some(style) = themed.map(web_sys::HtmlElement::style) else { return };
            for name in ["--acr-accent", "--acr-accent-strong"] {
                let _ = style.set_property(name, &property);
            }
        });
    }

    /// What starts the worker that reads layers, where the embedding page does that.
    pub(crate) fn start_worker(self) -> Option<StartWorker> {
        self.with(|inner| inner.parts.start_worker.clone()).flatten()
    }

    /// What loads the module that signs in with Microsoft, where the embedding page does that.
    pub(crate) fn load_microsoft(self) -> Option<LoadMicrosoft> {
        self.with(|inner| inner.parts.load_microsoft.clone()).flatten()
    }

    /// Emits an event to the embedding page; false where the page has prevented it.
    pub(crate) fn emit(self, event: &Event) -> bool {
        let emit = self.with(|inner| inner.emit.clone()).flatten();
        emit.is_none_or(|emit| emit(event))
    }
}

/// The failure of a change that the embedding page has prevented.
pub(crate) fn stopped(what: impl Into<String>) -> Failure {
    Failure::local(what, text::STOPPED_BY_HOST, text::STOPPED_BY_HOST_REMEDY)
}

/// The place that the dashboard is shown in.
pub(crate) fn use_surface() -> Surface {
    expect_context()
}
