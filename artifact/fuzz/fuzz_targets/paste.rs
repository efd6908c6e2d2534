//! Pasted references and tokens.
#![no_main]

use acr_artifact::paste::{PastedReference, PastedToken};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(read) = PastedReference::parse(text) {
        assert!(PastedReference::parse(&read.to_string()).is_ok(), "{read}");
    }
    if let Ok(read) = PastedToken::parse(text) {
        let visible = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
        assert!(read.token().is_some_and(|token| visible(token.expose())));
    }
});
