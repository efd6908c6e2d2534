//! `tidy`: what a program can check of how the code is written. Formatting and lints are cargo's, the invariants of
//! ARCHITECTURE.md are the rules below, licences and advisories are cargo-deny's.

mod browser;
mod check;
mod function;
mod manifest;
mod module;
mod source;
mod text;

use anyhow::{Result, ensure};
use clap::Args;

use crate::process::{cargo, command, read, say, show as run_command, web};
use crate::{tool, workspace};

/// Packages that are built for wasm32 as well as for this machine.
const WEB_PACKAGES: [&str; 4] =
    ["acr-client-wasm", "acr-dashboard", "acr-dashboard-element", "acr-layers-worker"];

/// Options of `cargo xtask tidy`.
#[derive(Args)]
pub(crate) struct Options {
    /// Check only the rules of ARCHITECTURE.md, which takes seconds
    #[arg(long)]
    rules: bool,
}

/// Runs every check and fails at the first that finds something.
pub(crate) fn run(options: &Options) -> Result<()> {
    invariants()?;
    if options.rules {
        return Ok(());
    }
    tool::rust_component("rustfmt", "rustfmt")?;
    tool::rust_component("clippy", "cargo-clippy")?;
    say("cargo fmt --check");
    run_command(cargo().args(["fmt", "--all", "--check"]))?;
    say("cargo clippy, native");
    run_command(cargo().args([
        "clippy",
        "--quiet",
        "--workspace",
        "--features",
        "acr-inventory/cli",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))?;
    tool::wasm_target()?;
    say("cargo clippy, wasm32");
    for package in WEB_PACKAGES {
        let mut clippy = web(cargo());
        clippy.args([
            "clippy",
            "--quiet",
            "--package",
            package,
            "--all-targets",
            "--target",
            workspace::WASM_TARGET,
        ]);
        run_command(clippy.args(["--", "--deny", "warnings"]))?;
    }
    dependencies()
}

/// The rules over every source file and manifest of the repository.
fn invariants() -> Result<()> {
    say("invariants of ARCHITECTURE.md");
    let findings = check::repository(workspace::root())?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    ensure!(
        findings.is_empty(),
        "{} invariants are broken, listed above; ARCHITECTURE.md says why they hold",
        findings.len()
    );
    Ok(())
}

/// Licences, bans and sources always; advisories where their database can be reached.
fn dependencies() -> Result<()> {
    let Some(deny) = tool::cargo_deny() else {
        say(
            "not run: licences, bans, sources and advisories of dependencies (`cargo install --locked cargo-deny` runs them)",
        );
        return Ok(());
    };
    say("cargo deny check licenses bans sources");
    run_command(command(&deny).args(["--log-level", "error", "check", "licenses", "bans", "sources"]))?;
    if let Err(error) = read(command(&deny).args(["fetch", "db"])) {
        let reason = format!("{error:#}");
        let last = reason.lines().last().unwrap_or_default().trim();
        say(format!("not run: advisories of dependencies, since their database cannot be fetched ({last})"));
        return Ok(());
    }
    say("cargo deny check advisories");
    run_command(command(deny).args(["--log-level", "error", "check", "advisories"]))
}
