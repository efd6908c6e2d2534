//! The kind of documents, rows and entries, and that each is the same wherever a thing is met.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use acr_artifact::{Description, Kind, Variant, platform, relation, types};
use acr_client_wasm::{Descriptor, Manifest, ManifestAttributesBase, MediaType};
use proptest::prelude::*;
use serde_json::json;

const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const IMAGE_CONFIG: &str = MediaType::OCI_CONFIG;

fn document(json: &str, media_type: &str) -> (Manifest, Description) {
    let media_type = MediaType::new(media_type);
    let manifest = Manifest::from_slice(json.as_bytes(), &media_type).unwrap();
    let description = Description::of_manifest(&manifest, &media_type);
    (manifest, description)
}

/// A manifest with this config, artifact type and layers.
fn oci(config: &str, artifact_type: Option<&str>, layers: &[&str]) -> Description {
    let layer = |kind: &&str| json!({"mediaType": kind, "digest": "sha256:1", "size": 1});
    let layers: Vec<_> = layers.iter().map(layer).collect();
    let mut manifest = json!({"schemaVersion": 2, "config": {"mediaType": config, "digest": "sha256:0", "size": 2}, "layers": layers});
    if let Some(artifact_type) = artifact_type {
        manifest["artifactType"] = json!(artifact_type);
    }
    document(&manifest.to_string(), MediaType::OCI_MANIFEST).1
}

fn row(fields: serde_json::Value) -> Description {
    let mut row = json!({"digest": "sha256:0"});
    row.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    Description::of_row(&serde_json::from_value::<ManifestAttributesBase>(row).unwrap())
}

fn entry(fields: serde_json::Value) -> Description {
    Description::of_descriptor(&serde_json::from_value::<Descriptor>(fields).unwrap())
}

#[test]
fn config_types_and_artifact_types_decide_alike_on_every_screen() {
    for (kind, name) in [
        ("application/vnd.cncf.helm.config.v1+json", Kind::HelmChart),
        ("application/vnd.cncf.notary.signature", Kind::Signature),
        ("application/vnd.cncf.notary.v2.signature", Kind::Signature),
        ("application/vnd.dev.cosign.artifact.sig.v1+json", Kind::Signature),
        ("application/spdx+json", Kind::Sbom),
        ("text/spdx", Kind::Sbom),
        ("application/vnd.cyclonedx+xml", Kind::Sbom),
        ("application/vnd.syft+json", Kind::Sbom),
        ("application/vnd.in-toto+json", Kind::Attestation),
        ("application/vnd.docker.attestation.manifest.v1+json", Kind::Attestation),
        ("application/vnd.buildkit.cacheconfig.v0", Kind::BuildCache),
        ("application/vnd.amazon.soci.index.v1+json", Kind::LazyLoadingIndex),
        ("application/vnd.amazon.soci.index.v2+json", Kind::LazyLoadingIndex),
        ("application/vnd.wasm.config.v0+json", Kind::Wasm),
        ("application/vnd.fermyon.spin.application.v1+config", Kind::Wasm),
        ("application/vnd.ms.bicep.module.config.v1+json", Kind::Bicep),
        ("application/vnd.ms.bicep.module.artifact", Kind::Bicep),
        ("application/vnd.cncf.flux.config.v1+json", Kind::Flux),
        ("application/vnd.docker.compose.project", Kind::Compose),
        ("application/vnd.cncf.model.manifest.v1+json", Kind::Model),
        ("application/vnd.docker.ai.model.config.v0.1+json", Kind::Model),
        ("application/vnd.kitops.modelkit.config.v1+json", Kind::Model),
        ("application/vnd.devcontainers", Kind::DevContainer),
        ("application/vnd.cncf.openpolicyagent.config.v1+json", Kind::OpaBundle),
        ("application/vnd.sylabs.sif.config.v1+json", Kind::Singularity),
        ("application/vnd.opentofu.provider-target", Kind::TofuProvider),
        ("application/vnd.opentofu.modulepkg", Kind::TofuModule),
        ("application/vnd.cncf.falco.rulesfile.config.v1+json", Kind::Falco),
        ("application/vnd.cncf.kyverno.config.v1+json", Kind::KyvernoPolicy),
        ("application/vnd.cnab.config.v1+json", Kind::CnabBundle),
        ("application/vnd.docker.plugin.v1+json", Kind::DockerPlugin),
        ("application/vnd.acme.rocket.config", Kind::Artifact),
    ] {
        assert_eq!(oci(kind, None, &[]).kind, name, "config {kind}");
        assert_eq!(oci(MediaType::OCI_EMPTY, Some(kind), &["application/octet-stream"]).kind, name, "{kind}");
        assert_eq!(
            row(json!({"mediaType": MediaType::OCI_MANIFEST, "configMediaType": kind})).kind,
            name,
            "row {kind}"
        );
        let fields = json!({"mediaType": MediaType::OCI_MANIFEST, "artifactType": kind, "digest": "sha256:0", "size": 1});
        assert_eq!(entry(fields).kind, name, "entry {kind}");
    }
}

#[test]
fn an_unknown_type_is_shown_under_its_own_name() {
    let unknown = oci(MediaType::OCI_EMPTY, Some("application/vnd.acme.rocket"), &["text/plain"]);
    assert_eq!((unknown.kind, unknown.title().as_str()), (Kind::Artifact, "application/vnd.acme.rocket"));
    assert_eq!(oci("application/vnd.acme.config", None, &[]).title(), "application/vnd.acme.config");
    assert_eq!(document("[7]", "application/vnd.acme.v9+json").1.title(), "application/vnd.acme.v9+json");
    assert_eq!(oci(MediaType::OCI_EMPTY, None, &["text/plain"]).title(), "Artifact");
    let hostile = oci(MediaType::OCI_EMPTY, Some("a/b\u{1b}[31m\n"), &[]);
    assert!(!hostile.title().contains(char::is_control), "{:?}", hostile.title());
}

#[test]
fn images_of_all_ages_are_images() {
    for json in [
        include_str!("fixtures/docker-2016.json").to_owned(),
        include_str!("fixtures/docker-2016.json").replace("application/octet-stream", "text/html"),
        include_str!("fixtures/docker-2016.json").replace("application/octet-stream", "application/json"),
        include_str!("fixtures/docker-2016.json").replace("application/octet-stream", ""),
    ] {
        let (_, description) = document(&json, MediaType::DOCKER_MANIFEST);
        assert_eq!((description.kind, description.is_runnable), (Kind::Image, true));
    }
    for config in ["application/octet-stream", "application/json", "text/html", "", MediaType::DOCKER_CONFIG]
    {
        let fields = json!({"mediaType": MediaType::DOCKER_MANIFEST, "configMediaType": config});
        assert_eq!(row(fields).kind, Kind::Image, "{config}");
    }
    assert_eq!(
        document(include_str!("fixtures/schema1.json"), MediaType::DOCKER_V1_SIGNED).1.kind,
        Kind::Image
    );
    assert_eq!(row(json!({"mediaType": MediaType::DOCKER_V1_SIGNED})).kind, Kind::Image);
    assert_eq!(oci(IMAGE_CONFIG, None, &[LAYER]).kind, Kind::Image);
    // A registry that answers with a generic type leaves the decision to the document.
    let bare = r#"{"schemaVersion":2,"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:1","size":1}]}"#;
    assert_eq!(document(bare, "application/json").1.kind, Kind::Image);
    // An OCI manifest with such a config is an artifact.
    assert_eq!(oci("application/octet-stream", None, &[LAYER]).kind, Kind::Artifact);
}

#[test]
fn layers_tell_what_an_images_config_hides() {
    for (layer, kind) in [
        ("application/vnd.dev.cosign.simplesigning.v1+json", Kind::Signature),
        ("application/vnd.dsse.envelope.v1+json", Kind::Attestation),
        ("application/vnd.in-toto+json", Kind::Attestation),
        ("text/spdx+json", Kind::Sbom),
        ("application/vnd.ollama.image.model", Kind::Model),
        ("application/wasm", Kind::Wasm),
    ] {
        assert_eq!(oci(IMAGE_CONFIG, None, &[layer]).kind, kind, "{layer}");
    }
    let provisional = row(json!({"mediaType": MediaType::OCI_MANIFEST, "configMediaType": IMAGE_CONFIG}));
    assert!(provisional.is_provisional && provisional.kind == Kind::Image);
    assert!(!oci(IMAGE_CONFIG, None, &[LAYER]).is_provisional);
}

#[test]
fn rows_name_cosigns_tags_and_buildkits_attestations() {
    let image = json!({"mediaType": MediaType::OCI_MANIFEST, "configMediaType": IMAGE_CONFIG, "os": "linux", "architecture": "amd64"});
    assert_eq!(row(image.clone()).kind, Kind::Image);
    for (suffix, kind) in [("sig", Kind::Signature), ("att", Kind::Attestation), ("sbom", Kind::Sbom)] {
        let mut tagged = image.clone();
        tagged["tags"] = json!([format!("sha256-{}.{suffix}", "a".repeat(64))]);
        assert_eq!(row(tagged).kind, kind);
    }
    let unknown = json!({"mediaType": MediaType::OCI_MANIFEST, "configMediaType": IMAGE_CONFIG, "os": "unknown", "architecture": "unknown"});
    assert_eq!(row(unknown).kind, Kind::Attestation);
}

#[test]
fn sigstore_bundles_are_distinguished_by_predicate() {
    let bundle = |annotations: serde_json::Value| {
        entry(
            json!({"mediaType": MediaType::OCI_MANIFEST, "digest": "sha256:0", "size": 1, "annotations": annotations,
            "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json"}),
        )
    };
    let predicate = |uri: &str| {
        bundle(
            json!({"dev.sigstore.bundle.content": "dsse-envelope", "dev.sigstore.bundle.predicateType": uri}),
        )
    };
    let provenance = predicate("https://slsa.dev/provenance/v1");
    assert_eq!(
        (provenance.kind, provenance.title().as_str()),
        (Kind::Attestation, "Attestation (SLSA provenance v1)")
    );
    assert_eq!(predicate("https://spdx.dev/Document/v2.3").title(), "SBOM (SPDX)");
    assert_eq!(predicate("https://cyclonedx.org/bom").title(), "SBOM (CycloneDX)");
    assert_eq!(predicate("https://cyclonedx.org/schema").title(), "SBOM (CycloneDX)");
    assert_eq!(predicate("https://sigstore.dev/cosign/sign/v1").kind, Kind::Signature);
    assert_eq!(predicate("https://example.test/own/v1").title(), "Attestation (https://example.test/own/v1)");
    assert_eq!(bundle(json!({"dev.sigstore.bundle.content": "message-signature"})).kind, Kind::Signature);
    assert_eq!(bundle(json!({})).kind, Kind::Signature);
}

/// A manifest as cosign pushes it: an image's config, and layers of this type with a predicate type each.
fn by_cosign(layer: &str, predicates: &[&str]) -> Description {
    let layer = |predicate: &&str| json!({"mediaType": layer, "digest": "sha256:1", "size": 1, "annotations": {"predicateType": predicate}});
    let layers: Vec<_> = predicates.iter().map(layer).collect();
    let manifest = json!({"schemaVersion": 2, "config": {"mediaType": IMAGE_CONFIG, "digest": "sha256:0", "size": 2}, "layers": layers});
    document(&manifest.to_string(), MediaType::OCI_MANIFEST).1
}

#[test]
fn what_cosign_attaches_is_named_by_its_predicates() {
    const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
    for (predicates, title) in [
        (&["https://slsa.dev/provenance/v0.2"][..], "Attestation (SLSA provenance v0.2)"),
        (&["https://spdx.dev/Document"], "SBOM (SPDX)"),
        (&["https://cyclonedx.org/bom", "https://cyclonedx.org/bom"], "SBOM (CycloneDX)"),
        (&["https://cosign.sigstore.dev/attestation/vuln/v1"], "Scan report (vulnerabilities)"),
        (
            &["https://slsa.dev/provenance/v1", "https://spdx.dev/Document"],
            "Attestation (SLSA provenance v1, SPDX)",
        ),
        (
            &["https://spdx.dev/Document", "https://slsa.dev/provenance/v1"],
            "Attestation (SPDX, SLSA provenance v1)",
        ),
        (&["https://example.test/own/v1"], "Attestation (https://example.test/own/v1)"),
        (&[""], "Attestation"),
    ] {
        assert_eq!(by_cosign(ENVELOPE, predicates).title(), title);
    }
    let in_toto = json!({"mediaType": "application/vnd.in-toto+json", "digest": "sha256:1", "size": 1,
        "annotations": {"in-toto.io/predicate-type": "https://spdx.dev/Document"}});
    let manifest = json!({"schemaVersion": 2, "artifactType": "application/vnd.in-toto+json", "layers": [in_toto],
        "config": {"mediaType": MediaType::OCI_EMPTY, "digest": "sha256:0", "size": 2}});
    assert_eq!(document(&manifest.to_string(), MediaType::OCI_MANIFEST).1.title(), "SBOM (SPDX)");
    assert!(by_cosign(ENVELOPE, &[""]).lacks_detail() && !by_cosign(ENVELOPE, &["x"]).lacks_detail());
    assert_eq!(by_cosign("text/spdx+json", &[""]).title(), "SBOM (SPDX)");
    assert_eq!(by_cosign("application/vnd.cyclonedx+json", &[""]).title(), "SBOM (CycloneDX)");
    assert_eq!(
        by_cosign("application/vnd.dev.cosign.simplesigning.v1+json", &[""]).title(),
        "Signature (cosign)"
    );
    let listed = entry(json!({"mediaType": MediaType::OCI_MANIFEST, "digest": "sha256:0", "size": 1,
        "artifactType": "application/vnd.dev.cosign.artifact.sbom.v1+json"}));
    assert!(listed.lacks_detail() && !oci(IMAGE_CONFIG, None, &[LAYER]).lacks_detail());
}

#[test]
fn annotations_name_packages_that_look_like_images() {
    let with = |annotations: serde_json::Value| {
        let manifest = json!({"schemaVersion": 2, "config": {"mediaType": IMAGE_CONFIG, "digest": "sha256:0", "size": 2},
            "layers": [{"mediaType": LAYER, "digest": "sha256:1", "size": 1}], "annotations": annotations});
        document(&manifest.to_string(), MediaType::OCI_MANIFEST).1
    };
    assert_eq!(with(json!({"com.github.package.type": "homebrew_bottle"})).kind, Kind::HomebrewBottle);
    assert_eq!(
        with(json!({"com.github.package.type": "devcontainer_feature"})).title(),
        "Dev container (feature)"
    );
    assert_eq!(with(json!({"module.wasm.image/variant": "compat"})).kind, Kind::Wasm);
    let layer = |key: &str| {
        let manifest = json!({"schemaVersion": 2, "config": {"mediaType": IMAGE_CONFIG, "digest": "sha256:0", "size": 2},
            "layers": [{"mediaType": LAYER, "digest": "sha256:1", "size": 1, "annotations": {key: "x"}}]});
        document(&manifest.to_string(), MediaType::OCI_MANIFEST).1
    };
    assert_eq!(layer("dev.tekton.image.kind").kind, Kind::TektonBundle);
    assert_eq!(layer("io.crossplane.xpkg").kind, Kind::CrossplanePackage);
    assert_eq!(layer("containerd.io/snapshot/stargz/toc.digest").variants, [Variant::EStargz]);
    assert_eq!(layer("containerd.io/snapshot/nydus-bootstrap").variants, [Variant::Nydus]);
    assert_eq!(
        oci(IMAGE_CONFIG, None, &["application/vnd.oci.image.layer.v1.tar+zstd"]).variants,
        [Variant::Zstd]
    );
    assert_eq!(with(json!({"com.amazon.soci.index-digest": "sha256:0"})).variants, [Variant::Soci]);
}

#[test]
fn soci_indexes_and_their_ztocs_are_lazy_loading_indexes() {
    let ztoc = json!({"mediaType": "application/octet-stream", "digest": "sha256:1", "size": 1, "annotations": {"com.amazon.soci.image-layer-digest": "sha256:2"}});
    assert_eq!(entry(ztoc.clone()).title(), "Lazy loading index (SOCI ztoc)");
    let index = json!({"schemaVersion": 2, "config": {"mediaType": MediaType::OCI_EMPTY, "digest": "sha256:0", "size": 2}, "layers": [ztoc]});
    assert_eq!(document(&index.to_string(), MediaType::OCI_MANIFEST).1.title(), "Lazy loading index (SOCI)");
}

#[test]
fn artifact_manifests_of_oras_are_read() {
    let json = include_str!("fixtures/oras-signature.json");
    let (manifest, description) = document(json, types::ORAS_ARTIFACT_MANIFEST);
    assert_eq!(description.title(), "Signature (Notation)");
    assert_eq!(relation::subject(&manifest).unwrap().digest, format!("sha256:{}", "2".repeat(64)));
    assert_eq!(relation::blobs(&manifest).len(), 1);
    // The same by a media type that says nothing, and with an odd annotation.
    assert_eq!(document(json, "application/json").1.kind, Kind::Signature);
    let odd = json.replace("\"2022-06-01T10:00:00Z\"", "7");
    let (manifest, description) = document(&odd, types::ORAS_ARTIFACT_MANIFEST);
    assert_eq!(description.kind, Kind::Signature);
    assert!(relation::subject(&manifest).is_some());
    let listed = row(
        json!({"mediaType": types::ORAS_ARTIFACT_MANIFEST, "artifactType": "application/vnd.cncf.notary.v2.signature"}),
    );
    assert_eq!(listed.kind, Kind::Signature);
    let oci = json.replace("vnd.cncf.oras.artifact", "vnd.oci.artifact");
    assert_eq!(document(&oci, MediaType::OCI_ARTIFACT).1.kind, Kind::Signature);
}

/// JSON with the keys and types that manifests have, in odd places.
fn odd_json() -> impl Strategy<Value = serde_json::Value> {
    let known: Vec<&str> = types::TYPES.iter().map(|known| known.pattern).collect();
    let text = prop_oneof![any::<String>(), proptest::sample::select(known).prop_map(str::to_owned)];
    let leaf =
        prop_oneof![Just(json!(null)), any::<u64>().prop_map(|it| json!(it)), text.prop_map(|it| json!(it))];
    let keys = [
        "mediaType",
        "artifactType",
        "config",
        "layers",
        "blobs",
        "manifests",
        "annotations",
        "subject",
        "platform",
        "digest",
        "os",
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::vec((proptest::sample::select(keys.to_vec()), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn odd_documents_have_a_title(value in odd_json()) {
        for media_type in [MediaType::OCI_MANIFEST, MediaType::OCI_INDEX, MediaType::OCI_ARTIFACT, types::ORAS_ARTIFACT_MANIFEST, ""] {
            let media_type = MediaType::new(media_type);
            let Ok(manifest) = Manifest::from_slice(value.to_string().as_bytes(), &media_type) else { continue };
            let title = Description::of_manifest(&manifest, &media_type).title();
            prop_assert!(!title.is_empty() && !title.contains(char::is_control), "{title:?}");
            let entries = platform::entries(&manifest);
            let mut names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            prop_assert_eq!(names.len(), entries.len());
        }
    }
}

#[test]
fn the_end_of_life_that_acr_attaches_to_an_image_is_named() {
    let manifest = json!({"schemaVersion": 2, "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "sha256:2", "size": 2},
        "artifactType": "application/vnd.microsoft.artifact.lifecycle", "layers": [],
        "annotations": {"vnd.microsoft.artifact.lifecycle.end-of-life.date": "2026-03-01"}});
    let description = document(&manifest.to_string(), MediaType::OCI_MANIFEST).1;
    assert_eq!((description.kind, &*description.title()), (Kind::Artifact, "Lifecycle metadata"));
}

#[test]
fn an_application_of_spin_is_named_by_its_own_layer() {
    let wasm = "application/vnd.wasm.content.layer.v1+wasm";
    let spin = "application/vnd.fermyon.spin.application.v1+config";
    for layers in [&[wasm, spin][..], &[spin, wasm]] {
        assert_eq!(oci(IMAGE_CONFIG, None, layers).title(), "WebAssembly (Spin application)", "{layers:?}");
    }
    // The first layer decides the kind.
    assert_eq!(oci(IMAGE_CONFIG, None, &[wasm, "application/spdx+json"]).kind, Kind::Wasm);
}

#[test]
fn a_type_that_says_nothing_leaves_an_entry_open() {
    for stated in [
        "application/vnd.unknown.config.v1+json",
        "application/vnd.unknown.artifact.v1",
        MediaType::OCI_EMPTY,
    ] {
        let listed = entry(
            json!({"mediaType": MediaType::OCI_MANIFEST, "artifactType": stated, "digest": "sha256:0", "size": 1}),
        );
        assert_eq!((listed.kind, listed.is_provisional), (Kind::Artifact, true), "{stated}");
    }
}
