//! The bindings of the custom element `<acr-dashboard>`: from what its glue in `npm/` hands over to the dashboard, and back. What an
//! element is to the page (attributes, loading, events) lives in that glue; what it shows lives in the dashboard.
#![cfg(target_arch = "wasm32")]

mod credential;
mod options;
mod panic;
mod value;

use acr_dashboard::embed::{self, Mounted};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// Has `report` called without arguments when the module panics. The module is still on the stack then: `report` must not call it.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(report: js_sys::Function) {
    panic::report_with(report);
}

/// A dashboard in an element. `free` takes it down: its requests are aborted, its listeners removed, its memory freed.
#[wasm_bindgen]
pub struct Dashboard(Mounted);

#[wasm_bindgen]
impl Dashboard {
    /// Puts a dashboard into `place`, which lies in `shadow`.
    ///
    /// # Errors
    /// Throws where a member of `options` is missing or of the wrong type.
    #[wasm_bindgen(constructor)]
    pub fn new(
        shadow: web_sys::ShadowRoot,
        place: web_sys::HtmlElement,
        options: &JsValue,
    ) -> Result<Self, JsError> {
        Ok(Self(embed::mount(shadow, place, options::read(options)?)))
    }

    /// Shows a screen, by its route without the registry's name.
    pub fn navigate(&self, route: &str) {
        self.0.navigate(route);
    }

    /// Loads anew what is shown.
    pub fn refresh(&self) {
        self.0.refresh();
    }

    /// Chooses the theme: `light`, `dark`, or anything else for the system's.
    #[wasm_bindgen(js_name = setTheme)]
    pub fn set_theme(&self, theme: &str) {
        self.0.set_theme(theme);
    }

    /// Chooses the density: `compact`, or anything else for comfortable.
    #[wasm_bindgen(js_name = setDensity)]
    pub fn set_density(&self, density: &str) {
        self.0.set_density(density);
    }
}
