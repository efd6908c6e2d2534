//! Files of the field, in the folder that `ACR_CASES` names; nothing is checked where it names none. Each file `NN-NAME.json` that is a
//! manifest or a config is read; those that are known have their right answer here.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::PathBuf;

use acr_artifact::config::ReadConfig;
use acr_artifact::history::{History, StepLayer};
use acr_artifact::paste::PastedToken;
use acr_artifact::{Description, command, platform, relation};
use acr_client_wasm::{Manifest, MediaType, Reference};

fn folder() -> Option<PathBuf> {
    std::env::var_os("ACR_CASES").map(PathBuf::from)
}

fn read(name: &str) -> Option<Vec<u8>> {
    folder().map(|folder| std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn manifest(name: &str) -> Option<(Manifest, Description)> {
    let bytes = read(name)?;
    let media_type = MediaType::new("application/json");
    let manifest =
        Manifest::from_slice(&bytes, &media_type).unwrap_or_else(|error| panic!("{name}: {error}"));
    let description = Description::of_manifest(&manifest, &media_type);
    Some((manifest, description))
}

#[test]
fn manifests_have_their_titles() {
    for (name, title) in [
        ("01-index-artifact-type.index.json", "Image index (Provider, OpenTofu)"),
        ("01-index-artifact-type.child1.json", "Provider (OpenTofu)"),
        ("02-buildkit-history.image.json", "Image"),
        ("03-oras-artifact-manifest.artifact.json", "Signature (Notation)"),
        ("03-oras-artifact-manifest.soci.json", "Lazy loading index (SOCI)"),
        ("04-buildkit-cache-index.index.json", "Build cache (BuildKit)"),
        ("09-helm-plus.manifest.json", "Helm chart (with provenance)"),
        ("13-signed-schema1.manifest.json", "Image"),
        ("14-sigstore-bundle.provenance.json", "Attestation (SLSA provenance v1)"),
        ("14-sigstore-bundle.sbom.json", "SBOM (SPDX)"),
        ("14-sigstore-bundle.signature.json", "Signature (sigstore)"),
        ("20-config-octet-stream.octet.json", "Image"),
        ("20-config-octet-stream.html.json", "Image"),
        ("20-config-octet-stream.none.json", "Image"),
        ("21-nested-index.outer.json", "Image index"),
    ] {
        let Some((manifest, description)) = manifest(name) else { return };
        assert_eq!(description.title(), title, "{name}");
        let _ = (relation::subject(&manifest), relation::blobs(&manifest), platform::entries(&manifest));
        let reference = Reference::Tag("1.0".parse().unwrap());
        let target = command::Target {
            login_server: "c.azurecr.io",
            repository: "a",
            reference: &reference,
            subject: None,
        };
        let engine = command::pull(&description, &target).line.starts_with("docker pull");
        assert_eq!(
            engine,
            description.title().starts_with("Image") && description.content == acr_artifact::Kind::Image
        );
    }
}

#[test]
fn histories_amount_to_dockerfiles() {
    for (config, layers) in [
        ("02-buildkit-history.image.config.json", 6),
        ("07-windows-history.image.config.json", 4),
        ("36-layer-urls.config.json", 2),
    ] {
        let Some(bytes) = read(config) else { return };
        let config = ReadConfig::from_slice(&bytes).unwrap();
        let history = History::new(&config, layers);
        assert_eq!((history.mismatch, config.unread.as_slice()), (None, [].as_slice()));
        let text = history.dockerfile();
        parse_dockerfile::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        for shell in
            ["/bin/sh -c", "RUN |", "RUN /bin/bash", "RUN powershell", "RUN cmd", "#(nop)", "map[", "&{"]
        {
            assert!(!text.contains(shell), "{text}");
        }
    }
    let Some((Manifest::V1(manifest), _)) = manifest("13-signed-schema1.manifest.json") else { return };
    let layers: Vec<_> = History::of_schema1(&manifest).steps.iter().map(|step| step.layer).collect();
    assert_eq!(layers, [StepLayer::Layer(0), StepLayer::None, StepLayer::Layer(2), StepLayer::None]);
}

#[test]
fn exposed_tokens_are_read() {
    for name in ["11-expose-token.json", "11-quoted.txt", "11-wrapped.txt"] {
        let Some(bytes) = read(name) else { return };
        let token = PastedToken::parse(&String::from_utf8_lossy(&bytes)).unwrap();
        assert_eq!(token.token().unwrap().expose().split('.').count(), 3, "{name}");
    }
}
