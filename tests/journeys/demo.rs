//! What the demo's registry holds that the journeys go by. The emulator's seed makes it.

use acr_tests::page::Page;
use anyhow::Result;

/// A repository with a tag on an image index.
pub(crate) const MULTI_PLATFORM: &str = "samples/hello-world";

/// A tag on an image index.
pub(crate) const TAG: &str = "latest";

/// Platforms of that index.
pub(crate) const PLATFORMS: [&str; 3] = ["linux/amd64", "linux/arm64/v8", "linux/arm/v7"];

/// One address of each screen, with its heading.
pub(crate) fn screens() -> Vec<(String, String)> {
    vec![
        ("/demo".to_owned(), "Repositories".to_owned()),
        (format!("/demo/{MULTI_PLATFORM}"), MULTI_PLATFORM.to_owned()),
        (format!("/demo/{MULTI_PLATFORM}:{TAG}"), format!("{MULTI_PLATFORM}:{TAG}")),
    ]
}

/// One address of each picture of the README, with its name.
#[allow(dead_code, reason = "the journeys share this file with the screenshots")]
pub(crate) fn pictures() -> Vec<(&'static str, String)> {
    let index = format!("/demo/{MULTI_PLATFORM}:{TAG}");
    vec![
        ("repositories", "/demo".to_owned()),
        ("tags", format!("/demo/{MULTI_PLATFORM}")),
        ("manifests", format!("/demo/{MULTI_PLATFORM}?tab=manifests")),
        ("attributes", format!("/demo/{MULTI_PLATFORM}?tab=attributes")),
        ("overview", index.clone()),
        ("platforms", format!("{index}?tab=platforms")),
        ("raw-json", format!("{index}?tab=raw")),
        ("tag-attributes", format!("{index}?tab=attributes")),
    ]
}

/// Waits until nothing on the page is still loading.
pub(crate) async fn assert_settled(page: &Page) -> Result<()> {
    page.wait_until("return document.querySelector('[aria-busy=true]') === null").await
}
