//! A modal dialog of the page.

use anyhow::{Context, Result};
use thirtyfour::extensions::query::ElementWaitable as _;
use thirtyfour::{By, WebElement};

use super::Page;
use crate::role::{self, Role};

/// A dialog that is open.
pub struct Dialog {
    element: WebElement,
}

impl Dialog {
    /// The dialog of this name, waited for.
    pub async fn shown(page: &Page, name: &str) -> Result<Self> {
        Ok(Self { element: page.find(Role::Dialog, name).await? })
    }

    /// Presses a button inside it.
    pub async fn press(&self, name: &str) -> Result<()> {
        let button = role::find(&self.element, Role::Button, name).await?;
        button.click().await.with_context(|| format!("cannot press \"{name}\""))
    }

    /// Types into a field inside it.
    pub async fn fill(&self, name: &str, text: &str) -> Result<()> {
        let field = role::find(&self.element, Role::TextBox, name).await?;
        field.send_keys(text).await.with_context(|| format!("cannot type into \"{name}\""))
    }

    /// Waits until it shows a text.
    pub async fn wait_for_text(&self, text: &str) -> Result<()> {
        role::contains(&self.element, text).await
    }

    /// How many of its items are done, as it says itself.
    pub async fn done(&self) -> Result<usize> {
        let said = self.element.find(By::Css("[role=status]")).await?.text().await?;
        let number = said.split(' ').next().and_then(|word| word.parse().ok());
        number.with_context(|| format!("no number of done items in \"{said}\""))
    }

    /// Waits until a button inside it cannot be pressed, or can.
    pub async fn wait_for_disabled(&self, name: &str, disabled: bool) -> Result<()> {
        let button = role::find(&self.element, Role::Button, name).await?;
        let state = if disabled { "true" } else { "false" };
        button.wait_until().has_attribute("aria-disabled", state).await?;
        Ok(())
    }
}
