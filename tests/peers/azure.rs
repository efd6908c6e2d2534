//! `@azure/container-registry`: its tests are in `azure.test.mjs`; this starts the registry they speak to.

use std::path::Path;

use acr_tests::certificate::Certificate;
use acr_tests::service::Service;
use anyhow::{Context, Result, ensure};
use tokio::process::Command;

#[tokio::test]
async fn microsofts_client_for_node_lists_reads_updates_and_deletes_over_tls() -> Result<()> {
    let certificate = Certificate::for_loopback()?;
    let tls = ["--tls-cert", certificate.path(), "--tls-key", certificate.key_path()];
    let credentials = ["--username", "contoso", "--password", "correct-horse"];
    let emulator = Service::emulator(&[["--seed", "empty"].as_slice(), &tls, &credentials].concat()).await?;

    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/azure.test.mjs");
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec"]).arg(tests).kill_on_drop(true);
    node.env("ACR_ENDPOINT", emulator.url()).env("NODE_EXTRA_CA_CERTS", certificate.path());
    let output = node.output().await.context("cannot start node")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "the tests in Node failed:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{said}");
    Ok(())
}
