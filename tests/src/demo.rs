//! What the demo's registry holds that the journeys go by. The emulator's seed makes it.

use crate::page::Page;
use anyhow::Result;

/// A repository with a tag on an image index.
pub const MULTI_PLATFORM: &str = "samples/hello-world";

/// A tag on an image index.
pub const TAG: &str = "latest";

/// A tag on an image of one platform.
pub const IMAGE: &str = "nginx:latest";

/// A repository of hundreds of tags.
pub const MANY_TAGS: &str = "services/api";

/// Platforms of the index that `TAG` is on.
pub const PLATFORMS: [&str; 3] = ["linux/amd64", "linux/arm64/v8", "linux/arm/v7"];

/// One address of each picture of the README, with its name.
pub fn pictures() -> Vec<(&'static str, String)> {
    let index = format!("/demo/{MULTI_PLATFORM}:{TAG}");
    let image = format!("/demo/{IMAGE}");
    vec![
        ("repositories", "/demo".to_owned()),
        ("tags", format!("/demo/{MULTI_PLATFORM}")),
        ("tag-pane", format!("/demo/{MULTI_PLATFORM}?row={TAG}")),
        ("many-tags", format!("/demo/{MANY_TAGS}")),
        ("manifests", format!("/demo/{MULTI_PLATFORM}?tab=manifests")),
        ("repository-attributes", format!("/demo/{MULTI_PLATFORM}?tab=attributes")),
        ("storage", format!("/demo/{MULTI_PLATFORM}?tab=storage")),
        ("overview", format!("{index}?tab=overview")),
        ("platforms", format!("{index}?tab=platforms")),
        ("layers", format!("{image}?tab=layers")),
        ("files", format!("{image}?tab=files")),
        ("history", format!("{image}?tab=history")),
        ("config", format!("{image}?tab=config")),
        ("annotations", format!("{index}?tab=annotations")),
        ("referrers", format!("{index}?tab=referrers")),
        ("raw-json", format!("{index}?tab=raw")),
        ("attributes", format!("{index}?tab=attributes")),
        ("commands", format!("{image}?tab=commands")),
        ("compare", "/demo/-/compare?left=services/api:1.16.0&right=services/api:1.17.0".to_owned()),
        ("no-such-tag", format!("/demo/{MULTI_PLATFORM}:no-such-tag")),
    ]
}

/// Waits until nothing on the page is still loading.
pub async fn assert_settled(page: &Page) -> Result<()> {
    page.wait_until("return document.querySelector('[aria-busy=true]') === null").await
}

/// No placeholder is animated any more, except in rows beyond the edges of the screen, which are not loaded.
const STILL: &str = "return document.getAnimations().every(animation => {
  const row = animation.effect.target.closest('tr.row');
  const place = row === null ? null : row.getBoundingClientRect();
  return animation.playState !== 'running' || place !== null && (place.bottom <= 0 || place.top >= innerHeight);
})";

/// Waits until a screen is there and nothing on it is still on its way.
pub async fn assert_shown(page: &Page) -> Result<()> {
    page.wait_until("return document.querySelector('main h1') !== null").await?;
    assert_settled(page).await?;
    page.wait_until(STILL).await
}
