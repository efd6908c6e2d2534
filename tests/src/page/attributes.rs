//! The four switches of a repository, tag or manifest.

use anyhow::Result;
use thirtyfour::extensions::query::ElementWaitable;

use super::Page;
use crate::role::Role;

/// The switches on the tab "Attributes".
pub struct Attributes<'a> {
    page: &'a Page,
}

impl<'a> Attributes<'a> {
    /// Opens the tab.
    pub async fn opened(page: &'a Page) -> Result<Self> {
        page.tab("Attributes").await?;
        Ok(Self { page })
    }

    /// Flips a switch of this name.
    pub async fn flip(&self, name: &str) -> Result<()> {
        self.page.click(Role::Switch, name).await
    }

    /// Waits until the switch is on or off.
    pub async fn wait_for(&self, name: &str, on: bool) -> Result<()> {
        let switch = self.page.find(Role::Switch, name).await?;
        let state = if on { "true" } else { "false" };
        switch.wait_until().has_attribute("aria-checked", state).await?;
        Ok(())
    }

    /// Waits until the switch says that it cannot be changed.
    pub async fn wait_for_locked(&self, name: &str) -> Result<()> {
        let switch = self.page.find(Role::Switch, name).await?;
        switch.wait_until().has_attribute("aria-disabled", "true").await?;
        Ok(())
    }
}
