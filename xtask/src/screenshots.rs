//! `screenshots`: one PNG of each screen, light and wide, for the README. The journeys' own browser takes them, of the demo's
//! seed, so they are the same every time.

use anyhow::Result;

use crate::dist::{self, Profile};
use crate::process::say;
use crate::{test, workspace};

/// Takes the screenshots into `docs/screenshots`.
pub(crate) fn run() -> Result<()> {
    dist::dashboard()?;
    test::in_browser("screenshots", &[], Profile::Development)?;
    say(format!("wrote {}", workspace::root().join("docs/screenshots").display()));
    Ok(())
}
