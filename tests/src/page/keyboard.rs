//! The page without a mouse: keys as a person presses them, and where the focus is.

use anyhow::{Result, bail};
use thirtyfour::prelude::*;

use super::Page;
use crate::role::{self, Role};

/// More than any screen has.
const STOPS: usize = 250;

/// Keys that go to whatever has the focus.
pub struct Keyboard<'a> {
    page: &'a Page,
}

impl<'a> Keyboard<'a> {
    /// The keyboard of a page.
    pub fn of(page: &'a Page) -> Self {
        Self { page }
    }

    /// Types a text, or presses one key after the other.
    pub async fn types(&self, keys: &str) -> Result<()> {
        self.comes_back_in().await?;
        self.page.browser().action_chain().send_keys(keys).perform().await?;
        Ok(())
    }

    /// Presses one key.
    pub async fn presses(&self, key: Key) -> Result<()> {
        self.comes_back_in().await?;
        self.page.browser().action_chain().key_down(key.clone()).key_up(key).perform().await?;
        Ok(())
    }

    /// Opens the menu whose button has the focus, and sees what is in it: its panel may be in a chunk that is still on its way, and then
    /// Tab leaves the menu.
    pub async fn opens_the_menu(&self) -> Result<()> {
        self.presses(Key::Enter).await?;
        let filled = "const button = document.activeElement;
            return button.ariaExpanded === 'true' && button.parentElement.querySelector('.menu-panel :is(a, button, input)') !== null";
        self.page.wait_until(filled).await
    }

    /// Presses a key while another is held.
    pub async fn presses_with(&self, held: Key, key: impl Into<char>) -> Result<()> {
        let key: char = key.into();
        self.comes_back_in().await?;
        let chain = self.page.browser().action_chain().key_down(held.clone()).key_down(key).key_up(key);
        chain.key_up(held).perform().await?;
        Ok(())
    }

    /// Goes on with Tab until what has this role and name has the focus, and looks that one can see so.
    pub async fn tabs_to(&self, role: Role, name: &str) -> Result<()> {
        self.walks_to(role, name, async || self.presses(Key::Tab).await).await
    }

    /// Goes back, with Shift held.
    pub async fn tabs_back_to(&self, role: Role, name: &str) -> Result<()> {
        self.walks_to(role, name, async || self.presses_with(Key::Shift, Key::Tab).await).await
    }

    async fn walks_to(&self, role: Role, name: &str, step: impl AsyncFn() -> Result<()>) -> Result<()> {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            step().await?;
            let Some(stop) = self.focused().await? else { continue };
            if stop.0 == role && stop.1 == name {
                return self.assert_visible().await;
            }
            passed.push(stop.1);
        }
        bail!("Tab does not come to a {role:?} named \"{name}\"; it passed {passed:?}");
    }

    /// Passes the browser's own buttons, which Firefox goes on to at the end of a document and to which a window that has only just come
    /// up passes Tab on: a person comes back in at the document's other end. A driver's keys go to the document all the same, where they
    /// move the focus on and Enter presses nothing, so that this comes before every key.
    async fn comes_back_in(&self) -> Result<()> {
        if self.page.evaluate("return document.hasFocus()").await? == true {
            return Ok(());
        }
        // As a click on the window does. What Firefox does for the driver, Chromium does for the page; the other way round each helps
        // once at the most.
        let session = self.page.session();
        session.switch_to_window(session.window().await?).await?;
        self.page.wait_until("if (!document.hasFocus()) window.focus(); return document.hasFocus()").await
    }

    /// Waits until what has this role and name has the focus.
    pub async fn wait_for_focus(&self, role: Role, name: &str) -> Result<()> {
        let there = async || {
            let focused = self.focused().await?;
            Ok(focused.map(|(role, name)| format!("{role:?} {name}")).unwrap_or_default())
        };
        self.page.wait_for("focus", there, |there| there == format!("{role:?} {name}")).await
    }

    /// Waits until what has the focus is on the screen and marked: its outline may come by and by.
    pub async fn assert_visible(&self) -> Result<()> {
        let script = "const element = document.activeElement;
            const style = getComputedStyle(element);
            const box = element.getBoundingClientRect();
            const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            const seen = {
                marked: element.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
                inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
                uncovered: middle === null || element.contains(middle) || middle.contains(element)
                    || [...(element.labels ?? [])].some(label => label.contains(middle)),
            };
            return Object.values(seen).every(Boolean) || {...seen, html: element.outerHTML.slice(0, 200)}";
        let seen = async || Ok(self.page.evaluate(script).await?.to_string());
        self.page.wait_for("focus that cannot be seen", seen, |seen| seen == "true").await
    }

    /// Role and name of what has the focus, where it is one of the roles that tests look for.
    async fn focused(&self) -> Result<Option<(Role, String)>> {
        let element = self.page.browser().active_element().await?;
        role::of(&element).await
    }
}
