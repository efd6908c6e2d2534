//! What an empty registry begins with.

use std::collections::BTreeSet;
use std::io::Read as _;

use acr_emulator::{Emulator, Scale, Seed};
use serde_json::Value;

use crate::client::Client;

async fn demo() -> Client {
    Client::new(&Emulator::builder().seed(Seed::Demo).build().unwrap()).await
}

async fn rows(client: &Client, name: &str, list: &str) -> Vec<Value> {
    client.get(&format!("/acr/v1/{name}/_{list}?n=1000")).await.json()[list]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

#[tokio::test]
async fn the_demo_holds_every_kind_of_thing() {
    let client = demo().await;
    let names = client.get("/acr/v1/_catalog").await.json()["repositories"].as_array().unwrap().clone();
    let mut media_types = BTreeSet::new();
    let mut platforms = BTreeSet::new();
    let (mut untagged, mut locked, mut quarantined, mut most_tags) = (0, 0, 0, 0);
    for name in names.iter().map(|name| name.as_str().unwrap()) {
        most_tags = most_tags.max(rows(&client, name, "tags").await.len());
        for row in rows(&client, name, "manifests").await {
            // Rows carry no artifact type.
            let path = format!("/v2/{name}/manifests/{}", row["digest"].as_str().unwrap());
            let manifest = client.get(&path).await.json();
            let types = [&row["mediaType"], &row["configMediaType"], &manifest["artifactType"]];
            media_types.extend(types.iter().filter_map(|value| value.as_str().map(str::to_owned)));
            platforms.insert(format!(
                "{}/{}",
                row["os"].as_str().unwrap_or(""),
                row["architecture"].as_str().unwrap_or("")
            ));
            untagged += usize::from(row.get("tags").is_none());
            locked += usize::from(row["changeableAttributes"]["writeEnabled"] == false);
            quarantined += usize::from(row["changeableAttributes"]["quarantineState"].is_string());
        }
    }
    for wanted in [
        "manifest.list.v2",
        "manifest.v2",
        "manifest.v1",
        "oci.image.index",
        "oci.image.manifest",
        "helm.config",
        "cosign",
        "spdx",
        "wasm",
    ] {
        assert!(media_types.iter().any(|media_type| media_type.contains(wanted)), "{wanted}");
    }
    for wanted in ["linux/amd64", "linux/arm64", "linux/arm", "windows/amd64", "unknown/unknown"] {
        assert!(platforms.contains(wanted), "{wanted}");
    }
    assert!(untagged > 5 && locked > 0 && quarantined > 0 && most_tags > 300);
}

#[tokio::test]
async fn every_layer_of_the_demo_is_what_its_digest_and_diff_id_say() {
    let client = demo().await;
    let accept = [("accept", "*/*")];
    let index =
        client.send(http::Method::GET, "/v2/samples/hello-world/manifests/latest", &accept, "").await.json();
    let entries = index["manifests"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["platform"]["os.version"].is_string()));
    assert!(
        entries
            .iter()
            .any(|entry| entry["annotations"]["vnd.docker.reference.type"] == "attestation-manifest")
    );
    for entry in entries.iter().filter(|entry| entry["platform"]["os"] != "unknown") {
        let manifest = client
            .get(&format!("/v2/samples/hello-world/manifests/{}", entry["digest"].as_str().unwrap()))
            .await
            .json();
        let blob = |descriptor: Value| {
            let client = &client;
            async move {
                client
                    .get(&format!("/v2/samples/hello-world/blobs/{}", descriptor["digest"].as_str().unwrap()))
                    .await
            }
        };
        let config = blob(manifest["config"].clone()).await.json();
        for (layer, diff_id) in manifest["layers"]
            .as_array()
            .unwrap()
            .iter()
            .zip(config["rootfs"]["diff_ids"].as_array().unwrap())
        {
            let bytes = blob(layer.clone()).await.body;
            assert_eq!(
                (crate::image::digest(&bytes), bytes.len() as u64),
                (layer["digest"].as_str().unwrap().to_owned(), layer["size"].as_u64().unwrap())
            );
            let mut tar = Vec::new();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut tar).unwrap();
            assert_eq!(crate::image::digest(&tar), diff_id.as_str().unwrap());
            assert!(tar::Archive::new(&tar[..]).entries().unwrap().count() > 0);
        }
    }
}

#[tokio::test]
async fn the_demo_has_the_same_digests_at_every_start() {
    let (one, other) = (demo().await, demo().await);
    for name in ["samples/hello-world", "services/api", "charts/storefront"] {
        let digests =
            |rows: Vec<Value>| rows.into_iter().map(|row| row["digest"].to_string()).collect::<Vec<_>>();
        assert_eq!(
            digests(rows(&one, name, "manifests").await),
            digests(rows(&other, name, "manifests").await)
        );
    }
}

#[tokio::test]
async fn signatures_and_sboms_of_the_demo_refer_to_their_image() {
    let client = demo().await;
    let tag = client.get("/acr/v1/services/web/_tags/latest").await.json();
    let digest = tag["tag"]["digest"].as_str().unwrap();
    let referrers = client.get(&format!("/v2/services/web/referrers/{digest}")).await.json();
    assert_eq!(referrers["manifests"].as_array().unwrap().len(), 2);
    let signature = client.get(&format!("/acr/v1/services/web/_tags/{}.sig", digest.replace(':', "-"))).await;
    assert_eq!(signature.status, 200);
}

/// The manifest of a tag, whatever its type.
async fn manifest(client: &Client, name: &str, tag: &str) -> Value {
    let path = format!("/v2/{name}/manifests/{tag}");
    let answer = client.send(http::Method::GET, &path, &[("accept", "*/*")], "").await;
    assert_eq!(answer.status, 200, "{name}:{tag}");
    answer.json()
}

fn digests(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one["digest"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn applications_of_the_demo_share_a_base_of_thousands_of_files() {
    let client = demo().await;
    let base = digests(&manifest(&client, "platform/node", "22.17.0").await["layers"]);
    for application in ["apps/checkout", "apps/portal", "apps/search"] {
        let layers = digests(&manifest(&client, application, "main").await["layers"]);
        assert!(layers.len() > base.len() && layers.starts_with(&base), "{application}");
        let rows = rows(&client, application, "manifests").await;
        assert!(rows.iter().filter(|row| row.get("tags").is_none()).count() > 6, "{application}");
        let release = client.get(&format!("/acr/v1/{application}/_tags/v1.2.0")).await.json();
        assert_eq!(release["tag"]["changeableAttributes"]["deleteEnabled"], false, "{application}");
    }
    let mut files = 0;
    for digest in base {
        let packed = client.get(&format!("/v2/platform/node/blobs/{digest}")).await.body;
        files += tar::Archive::new(flate2::read::GzDecoder::new(&packed[..])).entries().unwrap().count();
    }
    assert!(files > 3000, "{files}");
}

#[tokio::test]
async fn an_sbom_of_the_demo_lists_packages() {
    let client = demo().await;
    let tag = client.get("/acr/v1/apps/portal/_tags/v1.2.0").await.json();
    let digest = tag["tag"]["digest"].as_str().unwrap();
    let filter = "artifactType=application%2Fspdx%2Bjson";
    let referrers = client.get(&format!("/v2/apps/portal/referrers/{digest}?{filter}")).await.json();
    let sbom = manifest(&client, "apps/portal", referrers["manifests"][0]["digest"].as_str().unwrap()).await;
    let blob = sbom["layers"][0]["digest"].as_str().unwrap();
    let document = client.get(&format!("/v2/apps/portal/blobs/{blob}")).await.json();
    let packages = document["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "libssl3").unwrap();
    assert_eq!(
        package["externalRefs"][0]["referenceLocator"],
        "pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64&distro=debian-12"
    );
}

#[tokio::test]
async fn the_demo_has_one_of_each_manifest_that_few_tools_expect() {
    let client = demo().await;
    let cases = [
        ("tests/provider", "1.4.0", "/artifactType", "application/vnd.opentofu.provider"),
        (
            "tests/nested-index",
            "channels",
            "/manifests/0/mediaType",
            "application/vnd.oci.image.index.v1+json",
        ),
        (
            "tests/build-cache",
            "buildcache",
            "/manifests/3/mediaType",
            "application/vnd.buildkit.cacheconfig.v0",
        ),
        ("tests/null-lists", "layers", "/layers", "null"),
        ("tests/null-lists", "manifests", "/manifests", "null"),
        ("tests/buildkit-history", "1", "/layers/3/mediaType", "application/vnd.oci.image.layer.v1.tar+gzip"),
        ("tests/windows", "4.8.1", "/mediaType", "application/vnd.docker.distribution.manifest.v2+json"),
        (
            "tests/foreign-layer",
            "ltsc2022",
            "/layers/0/urls/0",
            "https://mcr.microsoft.com/v2/windows/blobs/base",
        ),
        ("tests/config-types", "octet-stream", "/config/mediaType", "application/octet-stream"),
        ("tests/config-types", "html", "/config/mediaType", "text/html"),
        ("tests/config-types", "none", "/config/mediaType", ""),
        ("tests/signed-schema-1", "v1", "/signatures/0/header/alg", "ES256"),
        ("tests/oras-artifact", "signature", "/artifactType", "application/vnd.cncf.notary.v2.signature"),
        ("tests/oras-artifact", "soci", "/artifactType", "application/vnd.amazon.soci.index.v1+json"),
        ("tests/octet-stream", "export", "/layers/0/mediaType", "text/csv"),
        ("tests/null-annotations", "value", "/annotations/org.opencontainers.image.version", "null"),
        ("tests/null-annotations", "all", "/annotations", "null"),
        (
            "tests/charts/web",
            "1.2.3_build.7",
            "/layers/1/mediaType",
            "application/vnd.cncf.helm.chart.provenance.v1.prov",
        ),
    ];
    for (name, tag, pointer, expected) in cases {
        let manifest = manifest(&client, name, tag).await;
        let found = manifest.pointer(pointer).unwrap_or_else(|| panic!("{name}:{tag} has no {pointer}"));
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        assert_eq!(found, expected, "{name}:{tag} {pointer}");
    }
    let subject = client.get("/acr/v1/tests/sigstore-bundles/_tags/1.0").await.json();
    let digest = subject["tag"]["digest"].as_str().unwrap();
    let bundles = client.get(&format!("/v2/tests/sigstore-bundles/referrers/{digest}")).await.json();
    let mut contents: Vec<_> = bundles["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bundle| bundle["annotations"]["dev.sigstore.bundle.content"].as_str().unwrap())
        .collect();
    contents.sort_unstable();
    assert_eq!(contents, ["dsse-envelope", "dsse-envelope", "message-signature"]);
}

#[tokio::test]
async fn size_is_as_asked() {
    let emulator = Emulator::builder().scale(Scale { repositories: 50, tags: 70 }).build().unwrap();
    let client = Client::new(&emulator).await;
    assert_eq!(client.get("/acr/v1/_catalog").await.json()["repositories"].as_array().unwrap().len(), 51);
    assert_eq!(client.get("/acr/v1/scale/tags").await.json()["tagCount"], 70);
}
