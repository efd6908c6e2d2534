//! The screen of a registry's repositories.

use anyhow::Result;

use super::Page;
use super::table::Table;
use crate::role::Role;

/// The screen "Repositories".
pub struct Repositories<'a> {
    page: &'a Page,
}

impl<'a> Repositories<'a> {
    /// The screen, once its table is there.
    pub async fn shown(page: &'a Page) -> Result<Self> {
        page.wait_for_heading("Repositories").await?;
        page.find(Role::Table, "Repositories").await?;
        Ok(Self { page })
    }

    /// The table of repositories.
    pub async fn table(&self) -> Result<Table> {
        self.page.table("Repositories").await
    }

    /// Types into the search box.
    pub async fn search(&self, text: &str) -> Result<()> {
        self.page.fill(Role::SearchBox, "Search to filter repositories", text).await
    }

    /// Opens a repository's row.
    pub async fn open(&self, name: &str) -> Result<()> {
        self.table().await?.open(name).await
    }
}
