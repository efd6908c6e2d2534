//! The JavaScript face of the client. The classes that callers see are JavaScript, one file a resource: they check what is given, watch
//! the signal, iterate and make streams. They stand on [`calls::Calls`]: parse names, perform the operation, hand back what the registry
//! said. Lists and attributes pass through as the browser parsed them, `null` lists made empty and nothing taken away, so no typed model is
//! built for JavaScript callers.
//!
//! What callers see is declared in `types/`: data named as the seed names it, and the calls.

mod answer;
mod calls;
mod client;
mod download;
mod error;
mod given;
mod list;
mod promise;
mod resources;
mod upload;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const ATTRIBUTES: &str = include_str!("js/types/attributes.ts");
#[wasm_bindgen(typescript_custom_section)]
const MANIFEST: &str = include_str!("js/types/manifest.ts");
#[wasm_bindgen(typescript_custom_section)]
const ERRORS_AND_TOKENS: &str = include_str!("js/types/errors_and_tokens.ts");
#[wasm_bindgen(typescript_custom_section)]
const CLIENT: &str = include_str!("js/types/client.ts");

/// Small, and in no way slower here: it is 2 KB of the package where Rust's own allocator is 4.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
