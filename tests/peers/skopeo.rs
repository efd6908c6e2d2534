//! skopeo against the emulator: copy in and out, inspect, sync, list and delete, with and without a password.

use acr_tests::oci_layout;
use acr_tests::service::Service;
use acr_tests::skopeo;
use anyhow::Result;
use serde_json::Value;

const PLAIN: &str = "--tls-verify=false";

#[tokio::test]
async fn skopeo_inspects_what_it_copied() -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let folder = tempfile::tempdir()?;
    let image = oci_layout::write(folder.path(), "1.0")?;
    let name = format!("{}/team/app:1.0", emulator.authority());
    skopeo::push(folder.path(), "1.0", &name).await?;

    let raw = skopeo::run(["inspect", PLAIN, "--raw", &format!("docker://{name}")]).await?;
    let index: Value = serde_json::from_str(&raw)?;
    assert_eq!(index["manifests"].as_array().map(Vec::len), Some(image.platforms.len()));
    let inspected =
        skopeo::run(["inspect", PLAIN, "--override-arch", "amd64", &format!("docker://{name}")]).await?;
    let inspected: Value = serde_json::from_str(&inspected)?;
    assert_eq!(inspected["Architecture"], "amd64");
    assert_eq!(inspected["RepoTags"], serde_json::json!(["1.0"]));
    assert_eq!(inspected["Labels"]["org.opencontainers.image.title"], "real files");
    Ok(())
}

#[tokio::test]
async fn skopeo_lists_tags_and_deletes_an_image() -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let folder = tempfile::tempdir()?;
    oci_layout::write(folder.path(), "1.0")?;
    for tag in ["1.0", "2.0"] {
        skopeo::push(folder.path(), "1.0", &format!("{}/team/app:{tag}", emulator.authority())).await?;
    }
    let repository = format!("docker://{}/team/app", emulator.authority());
    let tags = skopeo::run(["list-tags", PLAIN, &repository]).await?;
    let tags: Value = serde_json::from_str(&tags)?;
    assert_eq!(tags["Tags"], serde_json::json!(["1.0", "2.0"]));
    skopeo::run(["delete", PLAIN, &format!("{repository}:1.0")]).await?;
    // Both tags are on one digest, and deleting an image is by digest.
    let refused = skopeo::run(["inspect", PLAIN, "--raw", &format!("{repository}:2.0")]).await.unwrap_err();
    assert!(refused.to_string().contains("unknown"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn skopeo_syncs_a_repository_from_one_registry_to_another() -> Result<()> {
    let source = Service::emulator(&["--seed", "empty"]).await?;
    let target = Service::emulator(&["--seed", "empty"]).await?;
    let folder = tempfile::tempdir()?;
    oci_layout::write(folder.path(), "1.0")?;
    for tag in ["1.0", "1.1"] {
        skopeo::push(folder.path(), "1.0", &format!("{}/team/app:{tag}", source.authority())).await?;
    }
    let from = format!("{}/team/app", source.authority());
    let to = format!("{}/mirror", target.authority());
    let verify = ["--src-tls-verify=false", "--dest-tls-verify=false"];
    skopeo::run(["sync", "--all", "--src", "docker", "--dest", "docker", verify[0], verify[1], &from, &to])
        .await?;
    let pulled = tempfile::tempdir()?;
    skopeo::pull(&format!("{to}/app:1.1"), pulled.path(), "1.0").await?;
    assert!(
        oci_layout::blobs(folder.path())? == oci_layout::blobs(pulled.path())?,
        "what was synced differs"
    );
    Ok(())
}

#[tokio::test]
async fn skopeo_is_refused_without_the_password_and_let_in_with_it() -> Result<()> {
    let emulator =
        Service::emulator(&["--seed", "empty", "--username", "contoso", "--password", "correct-horse"])
            .await?;
    let folder = tempfile::tempdir()?;
    oci_layout::write(folder.path(), "1.0")?;
    let from = format!("oci:{}:1.0", folder.path().display());
    let to = format!("docker://{}/team/app:1.0", emulator.authority());
    let copy = ["copy", "--all", "--dest-tls-verify=false"];
    skopeo::run([&copy[..], &["--dest-no-creds", &from, &to]].concat()).await.unwrap_err();
    skopeo::run([&copy[..], &["--dest-creds", "contoso:wrong", &from, &to]].concat()).await.unwrap_err();
    skopeo::run([&copy[..], &["--dest-creds", "contoso:correct-horse", &from, &to]].concat()).await?;
    Ok(())
}
