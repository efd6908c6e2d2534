//! The client as the one WebAssembly module of its npm package, whose exports are those of [`acr_client_wasm`] with the feature `js`.
//!
//! It is a crate of its own for its size: Cargo leaves out link-time optimization where a library is also built for Rust, as the
//! client is, and the module is a tenth larger without it.

use acr_client_wasm as _;
