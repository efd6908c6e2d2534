//! Any path, with every method.
#![no_main]

use acr_emulator_fuzz::Target;
use libfuzzer_sys::fuzz_target;

thread_local!(static TARGET: Target = Target::new());

fuzz_target!(|path: &str| {
    TARGET.with(|target| {
        for method in ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"] {
            for prefix in ["", "/v2/", "/acr/v1/"] {
                target.send(method, &format!("{prefix}{path}"), &[], b"");
            }
        }
    });
});
