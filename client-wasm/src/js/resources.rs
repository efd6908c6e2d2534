//! The resources of a client as JavaScript classes, which check what callers give and shape what they get. Each stands on [`Calls`].

use wasm_bindgen::prelude::wasm_bindgen;

use super::calls::Calls;

#[wasm_bindgen(module = "/src/js/repositories.js")]
extern "C" {
    pub type Repositories;
    #[wasm_bindgen(constructor)]
    pub fn new(calls: Calls) -> Repositories;
}

#[wasm_bindgen(module = "/src/js/manifests.js")]
extern "C" {
    pub type Manifests;
    #[wasm_bindgen(constructor)]
    pub fn new(calls: Calls) -> Manifests;
}

#[wasm_bindgen(module = "/src/js/tags.js")]
extern "C" {
    pub type Tags;
    #[wasm_bindgen(constructor)]
    pub fn new(calls: Calls) -> Tags;
}

#[wasm_bindgen(module = "/src/js/blobs.js")]
extern "C" {
    pub type Blobs;
    #[wasm_bindgen(constructor)]
    pub fn new(calls: Calls) -> Blobs;
}

#[wasm_bindgen(module = "/src/js/tokens.js")]
extern "C" {
    pub type Tokens;
    #[wasm_bindgen(constructor)]
    pub fn new(calls: Calls) -> Tokens;
}

// What the classes import goes into the package only where it is named here.
#[wasm_bindgen(module = "/src/js/call.js")]
extern "C" {
    #[allow(dead_code)]
    fn run();
}
#[wasm_bindgen(module = "/src/js/paged.js")]
extern "C" {
    #[allow(dead_code)]
    type Paged;
}
#[wasm_bindgen(module = "/src/js/stream.js")]
extern "C" {
    #[allow(dead_code)]
    fn readable();
}
#[wasm_bindgen(module = "/src/js/upload.js")]
extern "C" {
    #[allow(dead_code)]
    type Upload;
}
