//! Panics. One ends the WebAssembly module for good: what it was about to change stays half changed, for every element of the page.

use std::cell::OnceCell;
use std::panic::set_hook;

use js_sys::Function;
use wasm_bindgen::JsValue;

thread_local! {
    /// Called after a panic.
    static REPORT: OnceCell<Function> = const { OnceCell::new() };
}

/// Has `report` called without arguments when the module panics, once the console has the panic's message. The module is still on the
/// stack then: `report` must not call it. A second function is ignored.
pub(crate) fn report_with(report: Function) {
    if REPORT.with(|kept| kept.set(report)).is_err() {
        return;
    }
    set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        if let Some(report) = REPORT.with(|kept| kept.get().cloned()) {
            // Where reporting fails, there is nothing left to report to.
            let _reported = report.call0(&JsValue::UNDEFINED);
        }
    }));
}
