//! Inside an image: its files, what each layer did to them, and what is shown where a layer cannot be read.

use acr_tests::archive::{debian as installed, dpkg_query, layer};
use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::{visit, visit_in};
use acr_tests::page::Page;
use acr_tests::push;
use acr_tests::role::Role;
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;
use rstest::rstest;
use serde_json::{Value, json};

const REPOSITORY: &str = "team/debian";

/// The entry of a package in dpkg's database.
const STATUS: &[u8] =
    b"Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.37-2\n\n";

/// A picture of one pixel.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// A small root file system in two layers, the second of which changes, removes and adds files.
fn root() -> Result<[Vec<u8>; 2]> {
    let base = layer(&[
        ("etc/os-release", b"PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n"),
        ("etc/hostname", b"old\n"),
        ("usr/share/doc/readme", b"read me\n"),
        ("var/lib/dpkg/status", STATUS),
        ("usr/bin/tool", b"\x7fELF\0\0\0\0"),
    ])?;
    let top = layer(&[
        ("etc/hostname", b"new\n"),
        ("usr/share/doc/.wh.readme", b""),
        ("app/main.conf", b"port=80\n"),
        ("app/logo.png", PICTURE),
    ])?;
    Ok([base, top])
}

/// Pushes an image of these layers under a tag and returns its digest.
async fn image(repository: &push::Repository, tag: &str, layers: &[Value]) -> Result<String> {
    let config = json!({
        "os": "linux", "architecture": "amd64",
        "history": [{"created_by": "ADD rootfs.tar.xz / # buildkit"}, {"created_by": "COPY app /app # buildkit"}],
        "rootfs": {"type": "layers", "diff_ids": []},
    });
    repository.image(tag, &config, layers, &json!({})).await
}

/// The image of [`root`], pushed as `13`.
async fn debian(emulator: &Service) -> Result<()> {
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    let mut layers = Vec::new();
    for bytes in root()? {
        layers.push(repository.blob(push::LAYER, &bytes).await?);
    }
    image(&repository, "13", &layers).await.map(drop)
}

async fn tree_shows(page: &Page, texts: &[&str], absent: &[&str]) -> Result<()> {
    let texts = serde_json::to_string(texts)?;
    let absent = serde_json::to_string(absent)?;
    page.wait_until(&format!(
        "const tree = document.querySelector('[role=treegrid]')?.innerText ?? '';
         return {texts}.every(text => tree.includes(text)) && !{absent}.some(text => tree.includes(text))"
    ))
    .await
}

#[rstest]
#[tokio::test]
async fn a_visitor_finds_a_file_reads_it_and_sees_what_each_layer_did(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    debian(&emulator).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:13?tab=files")).await?;
        page.find(Role::TreeGrid, "Files").await?;
        tree_shows(&page, &["app", "etc", "usr", "var"], &[]).await?;
        page.click(Role::Button, "etc").await?;
        tree_shows(&page, &["hostname", "os-release", "Changed"], &[]).await?;
        page.click(Role::Button, "os-release").await?;
        page.find(Role::Region, "File").await?;
        page.wait_for_text("Debian GNU/Linux 13 (trixie)").await?;
        page.find(Role::Button, "Download file").await?;
        page.find(Role::Button, "Copy path").await?;
        let search = page.find(Role::SearchBox, "Search to filter files").await?;
        search.send_keys("*.conf").await?;
        tree_shows(&page, &["main.conf"], &["os-release"]).await?;
        page.click(Role::Button, "main.conf").await?;
        page.wait_for_text("port=80").await?;
        page.fill(Role::SearchBox, "Search to filter files", "logo").await?;
        page.click(Role::Button, "logo.png").await?;
        page.wait_until("return document.querySelector('canvas[role=img]')?.width === 1").await?;
        page.fill(Role::SearchBox, "Search to filter files", "bin/tool").await?;
        page.click(Role::Button, "tool").await?;
        page.wait_for_text("7f 45 4c 46").await?;
        page.wait_for_text("Wasted space").await?;
        page.click_first(".files-part:has(table) > summary").await?;
        page.wait_for_text("overwritten in layer 2").await?;
        page.wait_for_text("Packages").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_layer_that_cannot_be_read_says_why_and_the_others_are_shown(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    let [base, _] = root()?;
    let base = repository.blob(push::LAYER, &base).await?;
    let broken = repository.blob(push::LAYER, &[b'x'; 4096]).await?;
    image(&repository, "broken", &[base, broken]).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:broken?tab=files")).await?;
        page.wait_for_text("Layer 2 was not read completely: the content is not a tar archive").await?;
        tree_shows(&page, &["etc", "usr", "var"], &["app"]).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_debian_root_file_system_lists_its_files_and_its_packages(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    let base = repository.blob(push::LAYER, &installed(&["base-files", "bash"])?).await?;
    let top = repository.blob(push::LAYER, &layer(&[("app/main.conf", b"port=80\n")])?).await?;
    image(&repository, "root", &[base, top]).await?;
    let version = dpkg_query("--showformat=${Version}", &["--show", "bash"])?;
    let release = std::fs::read_to_string("/usr/lib/os-release")?;
    let name = release.lines().find(|line| line.starts_with("PRETTY_NAME=")).unwrap_or_default();
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:root?tab=files")).await?;
        page.find(Role::TreeGrid, "Files").await?;
        tree_shows(&page, &["app", "etc", "usr", "var"], &[]).await?;
        page.fill(Role::SearchBox, "Search to filter files", "usr/lib/os-release").await?;
        tree_shows(&page, &["os-release"], &["app"]).await?;
        page.click(Role::Button, "os-release").await?;
        page.wait_for_text(name).await?;
        page.wait_for_text("Packages").await?;
        page.evaluate(
            "[...document.querySelectorAll('.files-part > summary')].find(one => one.innerText.startsWith('Packages')).click(); return null",
        )
        .await?;
        let packages = page.table("Packages").await?;
        packages.row_with(&["bash", &version]).await?;
        packages.row_with(&["base-files"]).await.map(drop)
    })
    .await
}

/// A layer of a few files, and the ztoc that a SOCI index has for it.
const SOCI_LAYER: &[u8] = include_bytes!("../../layers/tests/fixtures/ustar.tar.gz");
const ZTOC: &[u8] = include_bytes!("../../layers/tests/fixtures/ustar.ztoc");

#[rstest]
#[tokio::test]
async fn an_image_with_a_soci_index_is_listed_without_its_layers(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    let layer = repository.blob(push::LAYER, SOCI_LAYER).await?;
    let subject = image(&repository, "lazy", std::slice::from_ref(&layer)).await?;
    let mut ztoc = repository.blob("application/octet-stream", ZTOC).await?;
    ztoc["annotations"] = json!({ "com.amazon.soci.image-layer-digest": layer["digest"] });
    let config = repository.blob("application/vnd.amazon.soci.index.v1+json", b"{}").await?;
    let index = json!({
        "schemaVersion": 2, "mediaType": push::MANIFEST, "config": config, "layers": [ztoc],
        "artifactType": "application/vnd.amazon.soci.index.v1+json",
        "subject": { "mediaType": push::MANIFEST, "digest": subject, "size": 1 },
    });
    let index = index.to_string().into_bytes();
    repository.manifest(&push::digest(&index), index).await?;
    let requests = format!(
        "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('{}')).length",
        push::digest(SOCI_LAYER)
    );
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:lazy?tab=files")).await?;
        page.wait_for_text("1 layer was listed from a table of contents").await?;
        tree_shows(&page, &["dir", "etc", "null", "pipe"], &[]).await?;
        assert_eq!(page.evaluate(&requests).await?, 0, "the layer was downloaded");
        page.click(Role::Button, "etc").await?;
        page.click(Role::Button, "hard").await?;
        page.wait_for_text("hello").await?;
        assert_eq!(page.evaluate(&requests).await?, 1);
        page.press("Read completely").await?;
        tree_shows(&page, &["hard", "motd"], &[]).await
    })
    .await
}

/// How many blobs of layers the page has requested since it was loaded: apart from the configuration, which it shows as well.
const BLOBS: &str =
    "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/blobs/')).length";

#[tokio::test]
async fn a_second_visit_downloads_no_layer_until_the_cache_is_cleared() -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    debian(&emulator).await?;
    visit(&gateway.url(), async |page| {
        let files = format!("/{REGISTRY}/{REPOSITORY}:13?tab=files");
        let blobs = async |expected: u64| -> Result<()> {
            page.open(&files).await?;
            page.wait_for_text("Wasted space").await?;
            assert_eq!(page.evaluate(BLOBS).await?, expected);
            Ok(())
        };
        // The configuration and two layers; later the configuration alone.
        blobs(3).await?;
        blobs(1).await?;
        page.press("Preferences").await?;
        page.press("Clear layer cache").await?;
        page.wait_for_status("Layer cache cleared").await?;
        blobs(3).await
    })
    .await
}

#[tokio::test]
async fn one_layer_opens_what_that_layer_had() -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    debian(&emulator).await?;
    visit(&gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:13?tab=files")).await?;
        page.wait_for_text("Wasted space").await?;
        page.fill(Role::SearchBox, "Search to filter files", "hostname").await?;
        page.click(Role::Button, "hostname").await?;
        page.wait_for_text("new").await?;
        page.find(Role::ComboBox, "Layer").await?;
        page.evaluate(
            "const box = document.querySelector('.files-bar select');
             box.value = '0'; box.dispatchEvent(new Event('change', {bubbles: true})); return null",
        )
        .await?;
        tree_shows(&page, &["Added"], &["Changed"]).await?;
        page.click(Role::Button, "hostname").await?;
        page.wait_until("return document.querySelector('.file-region pre')?.innerText.trim() === 'old'").await
    })
    .await
}

/// Lets the worker fail at the first message that contains a text.
fn failing_at(text: &str) -> String {
    format!(
        "const post = Worker.prototype.postMessage;
         let failed = false;
         Worker.prototype.postMessage = function (message, ...rest) {{
           if (failed || !String(message?.[1]).includes('{text}')) return post.call(this, message, ...rest);
           failed = true;
           this.dispatchEvent(new ErrorEvent('error'));
         }};
         return null"
    )
}

#[tokio::test]
async fn a_worker_that_fails_is_started_again_and_what_was_read_stays() -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    debian(&emulator).await?;
    visit(&gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:13?tab=layers")).await?;
        page.find(Role::Tab, "Files").await?;
        page.evaluate(&failing_at("Push")).await?;
        page.tab("Files").await?;
        page.wait_for_text("Layer 1 was not read completely: the worker that reads layers failed").await?;
        tree_shows(&page, &["app"], &["usr"]).await?;
        page.press("Read again").await?;
        tree_shows(&page, &["app", "etc", "usr", "var"], &[]).await?;
        page.evaluate(&failing_at("Arrange")).await?;
        page.fill(Role::SearchBox, "Search to filter files", "os-release").await?;
        tree_shows(&page, &["os-release"], &["app", "hostname"]).await?;
        page.click(Role::Button, "os-release").await?;
        page.wait_for_text("Debian GNU/Linux 13 (trixie)").await
    })
    .await
}
