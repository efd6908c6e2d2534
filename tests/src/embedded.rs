//! The dashboard in an element of another application's page: what is in its shadow root, found by role and text, and its events.

use anyhow::Result;
use serde_json::{Value, json};

use crate::page::Page;

/// The element that a selector of the page finds.
pub struct Embedded<'a> {
    page: &'a Page,
    selector: &'static str,
}

impl<'a> Embedded<'a> {
    /// The first element that matches.
    pub fn new(page: &'a Page, selector: &'static str) -> Self {
        Self { page, selector }
    }

    /// What an expression over `root`, the shadow root, and `host`, the element, comes to.
    pub async fn evaluate(&self, expression: &str) -> Result<Value> {
        self.page.evaluate(&self.script(expression)).await
    }

    /// Waits until such an expression is true.
    pub async fn wait_until(&self, expression: &str) -> Result<()> {
        self.page.wait_until(&self.script(expression)).await
    }

    fn script(&self, expression: &str) -> String {
        let selector = json!(self.selector);
        format!(
            "const host = document.querySelector({selector}); const root = host?.shadowRoot; return Boolean(root) && ({expression});"
        )
    }

    /// Waits until nothing that is on the screen is still to come; rows outside of it are not loaded.
    pub async fn wait_for_rest(&self) -> Result<()> {
        self.wait_until(
            "[...root.querySelectorAll('.pending')].every(one => {
                const row = one.closest('tr')?.getBoundingClientRect();
                return row !== undefined && (row.bottom <= 0 || row.top >= innerHeight);
            })",
        )
        .await
    }

    /// Waits until the heading has this text and nothing is on its way any more.
    pub async fn wait_for_heading(&self, text: &str) -> Result<()> {
        let text = json!(text);
        self.wait_until(&format!(
            "root.querySelector('h1')?.textContent === {text} && !root.querySelector('[aria-busy=true]')"
        ))
        .await
    }

    /// Waits until the text is somewhere in it.
    pub async fn wait_for_text(&self, text: &str) -> Result<()> {
        self.wait_until(&format!("root.textContent.includes({})", json!(text))).await
    }

    /// Clicks what has this text or accessible name, once it is there: a link, a button, a tab, a box.
    pub async fn click(&self, text: &str) -> Result<()> {
        let text = json!(text);
        self.wait_until(&format!(
            "(() => {{ const named = element => element.getAttribute('aria-label') ?? element.textContent.trim(); \
             const found = [...root.querySelectorAll('a, button, input')].find(element => named(element) === {text}); \
             found?.click(); return Boolean(found); }})()"
        ))
        .await
    }

    /// Presses the button of this name as a user does, once it is there. Browsers distinguish that from a click that a script makes.
    pub async fn press(&self, button: &str) -> Result<()> {
        let button = json!(button);
        let found = format!(
            "[...root.querySelectorAll('button')].find(button => (button.ariaLabel ?? button.textContent.trim()) === {button})"
        );
        self.wait_until(&format!("{found} !== undefined")).await?;
        let found = self.page.session().execute(self.script(&found), Vec::new()).await?;
        Ok(found.element()?.click().await?)
    }
}
