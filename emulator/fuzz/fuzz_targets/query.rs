//! Any query of the lists, the token service and the uploads.
#![no_main]

use acr_emulator_fuzz::Target;
use libfuzzer_sys::fuzz_target;

thread_local!(static TARGET: Target = Target::new());

fuzz_target!(|query: &str| {
    TARGET.with(|target| {
        for path in ["/acr/v1/_catalog", "/acr/v1/a/_tags", "/acr/v1/a/_manifests", "/v2/a/tags/list", "/oauth2/token"] {
            target.send("GET", &format!("{path}?{query}"), &[], b"");
        }
        target.send("POST", &format!("/v2/a/blobs/uploads/?{query}"), &[], b"");
        target.send("PATCH", &format!("/v2/a/blobs/uploads/x?_state={query}"), &[], b"");
    });
});
