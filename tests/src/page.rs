//! The page in the browser: going somewhere, and finding by role and name. One file below for each screen's own words.

pub mod attributes;
pub mod dialog;
pub mod keyboard;
pub mod manifest;
pub mod repositories;
pub mod repository;
pub mod sign_in;
pub mod table;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use thirtyfour::extensions::query::ElementQueryable;
use thirtyfour::prelude::*;
use thirtyfour::session::handle::SessionHandle;

use crate::role::{self, Role};
use table::Table;

/// How long a page may take to become what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// The page in the browser, of the service at one address.
#[derive(Clone)]
pub struct Page {
    session: WebDriver,
    base: String,
}

impl Page {
    /// The page of a session, for the service at `base` (without a slash at the end).
    pub fn new(session: WebDriver, base: &str) -> Self {
        Self { session, base: base.to_owned() }
    }

    /// The session's handle, for what only a single test needs.
    pub fn browser(&self) -> &Arc<SessionHandle> {
        self.session.handle()
    }

    pub(crate) fn session(&self) -> &WebDriver {
        &self.session
    }

    /// Opens a path of the service, as a link from elsewhere would.
    pub async fn open(&self, path: &str) -> Result<()> {
        let address = format!("{}{path}", self.base);
        self.session.goto(&address).await.with_context(|| format!("cannot open {address}"))
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Result<()> {
        self.session.refresh().await.context("cannot reload")
    }

    /// Goes back as the browser's own button does.
    pub async fn back(&self) -> Result<()> {
        self.session.back().await.context("cannot go back")
    }

    /// The path and query in the address bar.
    pub async fn path(&self) -> Result<String> {
        let address = self.session.current_url().await?;
        Ok(match address.query() {
            Some(query) => format!("{}?{query}", address.path()),
            None => address.path().to_owned(),
        })
    }

    /// Waits until the address bar shows a path and query for which this holds.
    pub async fn wait_for_path(&self, holds: impl Fn(&str) -> bool) -> Result<()> {
        self.wait_for("path", async || Ok(self.path().await?), |path| holds(path)).await
    }

    /// Waits until the page has this title.
    pub async fn wait_for_title(&self, title: &str) -> Result<()> {
        self.wait_for("title", async || Ok(self.session.title().await?), |there| there == title).await
    }

    /// Waits until the screen's one `h1` has this text.
    pub async fn wait_for_heading(&self, text: &str) -> Result<()> {
        let heading = async || {
            let found = self.session.query(By::Css("h1")).nowait().any().await?;
            match found.as_slice() {
                [] => Ok(String::new()),
                [heading] => Ok(heading.text().await.unwrap_or_default()),
                more => bail!("{} h1 on one screen", more.len()),
            }
        };
        self.wait_for("h1", heading, |there| there == text).await
    }

    /// Waits until a message that is announced at once (role alert or an assertive region) contains the text.
    pub async fn wait_for_alert(&self, text: &str) -> Result<()> {
        self.wait_for(
            "alert",
            async || self.texts("[role=alert], [aria-live=assertive]").await,
            |there| there.contains(text),
        )
        .await
    }

    /// Waits until a message that is announced politely (role status or a polite region) contains the text.
    pub async fn wait_for_status(&self, text: &str) -> Result<()> {
        self.wait_for(
            "status",
            async || self.texts("[role=status], [aria-live=polite]").await,
            |there| there.contains(text),
        )
        .await
    }

    /// Waits until the main landmark shows the text.
    pub async fn wait_for_text(&self, text: &str) -> Result<()> {
        self.wait_for("main", async || self.texts("main").await, |there| there.contains(text)).await
    }

    /// Presses the button of this name.
    pub async fn press(&self, button: &str) -> Result<()> {
        self.click(Role::Button, button).await
    }

    /// Follows the link of this name.
    pub async fn follow(&self, link: &str) -> Result<()> {
        self.click(Role::Link, link).await
    }

    /// Shows the tab of this name.
    pub async fn tab(&self, name: &str) -> Result<()> {
        self.click(Role::Tab, name).await
    }

    /// Clicks the element with this role and name.
    pub async fn click(&self, role: Role, name: &str) -> Result<()> {
        let element = self.find(role, name).await?;
        element.scroll_into_view().await?;
        element.click().await.with_context(|| format!("cannot click \"{name}\""))
    }

    /// Clicks the first element that a selector finds, waited for: for what role and name do not identify.
    pub async fn click_first(&self, selector: &str) -> Result<()> {
        let selector = serde_json::to_string(selector)?;
        self.wait_until(&format!(
            "const found = document.querySelector({selector}); found?.click(); return found !== null"
        ))
        .await
    }

    /// Types into the field of this role and name what it shall hold.
    pub async fn fill(&self, role: Role, name: &str, text: &str) -> Result<()> {
        let field = self.find(role, name).await?;
        if text.is_empty() {
            // Clearing alone emits no `input`, which a page listens to.
            field.send_keys(Key::Control + "a").await?;
            return Ok(field.send_keys(Key::Backspace + "").await?);
        }
        field.clear().await?;
        field.send_keys(text).await.with_context(|| format!("cannot type into \"{name}\""))
    }

    /// Chooses a file in the field of this name.
    pub async fn choose_file(&self, name: &str, file: &Path) -> Result<()> {
        let field = format!("input[type=file][aria-label='{name}']");
        let field = self.session.query(By::Css(field.as_str())).first().await?;
        let path = file.to_str().context("a path that is no text")?;
        field.send_keys(path).await.with_context(|| format!("cannot choose a file for \"{name}\""))
    }

    /// The element with this role and name, waited for.
    pub async fn find(&self, role: Role, name: &str) -> Result<WebElement> {
        role::find(self.browser(), role, name).await
    }

    /// The table of this name, waited for.
    pub async fn table(&self, name: &str) -> Result<Table> {
        Ok(Table::new(self.find(Role::Table, name).await?))
    }

    /// Presses the button with this text as a user does, once it is there: for frames of another site, of whose elements Chromium's driver
    /// computes neither role nor name.
    pub async fn press_by_text(&self, text: &str) -> Result<()> {
        let text = serde_json::to_string(text)?;
        let found = format!(
            "[...document.querySelectorAll('button')].find(button => button.textContent.trim() === {text})"
        );
        self.wait_until(&format!("return {found} !== undefined")).await?;
        let found = self.session.execute(format!("return {found}"), Vec::new()).await?;
        Ok(found.element()?.click().await?)
    }

    /// What a script returns.
    pub async fn evaluate(&self, script: &str) -> Result<Value> {
        Ok(self.session.execute(script, Vec::new()).await?.json().clone())
    }

    /// Does something in the page's first frame, and comes back.
    pub async fn session_in_frame<T>(&self, inside: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        let frame = self.session.query(By::Css("iframe")).first().await?;
        frame.enter_frame().await?;
        let result = inside(self).await;
        self.session.enter_default_frame().await?;
        result
    }

    /// Does something in the window that the page has opened, and comes back.
    pub async fn in_new_window(&self, inside: impl AsyncFnOnce(&Self) -> Result<()>) -> Result<()> {
        let own = self.session.window().await?;
        self.wait_for_windows(2).await?;
        let windows = self.session.windows().await?;
        let other = windows.into_iter().find(|window| *window != own).context("the new window is gone")?;
        self.session.switch_to_window(other).await?;
        let result = inside(self).await;
        self.session.switch_to_window(own).await?;
        result
    }

    /// Closes the window.
    pub async fn close(&self) -> Result<()> {
        self.session.close_window().await.context("cannot close the window")
    }

    /// Waits until so many windows are open.
    pub async fn wait_for_windows(&self, count: usize) -> Result<()> {
        let open = async || Ok(self.session.windows().await?.len().to_string());
        self.wait_for("number of windows", open, |there| there == count.to_string()).await
    }

    /// Opens another tab, and does something in it.
    pub async fn in_new_tab(&self, inside: impl AsyncFnOnce(&Self) -> Result<()>) -> Result<()> {
        let own = self.session.window().await?;
        let tab = self.session.new_tab().await?;
        self.session.switch_to_window(tab).await?;
        let result = inside(self).await;
        self.session.close_window().await?;
        self.session.switch_to_window(own).await?;
        result
    }

    /// Waits until a script returns true.
    pub async fn wait_until(&self, script: &str) -> Result<()> {
        self.wait_for(script, async || Ok(self.evaluate(script).await?.to_string()), |there| there == "true")
            .await
    }

    async fn texts(&self, selector: &str) -> Result<String> {
        let mut texts = Vec::new();
        for element in self.session.query(By::Css(selector)).nowait().any().await? {
            // An element that went meanwhile says nothing.
            texts.push(element.text().await.unwrap_or_default());
        }
        // Groups of digits are kept together by a space that does not break; people read a space.
        Ok(texts.join("\n").replace('\u{a0}', " "))
    }

    /// Reads until what is read holds; fails with what was there last.
    async fn wait_for(
        &self,
        what: &str,
        read: impl AsyncFn() -> Result<String>,
        holds: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let mut last = String::new();
        let until = async {
            let mut poll = tokio::time::interval(POLL);
            loop {
                poll.tick().await;
                match read().await {
                    Ok(there) if holds(&there) => return,
                    Ok(there) => last = there,
                    // A page that is just being replaced by another one may answer nothing.
                    Err(error) => last = format!("{error:#}"),
                }
            }
        };
        if tokio::time::timeout(PATIENCE, until).await.is_err() {
            bail!("the {what} stays: {last}");
        }
        Ok(())
    }
}
