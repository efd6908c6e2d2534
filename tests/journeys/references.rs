//! Each screen looks as it did when a person last checked it: light and dark, wide and narrow. See `tests/references`.

use acr_tests::reference::{self, Look, Seen};
use anyhow::Result;
use rstest::rstest;

#[rstest]
#[case::light_wide(Look::ALL[0])]
#[case::dark_wide(Look::ALL[1])]
#[case::light_narrow(Look::ALL[2])]
#[case::dark_narrow(Look::ALL[3])]
#[tokio::test]
async fn each_screen_looks_as_it_was_reviewed(#[case] look: Look) -> Result<()> {
    let mut seen = Seen::default();
    reference::walk(look, &mut async |page, screen| seen.compare(page, look, screen).await).await?;
    seen.finish_comparing(look)
}
