//! Any path below `/registries/`. What is let through neither climbs nor hides a character, and its call names what it says.
#![no_main]

use acr_gateway::inbound::target;
use acr_gateway::route::{Route, operation};
use http::Method;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (method, path) = input;
    let Route::Registry { name, path: below } = Route::of(path) else { return };
    assert!(path.ends_with(below) && !name.contains('/'));
    let Ok(Some(target)) = target::parse(below) else { return };
    for segment in &target.segments {
        assert!(segment != "." && segment != "..");
        assert!(segment.bytes().all(|byte| (0x20..0x7f).contains(&byte) && !matches!(byte, b'\\' | b'%' | b';' | b'/')));
    }
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let method = &methods[usize::from(method) % methods.len()];
    let call = operation::classify(method, &target, None);
    let reads = matches!(*method, Method::GET | Method::HEAD);
    assert!(!reads || call.operation.action().is_none(), "a read is no write");
    let repository = call.repository.unwrap_or_default();
    assert!(target.segments.join("/").starts_with(&repository));
});
