//! Any Location against the storage hosts of Azure: what matches is one label below the pattern, over https, at its own port.
#![no_main]

use acr_gateway::config::{Origin, StorageHost};
use http::Uri;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (pattern, location) = input;
    let azure: StorageHost = "*.blob.core.windows.net".parse().expect("a pattern");
    if let Ok(uri) = location.parse::<Uri>() {
        if azure.matches(&uri) {
            let host = uri.host().unwrap_or_default().to_ascii_lowercase();
            let account = host.strip_suffix(".blob.core.windows.net").expect("a host below the pattern");
            assert!(!account.is_empty() && !account.contains(['.', '@', ':', '%', '/']));
            assert_eq!((uri.scheme_str(), uri.port_u16().unwrap_or(443)), (Some("https"), 443));
        }
        if let Ok(host) = pattern.parse::<StorageHost>() {
            let _ = host.matches(&uri);
        }
    }
    if let Ok(origin) = pattern.parse::<Origin>() {
        assert!(origin.as_str().bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'\'' | b'*')));
    }
});
