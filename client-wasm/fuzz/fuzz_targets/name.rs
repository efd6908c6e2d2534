//! Names and times: what parses prints as it was written.
#![no_main]

use acr_client_wasm::{Digest, MediaType, Reference, RepositoryName, TagName, Timestamp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(name) = text.parse::<RepositoryName>() {
        assert_eq!(name.as_str(), text);
        assert!(!text.split('/').any(|part| part.is_empty() || part == ".."));
    }
    if let Ok(tag) = text.parse::<TagName>() {
        assert_eq!(tag.as_str(), text);
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(format!("{}:{}", digest.algorithm(), digest.hex()), text);
        assert!(text.starts_with(&digest.short()));
    }
    if let Ok(reference) = text.parse::<Reference>() {
        assert_eq!(reference.as_str(), text);
    }
    let _ = text.parse::<MediaType>();
    let _ = MediaType::new(text).is_manifest();
    let _ = Timestamp::new(text).unix_millis();
});
