//! Helm's own engine with the chart of deploy/: nothing to lint, and what it renders is what is kept next to this file, which the
//! gateway's tests hold against the schemas of Kubernetes.

use std::path::{Path, PathBuf};

use acr_tests::environment;
use anyhow::{Context, Result, ensure};
use rstest::rstest;
use tokio::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/helm")
}

/// What linting found and what was rendered; an error with Helm's words when it refuses the values.
async fn helm(values: Option<&Path>) -> Result<(String, String)> {
    let mut python = Command::new(environment::path("ACR_HELM_PYTHON")?);
    python.arg(folder().join("helm.py")).arg(folder().join("../../../deploy/helm/acr-gateway")).args(values);
    let output = python.kill_on_drop(true).output().await.context("cannot start Python")?;
    ensure!(output.status.success(), "Helm failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let (found, rendered) = text.split_once('\n').context("Helm says nothing")?;
    Ok((found.to_owned(), rendered.to_owned()))
}

#[rstest]
#[case::as_it_is("default", None)]
#[case::with_every_value_set("everything", Some("everything.yaml"))]
#[tokio::test]
async fn the_chart_has_nothing_to_lint_and_renders_what_is_kept(
    #[case] name: &str,
    #[case] values: Option<&str>,
) -> Result<()> {
    let (found, rendered) = helm(values.map(|name| folder().join(name)).as_deref()).await?;
    ensure!(found == "[]", "Helm has something to say of the chart: {found}");
    let kept = folder().join("rendered").join(format!("{name}.yaml"));
    if std::env::var_os("ACR_KEEP").is_some() {
        std::fs::write(&kept, &rendered)?;
    }
    let expected = std::fs::read_to_string(&kept)?;
    ensure!(
        rendered == expected,
        "not what {} holds; ACR_KEEP=1 writes it anew:\n{rendered}",
        kept.display()
    );
    Ok(())
}

#[rstest]
#[case::of_another_type("replicas: many", "replicas")]
#[case::that_the_chart_does_not_have("replcas: 3", "replcas")]
#[case::that_lack_what_they_need("httpRoute: {enabled: true}", "httpRoute.parentRefs is needed")]
#[case::with_no_identity_to_use("workloadIdentity: {enabled: true}", "workloadIdentity.clientId is needed")]
#[tokio::test]
async fn values_that_cannot_be_are_refused_by_name(#[case] values: &str, #[case] named: &str) -> Result<()> {
    let file = tempfile::NamedTempFile::with_suffix(".yaml")?;
    std::fs::write(file.path(), values)?;
    let refusal = match helm(Some(file.path())).await {
        Ok((found, _)) => found,
        Err(error) => format!("{error:#}"),
    };
    ensure!(refusal.contains(named), "{values} is refused with: {refusal}");
    Ok(())
}
