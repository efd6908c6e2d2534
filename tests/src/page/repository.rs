//! The screen of one repository.

use anyhow::Result;

use super::Page;
use super::table::Table;

/// The screen of one repository.
pub struct Repository<'a> {
    page: &'a Page,
}

impl<'a> Repository<'a> {
    /// The screen, once it shows the repository of this name.
    pub async fn shown(page: &'a Page, name: &str) -> Result<Self> {
        page.wait_for_heading(name).await?;
        Ok(Self { page })
    }

    /// The table of tags.
    pub async fn tags(&self) -> Result<Table> {
        self.page.table("Tags").await
    }

    /// The table of manifests, on its own tab.
    pub async fn manifests(&self) -> Result<Table> {
        self.page.tab("Manifests").await?;
        self.page.table("Manifests").await
    }
}
