//! Each screen looks as it did when somebody last looked at it: light and dark, wide and narrow. See `tests/references`.

use acr_tests::browser::visit;
use acr_tests::page::sign_in::SignIn;
use acr_tests::reference::{self, Look, Seen};
use acr_tests::scene;
use acr_tests::service::Service;
use anyhow::Result;
use rstest::rstest;

#[rstest]
#[case::light_wide(Look::ALL[0])]
#[case::dark_wide(Look::ALL[1])]
#[case::light_narrow(Look::ALL[2])]
#[case::dark_narrow(Look::ALL[3])]
#[tokio::test]
async fn each_screen_looks_as_it_was_reviewed(#[case] look: Look) -> Result<()> {
    let service = Service::demo(&[]).await?;
    let mut seen = Seen::default();
    let all = &mut seen;
    visit(&service.url(), async move |page| {
        look.apply(&page).await?;
        for scene in reference::lasting(scene::screens()) {
            scene.show(&page).await?;
            all.compare(&page, look, scene.name).await?;
        }
        Ok(())
    })
    .await?;
    let gateway = scene::closed_gateway().await?;
    let all = &mut seen;
    visit(&gateway.url(), async move |page| {
        look.apply(&page).await?;
        page.open("/").await?;
        SignIn::shown(&page).await?;
        all.compare(&page, look, "sign-in").await
    })
    .await?;
    seen.finish_comparing(look)
}
