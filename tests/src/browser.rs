//! A real browser for one test: chromedriver on a free port, a fresh profile, and what every visit promises whatever it is
//! about: no error in the console, nothing asked of a host other than this machine.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use thirtyfour::prelude::*;
use thirtyfour::testing::{BrowserTestError, run_browser_test};
use thirtyfour::{LoggingPrefsLogLevel, WebDriverBuilder};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::environment;
use crate::page::Page;

/// How long chromedriver may take until it says that it listens.
const START: Duration = Duration::from_secs(60);

/// How long one command of the browser may take; the benchmark moves gigabytes in one.
const COMMAND: Duration = Duration::from_secs(900);

/// Flags that keep a browser quiet and alone.
const FLAGS: &[&str] = &[
    "--headless",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    // The tests' certificates are their own, and the only hosts are of this machine.
    "--ignore-certificate-errors",
    "--no-default-browser-check",
    "--no-first-run",
    "--window-size=1280,900",
    // The user of a container is often root, which Chromium's sandbox refuses.
    "--no-sandbox",
];

/// Opens a browser for the service at `base`, runs the test in it, and checks what every visit promises. A failed test leaves a
/// screenshot and the page's HTML in `target/journeys`.
pub async fn visit<F, Fut>(base: &str, test: F) -> Result<()>
where
    F: FnOnce(Page) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let mut driver = Driver::start().await?;
    let profile = tempfile::tempdir().context("no folder for the browser's profile")?;
    let session = session(&driver, profile.path())?;
    let base = base.to_owned();
    let result = run_browser_test(session, |browser| async move {
        let page = Page::new(browser.handle().clone(), &base);
        let body = async {
            test(page.clone()).await?;
            promises(&browser).await
        };
        let result = body.await;
        if result.is_err() {
            keep_evidence(&browser).await;
        }
        result
    });
    let result = result.await;
    driver.process.kill().await.context("cannot stop chromedriver")?;
    match result {
        Ok(()) => Ok(()),
        Err(BrowserTestError::Body(error) | BrowserTestError::BodyAndCleanup { body: error, .. }) => {
            Err(error)
        }
        Err(error) => bail!("the browser failed: {error}"),
    }
}

fn session(driver: &Driver, profile: &Path) -> Result<WebDriverBuilder> {
    let mut capabilities = DesiredCapabilities::chrome();
    let binary = environment::path("ACR_CHROMIUM")?;
    capabilities.set_binary(&binary.to_string_lossy())?;
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
    capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    let address = format!("http://127.0.0.1:{}", driver.port);
    Ok(WebDriver::builder(address, capabilities).request_timeout(COMMAND))
}

/// A running chromedriver, killed when dropped.
struct Driver {
    port: u16,
    process: Child,
    // Held open, so that it can go on writing.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Starts it on a port that it chooses and reads from what it says which.
    async fn start() -> Result<Self> {
        let binary = environment::path("ACR_CHROMEDRIVER")?;
        let mut process = Command::new(&binary);
        process.arg("--port=0").kill_on_drop(true);
        process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = process.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut output = BufReader::new(process.stdout.take().context("no output to read")?).lines();
        let port = async {
            while let Ok(Some(line)) = output.next_line().await {
                let last = line.rsplit(' ').next().unwrap_or_default().trim_end_matches('.');
                if let (true, Ok(port)) = (line.contains("started successfully"), last.parse()) {
                    return Some(port);
                }
            }
            None
        };
        let port = tokio::time::timeout(START, port).await.ok().flatten();
        let port = port.with_context(|| format!("{} does not say where it listens", binary.display()))?;
        Ok(Self { port, process, _output: output })
    }
}

/// What holds for every visit. A refused request is the page's business; an error of the page's own is not.
async fn promises(browser: &WebDriver) -> Result<()> {
    for entry in browser.get_log("browser").await? {
        let network = entry.source.as_deref() == Some("network");
        ensure!(entry.level != "SEVERE" || network, "an error in the console: {}", entry.message);
    }
    for entry in browser.get_log("performance").await? {
        let event: Value = serde_json::from_str(&entry.message)?;
        if event.pointer("/message/method").and_then(Value::as_str) == Some("Network.requestWillBeSent") {
            let address =
                event.pointer("/message/params/request/url").and_then(Value::as_str).unwrap_or_default();
            ensure!(is_local(address), "the page asked {address}");
        }
    }
    Ok(())
}

/// Whether asking for this address stays on this machine.
fn is_local(address: &str) -> bool {
    let local = [
        "http://127.0.0.1:",
        "https://127.0.0.1:",
        "http://localhost:",
        "data:",
        "blob:",
        "chrome:",
        "about:",
    ];
    local.iter().any(|start| address.starts_with(start))
}

/// A screenshot and the HTML of a page that failed, as far as they can be had.
async fn keep_evidence(browser: &WebDriver) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("journey").replace("::", "-");
    let folder = evidence_folder();
    if std::fs::create_dir_all(&folder).is_err() {
        return;
    }
    if let Ok(picture) = browser.screenshot_as_png().await {
        let _written = std::fs::write(folder.join(format!("{name}.png")), picture);
    }
    if let Ok(html) = browser.source().await {
        let _written = std::fs::write(folder.join(format!("{name}.html")), html);
    }
}

fn evidence_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("target").join("journeys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_local() {
        assert!(is_local("http://127.0.0.1:8080/config.json"));
        assert!(is_local("data:image/svg+xml,x"));
        assert!(!is_local("https://fonts.example/a.woff2"));
        assert!(!is_local("http://127.0.0.1.example/"));
    }
}
