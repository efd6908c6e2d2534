//! `charts/…` and `wasm/…`: artifacts that are not images.

use serde_json::json;

use crate::seed::artifact::{Artifact, Part};
use crate::seed::chart::Chart;
use crate::seed::pusher::{PushError, Pusher, repository};

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let chart = repository("charts/storefront")?;
    for (days, built, version) in [(150, 80, "0.7.0"), (70, 145, "0.8.0"), (5, 205, "0.9.0")] {
        pusher.days_ago(days);
        Chart { version, built, signed: false }.push(pusher, &chart)?;
    }
    pusher.days_ago(13);
    wasm_module(pusher)
}

/// A WebAssembly module, which is an artifact of a type of its own.
fn wasm_module(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    const VERSION: &str = "0.1.0";
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    // A custom section that holds the version.
    let section = [&[7][..], b"version", VERSION.as_bytes()].concat();
    module.extend([0, u8::try_from(section.len()).unwrap_or(0)]);
    module.extend(section);
    let part = Part {
        annotations: json!({ "org.opencontainers.image.title": "edge-filter.wasm" }),
        ..Part::new("application/wasm", module)
    };
    let artifact = Artifact {
        annotations: json!({ "org.opencontainers.image.licenses": "MIT OR Apache-2.0" }),
        ..Artifact::new("application/vnd.wasm.module.v1", vec![part])
    };
    artifact.push(pusher, &repository("wasm/edge-filter")?, &[VERSION]).map(drop)
}
