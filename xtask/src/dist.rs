//! `dist`: what ships, the dashboard's page and the gateway binary around it.

use anyhow::Result;

use crate::binary::{self, Profile};
use crate::dashboard::{self, Quality};
use crate::workspace;

/// Builds everything for release and prints where it is.
pub(crate) fn run() -> Result<()> {
    dashboard::build(Quality::Shipped)?;
    let gateway = binary::gateway(Profile::Shipped)?;
    println!("{}", workspace::dashboard().display());
    println!("{}", gateway.display());
    Ok(())
}
