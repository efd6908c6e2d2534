//! Packages of a Debian-like system, installed with apt-get where that is possible: as root, or with a sudo that asks nothing.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{command, read, run, say};
use crate::tool;

/// Installs Debian packages. `elsewhere` says how to get the tool on a system without apt-get.
pub(crate) fn install(packages: &[&str], why: &str, elsewhere: &str) -> Result<()> {
    let names = packages.join(" ");
    let Some(prefix) = apt_get() else {
        bail!("{names} missing ({why}), and apt-get cannot be used here: {elsewhere}, then run this again");
    };
    say(format!("installing {names} ({why}): apt-get install {names}"));
    let failed = || format!("could not install {names} ({why}); {elsewhere}, then run this again");
    run(apt(&prefix).arg("update")).with_context(failed)?;
    run(apt(&prefix).args(["install", "--yes", "--no-install-recommends"]).args(packages))
        .with_context(failed)
}

/// The words in front of apt-get's own arguments, or nothing where it cannot run.
fn apt_get() -> Option<Vec<&'static str>> {
    tool::find("apt-get")?;
    let user = read(command("id").arg("-u")).ok()?;
    if user.trim() == "0" {
        return Some(vec!["apt-get"]);
    }
    tool::find("sudo")?;
    read(command("sudo").args(["-n", "true"])).ok()?;
    Some(vec!["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get"])
}

fn apt(prefix: &[&str]) -> Command {
    let mut words = prefix.iter();
    let mut apt = command(words.next().copied().unwrap_or("apt-get"));
    apt.args(words).args(["-q", "-o", "Dpkg::Use-Pty=0"]).env("DEBIAN_FRONTEND", "noninteractive");
    // A server among them is started by those who need it, not by its installation.
    apt.env("RUNLEVEL", "1");
    apt
}
