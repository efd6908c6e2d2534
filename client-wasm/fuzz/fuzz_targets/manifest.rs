//! Manifests of every kind, and image configurations.
#![no_main]

use acr_client_wasm::{ImageConfig, Manifest, MediaType};
use libfuzzer_sys::fuzz_target;

const KINDS: [&str; 7] = [
    MediaType::DOCKER_V1_SIGNED,
    MediaType::DOCKER_MANIFEST,
    MediaType::DOCKER_MANIFEST_LIST,
    MediaType::OCI_MANIFEST,
    MediaType::OCI_INDEX,
    MediaType::OCI_ARTIFACT,
    "application/json",
];

fuzz_target!(|bytes: &[u8]| {
    for kind in KINDS {
        if let Ok(manifest) = Manifest::from_slice(bytes, &MediaType::new(kind)) {
            let _ = (manifest.config(), manifest.layers(), manifest.manifests(), manifest.annotations());
            let _ = (manifest.subject(), manifest.artifact_type(), manifest.media_type(), manifest.schema_version());
        }
    }
    let _ = ImageConfig::from_slice(bytes);
});
