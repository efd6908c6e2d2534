//! A real image through a third-party client: pushed into the emulator, pulled back, and seen in the dashboard.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::oci_layout;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repository::Repository;
use acr_tests::service::{REGISTRY, Service};
use acr_tests::skopeo;
use anyhow::Result;
use rstest::rstest;

const REPOSITORY: &str = "team/real-files";
const TAG: &str = "1.0";

#[rstest]
#[tokio::test]
async fn an_image_that_skopeo_pushed_comes_back_byte_for_byte_and_is_shown(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let folder = tempfile::tempdir()?;
    let pushed = folder.path().join("pushed");
    let image = oci_layout::write(&pushed, TAG)?;
    let name = format!("{}/{REPOSITORY}:{TAG}", emulator.authority());
    skopeo::push(&pushed, TAG, &name).await?;

    let pulled = folder.path().join("pulled");
    skopeo::pull(&name, &pulled, TAG).await?;
    assert!(oci_layout::blobs(&pushed)? == oci_layout::blobs(&pulled)?, "what came back differs");

    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}")).await?;
        let tags = Repository::shown(&page, REPOSITORY).await?.tags().await?;
        tags.row_with(&[TAG]).await?;
        tags.open(TAG).await?;
        let manifest = Manifest::shown(&page, &format!("{REPOSITORY}:{TAG}")).await?;
        let platforms = manifest.platforms().await?;
        for platform in image.platforms.keys() {
            platforms.row_with(&[platform]).await?;
        }
        let (platform, (_, sizes)) = image.platforms.iter().next().unwrap();
        platforms.open(platform).await?;
        page.wait_for_path(|path| path.contains("@sha256:")).await?;
        let layers = manifest.layers().await?.rows().await?;
        assert_eq!(layers.len(), sizes.len());
        let titles = page
            .evaluate(
                "return [...document.querySelectorAll('table [title]')].map(cell => cell.title).join('|')",
            )
            .await?;
        for size in sizes {
            let bytes = grouped(*size);
            assert!(titles.as_str().unwrap().contains(&bytes), "{bytes} is not in {titles}");
        }
        Ok(())
    })
    .await
}

/// A size in bytes as it is shown on hover: groups of three.
fn grouped(size: u64) -> String {
    let digits = size.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}
