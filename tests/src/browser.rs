//! A real browser for one test: its driver on a free port, a fresh profile, and what every visit promises whatever it is about:
//! no error in the console, nothing asked of a host other than this machine. What differs between browsers is in a file of its own.

mod chromium;
mod driver;
mod evidence;
mod firefox;

use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::FutureExt as _;
use thirtyfour::prelude::*;
use thirtyfour::testing::{BrowserTestError, run_browser_test};

use crate::fonts;
use crate::page::Page;
use driver::Driver;

/// How long one command of the browser may take; the benchmark moves gigabytes in one.
const COMMAND: Duration = Duration::from_secs(900);

/// What a test runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chromium or Chrome, through chromedriver.
    Chromium,
    /// Firefox, through geckodriver.
    Firefox,
}

impl Browser {
    /// Cuts the page off from the network, or connects it again.
    pub async fn set_offline(self, page: &Page, offline: bool) -> Result<()> {
        match self {
            Self::Chromium => chromium::set_offline(page.session(), offline).await,
            Self::Firefox => firefox::set_offline(page.session(), offline).await,
        }
    }
}

/// The same in Chromium, for what one browser is enough for or only Chromium can show.
pub async fn visit<F, Fut>(base: &str, test: F) -> Result<()>
where
    F: FnOnce(Page) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    visit_in(Browser::Chromium, base, test).await
}

/// Opens a browser for the service at `base`, runs the test in it, and checks what every visit promises. A failed test leaves a
/// screenshot and the page's HTML in `target/journeys`.
pub async fn visit_in<F, Fut>(browser: Browser, base: &str, test: F) -> Result<()>
where
    F: FnOnce(Page) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    run(browser, base, Watch::All, test).await
}

/// The same for a visit that is about something that browsers call an error, such as what a policy forbids.
pub async fn visit_with_errors_in<F, Fut>(browser: Browser, base: &str, test: F) -> Result<()>
where
    F: FnOnce(Page) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    run(browser, base, Watch::Requests, test).await
}

/// Opens Chromium for a measurement. Nothing is watched: the browser's log would hold every byte that the page sends.
pub async fn visit_unwatched<F, Fut>(base: &str, measurement: F) -> Result<()>
where
    F: FnOnce(Page) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    run(Browser::Chromium, base, Watch::Nothing, measurement).await
}

/// What is watched during a visit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Watch {
    All,
    /// Errors are expected.
    Requests,
    Nothing,
}

async fn run<F, Fut>(browser: Browser, base: &str, watch: Watch, test: F) -> Result<()>
where
    F: FnOnce(Page) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let profile = tempfile::tempdir().context("no folder for the browser's profile")?;
    let (driver, session) = match browser {
        Browser::Chromium => {
            // Pictures are taken in Chromium alone. Other tests run where these fonts are not installed.
            let fonts = fonts::configuration().ok();
            let driver =
                Driver::start("ACR_CHROMEDRIVER", chromium::DRIVER_ARGUMENTS, fonts.as_deref()).await?;
            let session = chromium::session(&driver.address(), profile.path(), watch != Watch::Nothing)?;
            (driver, session)
        }
        Browser::Firefox => {
            // Firefox reads a configuration other than the system's through its sandbox, file by file at every look-up: pages hang.
            let driver = Driver::start("ACR_GECKODRIVER", firefox::DRIVER_ARGUMENTS, None).await?;
            let session = firefox::session(&driver.address())?;
            (driver, session)
        }
    };
    let base = base.to_owned();
    let result = run_browser_test(session.request_timeout(COMMAND), |session| async move {
        let witness = Witness::of(browser, watch, &session).await?;
        let page = Page::new(session.clone(), &base);
        // An assertion that fails panics; what the page looked like is wanted then too.
        let result = AssertUnwindSafe(test(page)).catch_unwind().await;
        let result = match result {
            Ok(Ok(())) => Ok(witness.promises(&session, watch == Watch::Requests).await),
            other => other,
        };
        if !matches!(result, Ok(Ok(()))) {
            evidence::keep(&session).await;
        }
        result.unwrap_or_else(|panic| resume_unwind(panic))
    });
    let result = result.await;
    driver.stop().await?;
    match result {
        Ok(()) => Ok(()),
        Err(BrowserTestError::Body(error) | BrowserTestError::BodyAndCleanup { body: error, .. }) => {
            Err(error)
        }
        Err(error) => bail!("the browser failed: {error}"),
    }
}

/// Who sees what a page does, from its first request on.
enum Witness {
    Nobody,
    /// Chromium keeps a log of it.
    Log,
    /// Firefox reports it while it happens.
    Events(firefox::Events),
}

impl Witness {
    async fn of(browser: Browser, watch: Watch, session: &WebDriver) -> Result<Self> {
        match browser {
            _ if watch == Watch::Nothing => Ok(Self::Nobody),
            Browser::Chromium => Ok(Self::Log),
            Browser::Firefox => Ok(Self::Events(firefox::Events::of(session).await?)),
        }
    }

    /// What holds for every visit. A refused request is the page's business; an error of the page's own is not.
    async fn promises(self, session: &WebDriver, errors_expected: bool) -> Result<()> {
        let seen = match self {
            Self::Nobody => return Ok(()),
            Self::Log => chromium::seen(session).await?,
            Self::Events(events) => events.seen().await?,
        };
        // First, since what another host makes of a request may be an error as well.
        if let Some(address) = seen.requests.iter().find(|address| !is_local(address)) {
            bail!("the page asked {address}");
        }
        if let Some(error) = seen.errors.first().filter(|_| !errors_expected) {
            bail!("an error in the console: {error}");
        }
        Ok(())
    }
}

/// What a browser saw a page do.
#[derive(Default)]
struct Seen {
    /// Uncaught exceptions, and what was written to the console as an error.
    errors: Vec<String>,
    /// The addresses of requests.
    requests: Vec<String>,
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
