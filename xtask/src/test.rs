//! `test`: every test there is, by kind. Each kind makes ready what it needs and runs one command.

mod failure;
mod report;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::binary::{self, Profile};
use crate::dashboard::{self, Quality};
use crate::process::{self, cargo, command, say, web};
use crate::progress::{self, step};
use crate::{element, guide, npm, tool, workspace};
use failure::Failure;
use report::{Counts, Report, Row};

/// Options of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Options {
    /// Which kind to run [default: all]
    kind: Option<Kind>,
    /// Run only tests whose name contains this (all but web)
    filter: Option<String>,
    /// Test the page and the element as the demo builds them, which takes a tenth of the time (e2e, embed)
    #[arg(long)]
    demo_page: bool,
}

/// What a test runs in and against.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Rust tests of every package, on this machine
    Native,
    /// Rust tests of what runs in a browser, in Chromium
    Web,
    /// Journeys through the dashboard in Chromium and Firefox, against gateway and emulator
    E2e,
    /// Third-party clients against the emulator, third-party servers with the examples, Helm with the chart, and the guide's commands
    Peers,
    /// The packed npm package in its consumers
    Npm,
    /// The packed element in the page of another application, and the dashboard in a frame
    Embed,
}

impl Kind {
    /// What is said before its steps.
    fn purpose(self) -> String {
        format!("Tests: {}", self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Web => "web",
            Self::E2e => "e2e",
            Self::Peers => "peers",
            Self::Npm => "npm",
            Self::Embed => "embed",
        }
    }
}

/// Runs the kind asked for, or all of them to the end, and prints what passed, failed and was skipped. Fails if anything did.
pub(crate) fn run(options: &Options) -> Result<()> {
    let all = [Kind::Native, Kind::Web, Kind::E2e, Kind::Peers, Kind::Npm, Kind::Embed];
    let kinds = options.kind.map_or_else(|| all.to_vec(), |kind| vec![kind]);
    let mut report = Report(Vec::new());
    // The page takes minutes of one processor to link. The native tests, which come first, need neither it nor its target folder.
    let mut page = options.kind.is_none().then(|| std::thread::spawn(|| dashboard::build(Quality::Shipped)));
    let mut packages = Packages::default();
    for kind in kinds {
        if let Some(page) = page.take_if(|_| kind == Kind::E2e) {
            // The journeys build what is missing, and report why it cannot be built.
            let _built = page.join();
            // These take minutes of one processor as well. Journeys wait now and then, for long enough in all.
            packages = Packages::begin();
        }
        say(kind.purpose());
        let start = Instant::now();
        let run = run_kind(kind, options, &mut packages).unwrap_or_else(|error| {
            say(format!("  error: {error:#}"));
            Run { failures: vec![Failure::before_tests(&format!("{error:#}"))], ..Run::default() }
        });
        let time = start.elapsed();
        let Run { counts, passed, failures } = run;
        report.0.push(Row { kind: kind.name(), counts, time, passed, failures });
    }
    println!("\n{report}");
    let failed: Vec<_> = report.0.iter().filter(|row| !row.passed).map(|row| row.kind).collect();
    if failed.is_empty() { Ok(()) } else { bail!("tests failed: {}", failed.join(", ")) }
}

/// The npm packages as they ship, where they are built while other tests run.
#[derive(Default)]
struct Packages {
    client: Option<JoinHandle<Result<PathBuf>>>,
    element: Option<JoinHandle<Result<PathBuf>>>,
}

impl Packages {
    /// Begins to build them, one after the other.
    fn begin() -> Self {
        let (begin_element, client_is_built) = mpsc::channel::<()>();
        let client = std::thread::spawn(move || {
            let tarball = npm::tarball();
            drop(begin_element);
            tarball
        });
        let element = std::thread::spawn(move || {
            // Ends with an error once the other has ended.
            let _ended = client_is_built.recv();
            element::tarball(Quality::Shipped)
        });
        Self { client: Some(client), element: Some(element) }
    }

    fn client(&mut self) -> Result<PathBuf> {
        self.client.take().map_or_else(npm::tarball, joined)
    }

    fn element(&mut self, quality: Quality) -> Result<PathBuf> {
        self.element.take().map_or_else(|| element::tarball(quality), joined)
    }
}

fn joined(building: JoinHandle<Result<PathBuf>>) -> Result<PathBuf> {
    building.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What came of running one or more test programs.
#[derive(Default)]
struct Run {
    counts: Counts,
    passed: bool,
    failures: Vec<Failure>,
}

impl Run {
    /// This run and another one.
    fn and(mut self, other: Self) -> Self {
        self.failures.extend(other.failures);
        Self {
            counts: self.counts.plus(other.counts),
            passed: self.passed && other.passed,
            failures: self.failures,
        }
    }
}

fn run_kind(kind: Kind, options: &Options, packages: &mut Packages) -> Result<Run> {
    let filter = options.filter.as_deref();
    let quality = if options.demo_page { Quality::Demo } else { Quality::Shipped };
    match kind {
        Kind::Native => native(filter),
        Kind::Web => web_tests(),
        // The library of the journeys has tests of its own.
        Kind::E2e => {
            dashboard::build(quality)?;
            journeys(&[&["--lib"], filter.as_slice()].concat())
        }
        Kind::Peers => peers(filter),
        Kind::Npm => npm_consumers(filter, packages),
        Kind::Embed => embedders(filter, quality, packages),
    }
}

/// Runs a test program to its end. What it writes is shown if a test failed.
fn run_tests(purpose: &str, command: &mut Command) -> Result<Run> {
    let finished = step(purpose, || process::finish(command))?;
    if !finished.success && !progress::verbose() {
        progress::say(&finished.output);
    }
    let failures = if finished.success { Vec::new() } else { Failure::read(&finished.output) };
    Ok(Run { counts: Counts::read(&finished.output), passed: finished.success, failures })
}

fn native(filter: Option<&str>) -> Result<Run> {
    let mut test = cargo();
    test.args(["test", "--no-fail-fast", "--workspace", "--exclude", "acr-tests"]);
    test.args(["--features", "acr-inventory/cli"]).args(filter);
    run_tests("Run the tests of every package", &mut test)
}

fn web_tests() -> Result<Run> {
    let mut all = Run { passed: true, ..Run::default() };
    tool::wasm_target()?;
    tool::wasm_bindgen()?;
    let wasm_pack = tool::wasm_pack()?;
    let browser = tool::chromium()?;
    for package in ["client-wasm", "dashboard"] {
        let mut test = web(command(&wasm_pack));
        test.args(["test", "--headless", "--chrome", "--chromedriver"]).arg(&browser.driver).arg(package);
        all = all.and(run_tests(&format!("Run the browser tests of {package}"), &mut test)?);
    }
    Ok(all)
}

fn journeys(arguments: &[&str]) -> Result<Run> {
    tool::skopeo()?;
    tool::npm_packages(&tool::node()?, "tests/journeys")?;
    let mut test = in_both_browsers("journeys", arguments)?;
    // A journey waits for a browser, and the browser for servers: more of them than there are processors finish sooner.
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    test.env("RUST_TEST_THREADS", (processors + 1).to_string());
    test.env("ACR_DASHBOARD", workspace::dashboard());
    test.env("ACR_NGINX", tool::nginx()?).env("ACR_CADDY", tool::caddy()?);
    run_tests("Walk through the dashboard in Chromium and Firefox", &mut test)
}

/// One target of the end-to-end package with Chromium and Firefox named in the environment.
fn in_both_browsers(target: &str, arguments: &[&str]) -> Result<Command> {
    let firefox = tool::firefox()?;
    let mut test = with_chromium(target, arguments, Profile::Development)?;
    test.env("ACR_FIREFOX", firefox.binary).env("ACR_GECKODRIVER", firefox.driver);
    Ok(test)
}

fn peers(filter: Option<&str>) -> Result<Run> {
    tool::skopeo()?;
    tool::npm_packages(&tool::node()?, "tests/peers")?;
    let mut test = against_binaries("peers", filter.as_slice(), Profile::Development)?;
    test.env("ACR_HELM_PYTHON", tool::helm()?);
    test.env("ACR_NGINX", tool::nginx()?).env("ACR_CADDY", tool::caddy()?);
    test.env("ACR_GUIDE_COMMANDS", guide::all_commands()?);
    run_tests("Run other clients and servers against emulator and gateway", &mut test)
}

fn npm_consumers(filter: Option<&str>, packages: &mut Packages) -> Result<Run> {
    let tarball = packages.client()?;
    install_tarball(&tarball, "tests/npm")?;
    install_tarball(&tarball, "tests/npm/apps")?;
    let mut test = with_chromium("npm", filter.as_slice(), Profile::Development)?;
    run_tests("Use the npm package in its consumers", &mut test)
}

fn embedders(filter: Option<&str>, quality: Quality, packages: &mut Packages) -> Result<Run> {
    // What the gateway serves into frames.
    dashboard::build(quality)?;
    install_tarball(&packages.element(quality)?, "tests/embed")?;
    run_tests("Show the element in other pages", &mut in_both_browsers("embed", filter.as_slice())?)
}

/// Installs the packages of a folder's lockfile, and a packed package in addition.
fn install_tarball(tarball: &Path, folder: &str) -> Result<()> {
    let npm = tool::node()?;
    tool::npm_packages(&npm, folder)?;
    let mut install = command(npm);
    install
        .args(["install", "--no-save", "--no-package-lock", "--prefer-offline", "--no-audit", "--no-fund"])
        .arg(tarball);
    process::run(install.current_dir(workspace::root().join(folder)))
}

/// Runs one target of the end-to-end package with Chromium named in the environment.
pub(crate) fn in_browser(target: &str, arguments: &[&str], profile: Profile) -> Result<()> {
    process::show(&mut with_chromium(target, arguments, profile)?)
}

/// `cargo test` of one target of the end-to-end package with Chromium, and the binaries that it starts, built and named.
pub(crate) fn with_chromium(target: &str, arguments: &[&str], profile: Profile) -> Result<Command> {
    let browser = tool::chromium()?;
    let mut test = against_binaries(target, arguments, profile)?;
    test.env("ACR_CHROMIUM", browser.binary).env("ACR_CHROMEDRIVER", browser.driver);
    Ok(test)
}

/// `cargo test` of one target of the end-to-end package, with the binaries it starts built and named.
fn against_binaries(target: &str, arguments: &[&str], profile: Profile) -> Result<Command> {
    let emulator = binary::binary("acr-emulator", profile)?;
    let gateway = binary::binary("acr-gateway", profile)?;
    let mut test = cargo();
    test.args(["test", "--package", "acr-tests", "--test", target]).args(arguments);
    test.env("ACR_EMULATOR_BIN", emulator).env("ACR_GATEWAY_BIN", gateway);
    Ok(test)
}
