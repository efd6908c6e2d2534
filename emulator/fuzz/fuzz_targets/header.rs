//! Any value of the headers that are read.
#![no_main]

use acr_emulator_fuzz::Target;
use libfuzzer_sys::fuzz_target;

thread_local!(static TARGET: Target = Target::new());

fuzz_target!(|value: &[u8]| {
    TARGET.with(|target| {
        for name in ["authorization", "accept", "content-type", "content-range", "range", "content-length", "host"] {
            for (method, path) in [("GET", "/v2/a/manifests/t"), ("PUT", "/v2/a/manifests/t"), ("GET", "/oauth2/token")] {
                target.send(method, path, &[(name, value)], b"{}");
            }
        }
    });
});
