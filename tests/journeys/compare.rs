//! Two images compared: from two selected tags, and from a manifest.

use acr_tests::archive::layer;
use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::repository::Repository;
use acr_tests::push;
use acr_tests::role::Role;
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;
use rstest::rstest;
use serde_json::json;
use thirtyfour::Key;

const REPOSITORY: &str = "team/app";

/// Pushes two images of a shared base: the second has another environment, a changed file, a new one and a newer package. Returns the digest of
/// the first one's own layer.
async fn images(emulator: &Service) -> Result<String> {
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    let base = repository.blob(push::LAYER, &layer(&[("etc/os-release", b"ID=debian\n")])?).await?;
    let package = |version: &str| {
        format!("Package: app\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n\n")
    };
    let mut own = Vec::new();
    for (tag, port, extra) in [("1.1", "80", None), ("1.2", "8080", Some("app/new.txt"))] {
        let settings = format!("name=app\nport={port}\nlog=info\n");
        let status = package(tag);
        let mut files: Vec<(&str, &[u8])> =
            vec![("app/main.conf", settings.as_bytes()), ("var/lib/dpkg/status", status.as_bytes())];
        files.extend(extra.map(|path| (path, &b"new\n"[..])));
        let top = repository.blob(push::LAYER, &layer(&files)?).await?;
        own.push(top["digest"].as_str().unwrap_or_default().to_owned());
        let config = json!({
            "os": "linux", "architecture": "amd64",
            "config": {"Env": [format!("PORT={port}")]},
            "history": [{"created_by": "ADD base"}, {"created_by": format!("COPY app-{tag} /app")}],
            "rootfs": {"type": "layers", "diff_ids": []},
        });
        let annotations = json!({ "org.opencontainers.image.version": tag });
        repository.image(tag, &config, &[base.clone(), top], &annotations).await?;
    }
    Ok(own.swap_remove(0))
}

#[rstest]
#[tokio::test]
async fn two_selected_tags_are_compared_down_to_the_lines_of_a_file(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    images(&emulator).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}")).await?;
        Repository::shown(&page, REPOSITORY).await?.tags().await?.row_with(&["1.1"]).await?;
        page.evaluate("document.querySelectorAll('tbody input.select').forEach(box => box.click()); return null")
            .await?;
        page.press("Compare").await?;
        page.wait_for_path(|path| path.contains("/-/compare?left=team/app:1.")).await?;
        page.wait_for_heading("Compare images").await?;
        for heading in ["Summary", "Configuration", "Layers", "Files", "Packages", "Annotations"] {
            page.find(Role::Heading, heading).await?;
        }
        page.table("Configuration").await?.row_with(&["PORT", "PORT", "80", "8080"]).await?;
        page.table("Annotations").await?.row_with(&["org.opencontainers.image.version", "1.1", "1.2"]).await?;
        page.table("Layers").await?.row_with(&["Shared"]).await?;
        page.table("Packages").await?.row_with(&["app", "1.1", "1.2"]).await?;
        let files = page.table("Files").await?;
        files.row_with(&["/app/new.txt"]).await?;
        page.click(Role::Button, "/app/main.conf").await?;
        page.find(Role::Region, "File").await?;
        page.wait_until(
            "return ['del', 'ins'].every(mark => document.querySelector(`.lines ${mark}`)?.textContent.includes('port='))",
        )
        .await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_layer_that_is_read_again_is_compared_again(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let layer = images(&emulator).await?;
    let faults = emulator.faults()?;
    faults.add(&json!({"fault": "status", "status": 404, "path": layer})).await?;
    visit_in(browser, &gateway.url(), async |page| {
        let query = format!("left={REPOSITORY}:1.1&right={REPOSITORY}:1.2");
        page.open(&format!("/{REGISTRY}/-/compare?{query}")).await?;
        page.wait_for_text("Layer 2 was not read completely").await?;
        page.table("Files").await?.row_with(&["/app/main.conf", "Added"]).await?;
        faults.clear().await?;
        page.press("Read again").await?;
        page.wait_until("return !document.body.innerText.includes('not read completely')").await?;
        page.wait_until(
            "return [...document.querySelectorAll('tr')]
                .some(row => row.innerText.includes('main.conf') && row.innerText.includes('Changed'))",
        )
        .await
    })
    .await
}

#[tokio::test]
async fn a_manifest_is_compared_with_an_image_that_is_typed_in_and_the_comparison_is_exported() -> Result<()>
{
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    images(&emulator).await?;
    visit_in(Chromium, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:1.1")).await?;
        page.follow("Compare with…").await?;
        page.wait_for_text("Enter the two images to compare.").await?;
        let second = page.find(Role::TextBox, "Second image").await?;
        second.send_keys("team/app:1.2").await?;
        second.send_keys(Key::Enter).await?;
        page.wait_for_path(|path| path.ends_with("/-/compare?left=team/app:1.1&right=team/app:1.2")).await?;
        page.table("Files").await?.row_with(&["/app/main.conf", "Changed"]).await?;
        // What would be saved is kept for a look.
        page.evaluate(
            "globalThis.saved = []; const make = URL.createObjectURL;
             URL.createObjectURL = blob => { blob.text().then(text => saved.push(text)); return make(blob); }; return null",
        )
        .await?;
        page.press("Export comparison").await?;
        page.press("Markdown").await?;
        page.wait_until("return saved.some(text => text.includes('/app/main.conf') || text.includes('app/main.conf'))").await?;
        page.press("JSON").await?;
        page.wait_until("return saved.length === 2 && JSON.parse(saved[1]).after.endsWith('1.2')").await
    })
    .await
}

/// Pushes an index of two platforms under a tag, each with a setting that names it.
async fn index(repository: &push::Repository, tag: &str) -> Result<()> {
    let mut entries = Vec::new();
    for architecture in ["amd64", "arm64"] {
        let config = json!({ "os": "linux", "architecture": architecture,
            "config": { "Env": [format!("BUILD={tag}-{architecture}")] } });
        let config = repository.blob(push::CONFIG, config.to_string().as_bytes()).await?;
        let file = format!("{tag} {architecture}");
        let layer = repository.blob(push::LAYER, &layer(&[("app/build", file.as_bytes())])?).await?;
        let manifest =
            json!({ "schemaVersion": 2, "mediaType": push::MANIFEST, "config": config, "layers": [layer] });
        let bytes = manifest.to_string().into_bytes();
        let (digest, size) = (push::digest(&bytes), bytes.len());
        repository.manifest(&digest, bytes).await?;
        let platform = json!({ "os": "linux", "architecture": architecture });
        entries.push(
            json!({ "mediaType": push::MANIFEST, "digest": digest, "size": size, "platform": platform }),
        );
    }
    let index = json!({ "schemaVersion": 2, "mediaType": push::INDEX, "manifests": entries });
    repository.put(tag, push::INDEX, index.to_string().into_bytes()).await?;
    Ok(())
}

#[rstest]
#[tokio::test]
async fn the_platforms_of_two_indexes_are_chosen_in_the_url_and_are_the_same_unless_it_names_two(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    index(&repository, "1").await?;
    index(&repository, "2").await?;
    visit_in(browser, &gateway.url(), async |page| {
        let compare = format!("/{REGISTRY}/-/compare?left={REPOSITORY}:1&right={REPOSITORY}:2");
        let differs = async |left: &str, right: &str| {
            let values = json!([format!("1-{left}"), format!("2-{right}")]);
            page.wait_until(&format!(
                "const text = document.querySelector('main').innerText; return {values}.every(value => text.includes(value))"
            ))
            .await
        };
        let choose = async |name: &str, platform: &str| -> Result<()> {
            page.find(Role::ComboBox, name).await?;
            let (name, platform) = (json!(name), json!(platform));
            page.wait_until(&format!(
                "const box = [...document.querySelectorAll('label.combo')].find(one => one.innerText.includes({name})).querySelector('select');
                 box.value = {platform}; box.dispatchEvent(new Event('change', {{bubbles: true}})); return box.value === {platform}"
            ))
            .await
        };
        page.open(&compare).await?;
        differs("amd64", "amd64").await?;
        page.open(&format!("{compare}&left-platform=linux/arm64")).await?;
        differs("arm64", "arm64").await?;
        choose("Platform of the second image", "linux/amd64").await?;
        page.wait_for_path(|path| path.contains("left-platform=linux/arm64") && path.contains("right-platform=linux/amd64"))
            .await?;
        differs("arm64", "amd64").await?;
        choose("Platform of the first image", "linux/amd64").await?;
        differs("amd64", "amd64").await?;
        // The page of an index hands over the platform that it shows.
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:1?platform=linux/arm64")).await?;
        page.follow("Compare with…").await?;
        page.wait_for_path(|path| path.contains("left-platform=linux/arm64")).await
    })
    .await
}

#[tokio::test]
async fn a_reference_that_cannot_be_compared_says_why() -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    images(&emulator).await?;
    visit_in(Chromium, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/compare?left=team/app&right=team/app:1.2")).await?;
        page.wait_for_alert("Write it as repository:tag or repository@digest.").await?;
        page.open(&format!("/{REGISTRY}/-/compare?left=fabrikam.azurecr.io/team/app:1&right=team/app:1.2"))
            .await?;
        page.wait_for_alert("You are not signed in to this registry").await?;
        page.open(&format!("/{REGISTRY}/-/compare?left={REPOSITORY}:missing&right={REPOSITORY}:1.2")).await?;
        page.wait_for_alert(&format!("{REPOSITORY}:missing")).await
    })
    .await
}
