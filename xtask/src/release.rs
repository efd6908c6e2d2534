//! `release`: what of a release can be made and checked on one machine: that the versions agree, the notes, the Helm chart's archive, and
//! checksums. The binaries for other systems, the image and the publication are jobs of `.github/workflows/release.yml`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use sha2::{Digest as _, Sha256};

use crate::progress::step;
use crate::{folder, workspace};

/// Options of `cargo xtask release`.
#[derive(Args)]
pub(crate) struct Options {
    /// Take the notes from the section Unreleased if the changelog has none for this version
    #[arg(long)]
    dry_run: bool,
    /// A folder of binaries and packages that were built before, to take into the checksums
    #[arg(long, value_name = "FOLDER")]
    artifacts: Option<PathBuf>,
}

/// What this machine cannot do, and which job of the workflow does it.
const ELSEWHERE: [(&str, &str); 5] = [
    ("binaries for Linux arm64 and x86-64 (musl), macOS and Windows", "binaries"),
    ("the container image for two platforms, with SBOM and provenance", "image"),
    ("publication of the npm packages, with provenance", "npm"),
    ("publication of the Helm chart", "chart"),
    ("the release page with its files", "release"),
];

/// Writes `target/release-files` and prints what is in it and what is left to the workflow.
pub(crate) fn run(options: &Options) -> Result<()> {
    let root = workspace::root();
    let output = workspace::output().join("release-files");
    let version = env!("CARGO_PKG_VERSION");
    step("Check that every file names the same version", || versions_agree(root, version))?;
    folder::remove(&output)?;
    fs::create_dir_all(&output).with_context(|| format!("cannot create {}", output.display()))?;
    step("Write the release notes", || {
        let changelog = read(&root.join("CHANGELOG.md"))?;
        write(&output.join("notes.md"), notes(&changelog, version, options.dry_run)?.as_bytes())
    })?;
    step("Pack the Helm chart", || {
        let chart = root.join("deploy/helm/acr-gateway");
        write(&output.join(format!("acr-gateway-{version}.tgz")), &archive("acr-gateway", &chart)?)
    })?;
    if let Some(artifacts) = &options.artifacts {
        for (name, bytes) in folder::read(artifacts)? {
            write(&output.join(name.rsplit('/').next().unwrap_or(&name)), &bytes)?;
        }
    }
    step("Write the checksums", || {
        let sums = checksums(&folder::read(&output)?);
        write(&output.join("SHA256SUMS"), sums.as_bytes())
    })?;
    println!("{}", output.display());
    println!("Not made on this machine, but by .github/workflows/release.yml:");
    for (what, job) in ELSEWHERE {
        println!("  {what} (job {job})");
    }
    Ok(())
}

/// The version is written in files that other programs read, so it stands more than once.
fn versions_agree(root: &Path, version: &str) -> Result<()> {
    let chart = read(&root.join("deploy/helm/acr-gateway/Chart.yaml"))?;
    for line in [format!("version: {version}"), format!("appVersion: \"{version}\"")] {
        ensure!(
            chart.lines().any(|known| known == line),
            "deploy/helm/acr-gateway/Chart.yaml lacks `{line}`"
        );
    }
    Ok(())
}

/// The section of the changelog for a version, or that of what is not released yet.
fn notes(changelog: &str, version: &str, dry_run: bool) -> Result<String> {
    let section = |heading: &str| {
        let sections = changelog.split("\n## ").skip(1);
        sections.into_iter().find_map(|text| {
            let (title, body) = text.split_once('\n')?;
            title.starts_with(heading).then(|| body.trim().to_owned())
        })
    };
    match section(version).or_else(|| section(&format!("[{version}]"))) {
        Some(notes) => Ok(notes),
        None if dry_run => section("Unreleased").context("CHANGELOG.md has no section Unreleased"),
        None => bail!("CHANGELOG.md has no section for {version}: rename Unreleased, or use --dry-run"),
    }
}

/// A `.tgz` of a folder, the same bytes each time: no times, no owners, names in order.
fn archive(name: &str, source: &Path) -> Result<Vec<u8>> {
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let mut tar = tar::Builder::new(encoder);
    for (path, bytes) in folder::read(source)? {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("{name}/{path}"), bytes.as_slice())?;
    }
    Ok(tar.into_inner()?.finish()?)
}

/// As `sha256sum` writes and checks it.
fn checksums(files: &[(String, Vec<u8>)]) -> String {
    let line = |(name, bytes): &(String, Vec<u8>)| {
        let digits: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{digits}  {name}\n")
    };
    files.iter().map(line).collect()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_makes_notes_chart_and_checksums() {
        run(&Options { dry_run: true, artifacts: None }).unwrap();
        let output = workspace::output().join("release-files");
        let sums = read(&output.join("SHA256SUMS")).unwrap();
        assert!(sums.contains(&format!("acr-gateway-{}.tgz", env!("CARGO_PKG_VERSION"))), "{sums}");
        assert!(!read(&output.join("notes.md")).unwrap().is_empty());
    }

    #[test]
    fn notes_are_those_of_the_version_and_a_release_needs_them() {
        let changelog = "# Changelog\n\n## Unreleased\n\nNew.\n\n## 0.2.0 - 2026-01-01\n\nOld.\n";
        assert_eq!(notes(changelog, "0.2.0", false).unwrap(), "Old.");
        assert_eq!(notes(changelog, "0.3.0", true).unwrap(), "New.");
        assert!(notes(changelog, "0.3.0", false).is_err());
    }

    #[test]
    fn a_chart_of_another_version_is_refused() {
        assert!(versions_agree(workspace::root(), env!("CARGO_PKG_VERSION")).is_ok());
        assert!(versions_agree(workspace::root(), "9.9.9").is_err());
    }

    #[test]
    fn every_job_that_is_left_to_the_workflow_is_in_it() {
        let workflow = read(&workspace::root().join(".github/workflows/release.yml")).unwrap();
        for (_, job) in ELSEWHERE {
            assert!(workflow.contains(&format!("\n  {job}:\n")), "{job}");
        }
    }
}
