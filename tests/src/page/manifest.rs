//! The screen of one manifest.

use anyhow::Result;

use super::Page;
use super::table::Table;

/// The screen of one manifest.
pub struct Manifest<'a> {
    page: &'a Page,
}

impl<'a> Manifest<'a> {
    /// The screen, once its heading is the reference asked for.
    pub async fn shown(page: &'a Page, heading: &str) -> Result<Self> {
        page.wait_for_heading(heading).await?;
        Ok(Self { page })
    }

    /// The table of platforms, on its own tab.
    pub async fn platforms(&self) -> Result<Table> {
        self.page.tab("Platforms").await?;
        self.page.table("Platforms").await
    }

    /// The table of layers, on its own tab.
    pub async fn layers(&self) -> Result<Table> {
        self.page.tab("Layers").await?;
        self.page.table("Layers").await
    }
}
