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
    let media_type = MediaType::new(MediaType::OCI_INDEX);
    let manifest = Manifest::from_slice(json.to_string().as_bytes(), &media_type).unwrap();
    let description = Description::of_manifest(&manifest, &media_type);
    (manifest, description)
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
    let row = json!({"digest": digest(1), "mediaType": MediaType::OCI_INDEX, "tags": [tag]});
    let row = Description::of_row(&serde_json::from_value::<ManifestAttributesBase>(row).unwrap());
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
