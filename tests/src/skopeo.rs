//! skopeo as its users run it, over plain HTTP on the loopback address.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

/// Runs skopeo to its end and returns what it wrote to stdout.
pub async fn run<I, S>(arguments: I) -> Result<String>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new("skopeo");
    // Where no policy is installed, images are taken as they are; the tests compare bytes themselves.
    command.arg("--insecure-policy").args(arguments).kill_on_drop(true);
    let output = command.output().await.context("cannot start skopeo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "skopeo failed: {said}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `skopeo copy --all` of an OCI layout into a registry, digests kept.
pub async fn push(layout: &Path, tag: &str, image: &str) -> Result<()> {
    let source = format!("oci:{}:{tag}", layout.display());
    let target = format!("docker://{image}");
    run(["copy", "--all", "--preserve-digests", "--dest-tls-verify=false", &source, &target]).await.map(drop)
}

/// `skopeo copy --all` of an image in a registry into an OCI layout, digests kept.
pub async fn pull(image: &str, layout: &Path, tag: &str) -> Result<()> {
    let source = format!("docker://{image}");
    let target = format!("oci:{}:{tag}", layout.display());
    run(["copy", "--all", "--preserve-digests", "--src-tls-verify=false", &source, &target]).await.map(drop)
}
