//! Any body of a push, an attribute change or a form.
#![no_main]

use acr_emulator_fuzz::Target;
use libfuzzer_sys::fuzz_target;

thread_local!(static TARGET: Target = Target::new());

const TYPES: [&[u8]; 4] = [
    b"application/vnd.oci.image.manifest.v1+json",
    b"application/vnd.oci.image.index.v1+json",
    b"application/vnd.docker.distribution.manifest.v1+json",
    b"application/json",
];

fuzz_target!(|body: &[u8]| {
    TARGET.with(|target| {
        for content_type in TYPES {
            target.send("PUT", "/v2/a/manifests/t", &[("content-type", content_type)], body);
        }
        for path in ["/acr/v1/a", "/acr/v1/a/_tags/t", "/acr/v1/a/_manifests/t"] {
            target.send("PATCH", path, &[], body);
        }
        for path in ["/oauth2/token", "/oauth2/exchange"] {
            target.send("POST", path, &[], body);
        }
    });
});
