//! The registry's challenge, and the scopes in it: what is read can be written and read again.
#![no_main]

use acr_client_wasm::Scope;
use acr_client_wasm::Challenge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Challenge::parse(text);
    let _ = Challenge::parse(&format!("Bearer {text}"));
    let scope = Scope::parse(text);
    assert_eq!(Scope::parse(&scope.to_string()), scope);
});
