//! The JavaScript face of the client: parse what a caller gives, call the operation, hand back what the registry said. Nothing else lives
//! here. Lists and attributes pass through as the browser parsed them, `null` lists made empty and nothing taken away, so no typed model
//! is built for JavaScript callers.
//!
//! The declarations of data are the files in `types/`, named as the seed names them; those of calls come from the methods here.

mod abort;
mod answer;
mod blobs;
mod client;
mod credential;
mod error;
mod input;
mod manifests;
mod paged;
mod repositories;
mod stream;
mod tags;
mod tokens;
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
