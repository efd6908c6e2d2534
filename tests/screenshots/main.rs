//! Takes pictures: `cargo xtask screenshots` writes one PNG of each screen of the demo, light and wide, to `docs/screenshots`, for
//! the README; with `--references` it writes those that the journeys compare with to `tests/references`. The demo's seed and the
//! instant it is shown at are the same every time, and so are the pictures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;

use acr_tests::browser::visit;
use acr_tests::demo;
use acr_tests::reference::{self, Look, Seen};
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;

#[tokio::test]
async fn a_picture_of_each_screen() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots");
    std::fs::create_dir_all(&folder)?;
    let (_registry, service) = reference::demo().await?;
    take(&service, &demo::pictures(), &folder).await?;
    let closed = Service::emulator(&["--username", "contoso", "--password", "correct-horse"]).await?;
    let name = format!("{REGISTRY}=contoso.azurecr.io");
    let gateway = Service::gateway(&closed.upstream(), &["--registry-login-server", &name]).await?;
    take(&gateway, &[("sign-in", "/".to_owned())], &folder).await
}

#[tokio::test]
async fn references() -> Result<()> {
    for look in Look::ALL {
        let mut seen = Seen::default();
        reference::walk(look, &mut async |page, screen| seen.keep(page, look, screen).await).await?;
        seen.finish_keeping(look)?;
    }
    Ok(())
}

/// Opens each address and writes what is seen.
async fn take(service: &Service, pictures: &[(&str, String)], folder: &Path) -> Result<()> {
    visit(&service.url(), async |page| {
        reference::set_clock(&page).await?;
        for (name, path) in pictures {
            page.open(path).await?;
            reference::settle(&page).await?;
            let picture = page.browser().screenshot_as_png().await?;
            std::fs::write(folder.join(format!("{name}.png")), picture)?;
        }
        Ok(())
    })
    .await
}
