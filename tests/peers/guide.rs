//! The commands of the guide and of the README. Each runs as it is written, with an emulator in place of the registry, a free port in place of
//! the one it names, and a demo that is smaller than it asks for; those that cannot run on a machine of its own are listed with the reason.

use std::process::Stdio;

use acr_tests::environment;
use acr_tests::service::{Service, Upstream};
use anyhow::{Context, Result, ensure};
use tokio::process::Command;

/// Commands that no test runs, by how they begin, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("git clone ", "fetches from the outside world; what follows it is run in this checkout"),
    ("cd ", "only changes the folder of the next command"),
    ("cargo xtask test", "is what runs this test"),
    ("az ", "needs an Azure subscription; the gateway's settings in it are checked"),
    ("helm install ", "needs a cluster and a published chart; Helm renders and lints the chart in helm.rs"),
    (
        "kubectl ",
        "needs a cluster; the manifests are checked against the schemas of Kubernetes in the gateway's tests",
    ),
    ("npm install ", "needs a published package; `cargo xtask test npm` and `embed` install the packed one"),
    ("sudo ", "changes the machine that the tests run on"),
];

/// The registry of the guide.
const REGISTRY: &str = "contoso.azurecr.io";

/// The commands with their pages.
fn commands() -> Result<Vec<(String, String)>> {
    let text = environment::text("ACR_GUIDE_COMMANDS")?;
    let line = |line: &str| {
        let (page, command) = line.split_once('\t').context("a line without a tab")?;
        Ok((page.to_owned(), command.to_owned()))
    };
    text.lines().map(line).collect()
}

/// The words after `start`, for a command that begins so.
fn arguments<'a>(command: &'a str, starts: &[&str]) -> Option<Vec<&'a str>> {
    let rest = starts.iter().find_map(|start| command.strip_prefix(start))?;
    Some(rest.split_whitespace().collect())
}

/// The arguments without the options of these names, each of which has a value.
fn without<'a>(arguments: &[&'a str], options: &[&str]) -> Vec<&'a str> {
    let mut left = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if options.contains(word) {
            words.next();
        } else {
            left.push(*word);
        }
    }
    left
}

/// Starts the gateway and fetches its page.
async fn serves(service: &Service) -> Result<()> {
    let answer = reqwest::get(service.url()).await?;
    ensure!(answer.status().is_success(), "the page was answered with {}", answer.status());
    Ok(())
}

/// Runs `acr-gateway` to its end, which must be a success, and returns what it prints.
async fn prints(arguments: &[&str], variables: &[(&str, &str)]) -> Result<String> {
    let mut gateway = Command::new(environment::path("ACR_GATEWAY_BIN")?);
    gateway.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null()).kill_on_drop(true);
    let output = gateway.output().await.context("cannot start the gateway")?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    Ok(printed)
}

/// Runs one command. `false` when nothing here knows how.
async fn run(command: &str, registry: &Upstream) -> Result<bool> {
    if let Some(arguments) = arguments(command, &["cargo xtask demo"]) {
        let size = |word| if str::parse::<u64>(word).is_ok() { "10" } else { word };
        let arguments: Vec<_> = without(&arguments, &["--port"]).into_iter().map(size).collect();
        serves(&Service::demo(&arguments).await?).await?;
    } else if let Some(arguments) = arguments(command, &["cargo xtask serve ", "acr-gateway serve "]) {
        ensure!(arguments.contains(&REGISTRY), "serves another registry than {REGISTRY}");
        serves(&Service::gateway(registry, &without(&arguments, &["--registry", "--port"])).await?).await?;
    } else if let Some(arguments) = arguments(command, &["acr-gateway check "]) {
        let rest = without(&arguments, &["--registry"]);
        prints(&[&["check", "--registry", registry.url()], rest.as_slice()].concat(), &[]).await?;
    } else if let Some(arguments) = arguments(command, &["acr-gateway entra-setup "]) {
        let script = prints(&[&["entra-setup"], arguments.as_slice()].concat(), &[]).await?;
        ensure!(script.contains("[entra]"), "the script prints no settings: {script}");
    } else if command == "acr-gateway example" {
        let example = prints(&["example"], &[]).await?;
        ensure!(example.contains("[[registries]]"), "the example has no registry: {example}");
    } else {
        return Ok(false);
    }
    Ok(true)
}

#[tokio::test]
async fn every_command_of_the_guide_runs_or_is_listed_with_the_reason() -> Result<()> {
    let emulator = Service::emulator(&["--seed", "demo"]).await?;
    let (mut run_count, mut unused) = (0, NOT_RUN.to_vec());
    for (page, command) in commands()? {
        let known = NOT_RUN.iter().find(|(start, _)| command.starts_with(start));
        if let Some((start, _)) = known {
            unused.retain(|(other, _)| other != start);
            continue;
        }
        let ran = run(&command, &emulator.upstream()).await;
        ensure!(ran.with_context(|| format!("{page}: {command}"))?, "{page}: nothing runs `{command}`");
        run_count += 1;
    }
    ensure!(run_count >= 6, "only {run_count} commands were run");
    ensure!(unused.is_empty(), "the guide has no such command: {unused:?}");
    Ok(())
}

#[tokio::test]
async fn settings_that_the_guide_passes_in_variables_are_the_gateways() -> Result<()> {
    let mut seen = 0;
    for (page, command) in commands()? {
        let variables = command.split_whitespace().filter(|word| word.starts_with("ACR_GATEWAY_"));
        let variables: Vec<_> = variables.filter_map(|word| word.split_once('=')).collect();
        if !variables.is_empty() {
            prints(&["check", "--offline"], &variables)
                .await
                .with_context(|| format!("{page}: {command}"))?;
            seen += 1;
        }
    }
    ensure!(seen >= 2, "only {seen} commands set variables");
    Ok(())
}
