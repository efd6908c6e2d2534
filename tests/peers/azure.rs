//! `@azure/container-registry`: its tests are in `azure.test.mjs`; this starts the registry they speak to.

use std::path::Path;

use acr_tests::service::Service;
use anyhow::{Context, Result, ensure};
use rcgen::generate_simple_self_signed;
use tokio::process::Command;

#[tokio::test]
async fn microsofts_client_for_node_lists_reads_updates_and_deletes_over_tls() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let certificate = folder.path().join("certificate.pem");
    let key = folder.path().join("key.pem");
    let made = generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    std::fs::write(&certificate, made.cert.pem())?;
    std::fs::write(&key, made.signing_key.serialize_pem())?;
    let tls = ["--tls-cert", utf8(&certificate)?, "--tls-key", utf8(&key)?];
    let credentials = ["--username", "contoso", "--password", "correct-horse"];
    let emulator = Service::emulator(&[["--seed", "empty"].as_slice(), &tls, &credentials].concat()).await?;

    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/azure.test.mjs");
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec"]).arg(tests).kill_on_drop(true);
    node.env("ACR_ENDPOINT", format!("https://localhost:{}", emulator.port()))
        .env("NODE_EXTRA_CA_CERTS", &certificate);
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

fn utf8(path: &Path) -> Result<&str> {
    path.to_str().context("the folder for temporary files has a name that is not UTF-8")
}
