//! Addresses that name nothing: each ends in a message that says which name and what to do.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::service::Service;
use anyhow::Result;
use rstest::rstest;

#[rstest]
#[case::registry("/nowhere", "nowhere")]
#[case::repository("/demo/no/such-repository", "no/such-repository")]
#[case::tag(&format!("/demo/{}:no-such-tag", demo::MULTI_PLATFORM), "no-such-tag")]
#[case::digest(&format!("/demo/{}@sha256:{}", demo::MULTI_PLATFORM, "0".repeat(64)), "sha256:000000000000")]
#[case::malformed_repository("/demo/UPPER", "UPPER")]
#[case::malformed_digest(&format!("/demo/{}@sha256:zz", demo::MULTI_PLATFORM), "zz")]
#[tokio::test]
async fn what_does_not_exist_is_named_with_what_to_do(
    #[case] path: &str,
    #[case] named: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(path).await?;
        page.wait_for_alert(named).await?;
        demo::assert_settled(&page).await
    })
    .await
}
