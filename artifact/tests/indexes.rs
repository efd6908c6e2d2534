//! What the entries of an index make it, and how they are named, counted and chosen.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use acr_artifact::platform::{self, Count};
use acr_artifact::{Description, Kind, command, relation};
use acr_client_wasm::{Manifest, ManifestAttributesBase, MediaType, Reference};
use serde_json::{Value, json};

/// An index of entries with these fields; each gets a digest, a size and a media type where it has none.
fn index(entries: &[Value]) -> (Manifest, Description) {
    let entry = |(position, fields): (usize, &Value)| {
        let mut entry = json!({"mediaType": MediaType::OCI_MANIFEST, "digest": digest(position), "size": 1});
        entry.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        entry
    };
    let entries: Vec<_> = entries.iter().enumerate().map(entry).collect();
    let json = json!({"schemaVersion": 2, "mediaType": MediaType::OCI_INDEX, "manifests": entries});
    document(&json.to_string(), MediaType::OCI_INDEX)
}

fn document(json: &str, media_type: &str) -> (Manifest, Description) {
    let media_type = MediaType::new(media_type);
    let manifest = Manifest::from_slice(json.as_bytes(), &media_type).unwrap();
    let description = Description::of_manifest(&manifest, &media_type);
    (manifest, description)
}

fn row(fields: &Value) -> Description {
    Description::of_row(&serde_json::from_value::<ManifestAttributesBase>(fields.clone()).unwrap())
}

fn digest(position: usize) -> String {
    format!("sha256:{}", position.to_string().repeat(64))
}

fn on(os: &str, architecture: &str) -> Value {
    json!({"platform": {"os": os, "architecture": architecture}})
}

fn of_type(artifact_type: &str) -> Value {
    json!({"artifactType": artifact_type})
}

fn pull(description: &Description) -> String {
    let reference = Reference::Tag("1".parse().unwrap());
    let target = command::Target {
        login_server: "c.azurecr.io",
        repository: "a",
        reference: &reference,
        subject: None,
    };
    command::pull(description, &target).line
}

#[test]
fn an_index_of_other_things_is_not_pulled_by_an_engine() {
    let notation = "application/vnd.cncf.notary.signature";
    for (entries, content, line) in [
        (vec![], Kind::Image, "docker pull c.azurecr.io/a:1"),
        (vec![on("linux", "amd64"), on("linux", "arm64")], Kind::Image, "docker pull c.azurecr.io/a:1"),
        (
            vec![on("linux", "amd64"), of_type("application/vnd.acme.cli")],
            Kind::Image,
            "docker pull c.azurecr.io/a:1",
        ),
        (vec![json!({"mediaType": MediaType::OCI_INDEX})], Kind::Image, "docker pull c.azurecr.io/a:1"),
        (
            vec![of_type("application/vnd.acme.cli"), of_type("application/vnd.acme.cli")],
            Kind::Artifact,
            "oras pull c.azurecr.io/a:1",
        ),
        (
            vec![of_type(notation), of_type("application/spdx+json")],
            Kind::Artifact,
            "oras pull c.azurecr.io/a:1",
        ),
        (vec![of_type(notation), of_type(notation)], Kind::Signature, "oras pull c.azurecr.io/a:1"),
        (
            vec![on("multi", "amd64"), on("multi", "arm64")],
            Kind::Artifact,
            "zarf package pull oci://c.azurecr.io/a:1",
        ),
    ] {
        let (_, description) = index(&entries);
        assert_eq!((description.kind, description.content), (Kind::Index, content), "{entries:?}");
        assert_eq!(pull(&description), line, "{entries:?}");
    }
}

#[test]
fn the_tag_of_the_referrers_fallback_is_evidence() {
    let hex = "0a".repeat(32);
    let tag = format!("sha256-{hex}");
    let row = row(&json!({"digest": digest(1), "mediaType": MediaType::OCI_INDEX, "tags": [tag]}));
    assert_eq!((row.kind, row.content, row.is_runnable), (Kind::Index, Kind::Artifact, false));
    assert_eq!(relation::tag_subject(&tag), Some(format!("sha256:{hex}")));
    assert_eq!(relation::tag_subject(&format!("{tag}.att")), Some(format!("sha256:{hex}")));
    for other in [
        "latest",
        "sha256-00",
        &format!("{tag}0"),
        &format!("sha256-{}", "A".repeat(64)),
        &format!("{tag}.zip"),
    ] {
        assert_eq!(
            (relation::tag_subject(other), relation::is_referrers_tag(other)),
            (None, false),
            "{other}"
        );
    }
}

/// What `soci convert` makes of an image.
fn soci() -> Vec<Value> {
    let mut image = on("linux", "amd64");
    image["annotations"] = json!({"com.amazon.soci.index-digest": digest(1)});
    let mut lazy = on("linux", "amd64");
    lazy["artifactType"] = json!("application/vnd.amazon.soci.index.v2+json");
    lazy["annotations"] = json!({"com.amazon.soci.image-manifest-digest": digest(0)});
    vec![image, lazy]
}

#[test]
fn the_index_that_soci_adds_is_no_platform() {
    let (manifest, description) = index(&soci());
    assert_eq!(description.content, Kind::Image);
    let entries = platform::entries(&manifest);
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["linux/amd64", "Lazy loading index (SOCI v2) for linux/amd64"]);
    assert_eq!(entries[1].about, Some(digest(0).as_str()));
    assert_eq!(platform::count(&entries), Count { platforms: 1, others: 1, ..Count::default() });
}

#[test]
fn evidence_is_counted_by_its_kind() {
    let entries = [on("linux", "amd64"), on("unknown", "unknown"), of_type("application/spdx+json")];
    let (manifest, _) = index(&entries);
    let count = platform::count(&platform::entries(&manifest));
    assert_eq!(count, Count { platforms: 1, attestations: 1, others: 1 });
}

#[test]
fn the_image_that_runs_on_most_machines_opens_first() {
    let level =
        |variant: &str| json!({"platform": {"os": "linux", "architecture": "amd64", "variant": variant}});
    for (entries, first) in [
        (vec![level("v3"), on("linux", "amd64")], 1),
        (vec![level("v3"), level("v1")], 1),
        (vec![level("v3"), level("v2")], 0),
        (vec![on("linux", "arm64"), level("v3")], 1),
        (vec![on("linux", "arm64"), on("windows", "amd64")], 0),
    ] {
        let (manifest, _) = index(&entries);
        assert_eq!(platform::default_entry(&platform::entries(&manifest)), Some(first), "{entries:?}");
    }
}

#[test]
fn an_index_is_an_index_whatever_its_entries_are() {
    let (manifest, tofu) = document(include_str!("fixtures/tofu-provider-index.json"), MediaType::OCI_INDEX);
    assert_eq!((tofu.kind, tofu.content, tofu.is_index), (Kind::Index, Kind::TofuProvider, true));
    assert!(!tofu.is_runnable);
    assert_eq!(relation::children(&manifest).count(), 3);
    let names: Vec<_> = platform::entries(&manifest).into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["linux/amd64", "linux/arm64", "darwin/arm64"]);

    let (cache, description) =
        document(include_str!("fixtures/buildkit-cache-index.json"), MediaType::OCI_INDEX);
    assert_eq!(description.title(), "Build cache (BuildKit)");
    assert_eq!((relation::children(&cache).count(), relation::blobs(&cache).len()), (0, 2));

    let (nested, description) = document(include_str!("fixtures/nested-index.json"), MediaType::OCI_INDEX);
    assert_eq!((description.kind, description.title().as_str()), (Kind::Index, "Image index"));
    let names: Vec<_> = platform::entries(&nested).into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["Image index", "Image (no platform specified)"]);
    for media_type in [MediaType::OCI_INDEX, MediaType::DOCKER_MANIFEST_LIST] {
        assert_eq!(row(&json!({"digest": digest(0), "mediaType": media_type})).kind, Kind::Index);
    }
    let unknown = document(
        r#"{"schemaVersion":2,"artifactType":"application/vnd.acme.kit","manifests":[]}"#,
        MediaType::OCI_INDEX,
    )
    .1;
    assert_eq!(unknown.title(), "Image index (application/vnd.acme.kit)");
}

#[test]
fn entries_of_one_platform_have_different_names() {
    let (manifest, _) = document(include_str!("fixtures/variants-index.json"), MediaType::OCI_INDEX);
    let entries = platform::entries(&manifest);
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "linux/amd64",
            "linux/amd64 · Nydus",
            "linux/amd64 · zstd",
            "linux/arm64/v8 · sha256:444444444444",
            "linux/arm64/v8 · sha256:555555555555",
            "windows/amd64 (10.0.17763.1)",
            "windows/amd64 (10.0.20348.1)",
            "Attestation (BuildKit) for linux/amd64",
        ]
    );
    assert_eq!(platform::default_entry(&entries), Some(0));
    assert_eq!(platform::default_entry(&entries[3..]), Some(0));
    assert_eq!(platform::default_entry(&entries[7..]), None);
}
