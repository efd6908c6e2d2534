//! `screenshots`: one PNG of each screen, for the README or for the journeys to compare with. The journeys' own browser takes
//! them, of the demo's seed, so they are the same every time.

use anyhow::Result;
use clap::Args;

use crate::binary::Profile;
use crate::dashboard::{self, Quality};
use crate::process::say;
use crate::{test, tool, workspace};

/// Options of `cargo xtask screenshots`.
#[derive(Args)]
pub(crate) struct Options {
    /// Write the references in tests/references instead, light and dark, 1280 and 375 wide; look at them before they are committed
    #[arg(long)]
    references: bool,
}

/// Takes the screenshots into `docs/screenshots`, or the references into `tests/references`.
pub(crate) fn run(options: &Options) -> Result<()> {
    dashboard::build(Quality::Shipped)?;
    tool::npm_packages(&tool::node()?, "tests/journeys")?;
    let (test, folder) = if options.references {
        ("references", "tests/references")
    } else {
        ("a_picture_of_each_screen", "docs/screenshots")
    };
    test::in_browser("screenshots", &["--", "--exact", test], Profile::Development)?;
    say(format!("wrote {}", workspace::root().join(folder).display()));
    Ok(())
}
