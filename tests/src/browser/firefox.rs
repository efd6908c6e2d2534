//! Firefox: how it is started, and what it reports of a visit over WebDriver BiDi. It has no log to be read afterwards.
//!
//! Not seen here: requests that the Content-Security-Policy stops before they are made are no requests. What it refuses is
//! reported as an error by a script of ours in every page, as Chromium does by itself.

use std::sync::Arc;

use anyhow::{Context, Result};
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::{Value, json};
use thirtyfour::WebDriverBuilder;
use thirtyfour::bidi::{BiDi, RawEvent};
use thirtyfour::prelude::*;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::Seen;
use crate::environment;

/// What geckodriver is started with: ports that it chooses itself.
pub(super) const DRIVER_ARGUMENTS: &[&str] = &["--port=0", "--websocket-port=0"];

const FLAGS: &[&str] = &["-headless", "--width=1280", "--height=900"];

const CONSOLE: &str = "log.entryAdded";
const REQUEST: &str = "network.beforeRequestSent";

/// Runs in every page before its own scripts.
const REPORT_REFUSALS: &str = "() => addEventListener('securitypolicyviolation', \
    event => console.error(`${event.violatedDirective} refused ${event.blockedURI}`))";

/// A session of the geckodriver at this address, which makes a profile of its own and takes it away.
pub(super) fn session(driver: &str) -> Result<WebDriverBuilder> {
    let mut capabilities = DesiredCapabilities::firefox();
    let binary = environment::path("ACR_FIREFOX")?;
    capabilities.set_firefox_binary(&binary.to_string_lossy())?;
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    // The tests' certificates are their own, and the only hosts are of this machine.
    capabilities.accept_insecure_certs(true)?;
    capabilities.enable_bidi()?;
    Ok(WebDriver::builder(driver, capabilities))
}

/// Collects what Firefox reports, while it happens.
pub(super) struct Events {
    bidi: BiDi,
    enough: Arc<Notify>,
    collected: JoinHandle<Seen>,
}

impl Events {
    /// From now on, in every page of the session.
    pub(super) async fn of(session: &WebDriver) -> Result<Self> {
        // The WebSocket's library wants one even where nothing is encrypted. Installed once, however many visits there are.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let bidi = session.bidi().await.context("Firefox offers no WebDriver BiDi")?;
        let mut events = bidi.subscribe_raw();
        bidi.send_raw("session.subscribe", json!({"events": [CONSOLE, REQUEST]})).await?;
        bidi.send_raw("script.addPreloadScript", json!({"functionDeclaration": REPORT_REFUSALS})).await?;
        // On a busy machine its window may not be the active one, and then nothing in it shows that it has the focus.
        let context = bidi.browsing_context().top_level().await?;
        bidi.browsing_context().activate(context).await?;
        let enough = Arc::new(Notify::new());
        let ended = Arc::clone(&enough);
        let collected = tokio::spawn(async move {
            let mut seen = Seen::default();
            loop {
                tokio::select! {
                    biased;
                    event = events.next() => match event {
                        Some(event) => record(&event, &mut seen),
                        None => return seen,
                    },
                    () = ended.notified() => break,
                }
            }
            while let Some(Some(event)) = events.next().now_or_never() {
                record(&event, &mut seen);
            }
            seen
        });
        Ok(Self { bidi, enough, collected })
    }

    /// All of it so far.
    pub(super) async fn seen(self) -> Result<Seen> {
        // An answer comes after the events that preceded it.
        self.bidi.send_raw("session.status", json!({})).await?;
        self.enough.notify_one();
        self.collected.await.context("the events of Firefox were lost")
    }
}

/// No network at all, or all of it.
pub(super) async fn set_offline(session: &WebDriver, offline: bool) -> Result<()> {
    let bidi = session.bidi().await?;
    let context = bidi.browsing_context().top_level().await?;
    let conditions = if offline { json!({"type": "offline"}) } else { Value::Null };
    let everywhere = json!({"networkConditions": conditions, "contexts": [context]});
    bidi.send_raw("emulation.setNetworkConditions", everywhere).await?;
    Ok(())
}

fn record(event: &RawEvent, seen: &mut Seen) {
    let text = |pointer: &str| event.params.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    match event.method.as_str() {
        CONSOLE if text("/level") == "error" => seen.errors.push(text("/text").to_owned()),
        REQUEST => seen.requests.push(text("/request/url").to_owned()),
        _ => {}
    }
}
