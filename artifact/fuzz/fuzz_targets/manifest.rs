//! Documents of every media type.
#![no_main]

use acr_artifact::{Description, command, platform, relation};
use acr_client_wasm::{Manifest, MediaType, Reference};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &[u8])| {
    let (media_type, bytes) = input;
    for media_type in [MediaType::new(media_type), MediaType::new("application/json")] {
        let Ok(manifest) = Manifest::from_slice(bytes, &media_type) else { continue };
        let description = Description::of_manifest(&manifest, &media_type);
        assert!(!description.title().is_empty());
        let entries = platform::entries(&manifest);
        let _ = (platform::default_entry(&entries), relation::subject(&manifest), relation::blobs(&manifest));
        let Ok(reference) = "1.0".parse::<Reference>() else { return };
        let target = command::Target {
            login_server: "contoso.azurecr.io",
            repository: "app",
            reference: &reference,
            subject: None,
        };
        assert!(command::pulls(&description, &target).iter().all(|it| !it.line.contains(char::is_control)));
    }
});
