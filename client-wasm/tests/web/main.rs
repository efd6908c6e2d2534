//! The browser's transport, in a browser: fetch, abort, streams and errors. Where a test needs a registry that misbehaves, it stands in
//! for `fetch` at a URL of its own; the rest is the browser's own fetch.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod client;
mod environment;
mod fetch;
mod stand_in;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
