//! The npm package: classes over the handles of the client. A method reads its options, calls the handle and converts the answer.
//!
//! Options and small values go through serde-wasm-bindgen. The registry's documents are parsed by the browser's own `JSON.parse`, with
//! every field kept and `null` lists made empty. `types/` declares data and options; the classes are declared by wasm-bindgen.

mod abort;
mod blobs;
mod client;
mod convert;
mod document;
mod download;
mod error;
mod list;
mod manifests;
mod options;
mod repositories;
mod tags;
mod tokens;
mod turns;
mod upload;
mod upload_content;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const ATTRIBUTES: &str = include_str!("js/types/attributes.ts");
#[wasm_bindgen(typescript_custom_section)]
const MANIFEST: &str = include_str!("js/types/manifest.ts");
#[wasm_bindgen(typescript_custom_section)]
const ERRORS_AND_TOKENS: &str = include_str!("js/types/errors_and_tokens.ts");
#[wasm_bindgen(typescript_custom_section)]
const OPTIONS: &str = include_str!("js/types/options.ts");
#[wasm_bindgen(typescript_custom_section)]
const REGISTRY_ERROR: &str = include_str!("js/types/registry_error.ts");

/// Small, and no slower here: it takes 2 KB of the package where Rust's own allocator takes 4.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
