//! A table as its readers see it: rows by their header, cells by their column.

use anyhow::{Context, Result, bail};
use thirtyfour::extensions::query::ElementQueryable;
use thirtyfour::prelude::*;

use crate::role::{self, Role};

/// A table of the page.
pub struct Table {
    element: WebElement,
}

impl Table {
    pub(super) fn new(element: WebElement) -> Self {
        Self { element }
    }

    /// The link in the row header of this name, waited for.
    pub async fn row_link(&self, name: &str) -> Result<WebElement> {
        role::find(&self.element, Role::Link, name).await
    }

    /// Opens the row whose header is this link.
    pub async fn open(&self, name: &str) -> Result<()> {
        let link = self.row_link(name).await?;
        link.scroll_into_view().await?;
        link.click().await.with_context(|| format!("cannot open \"{name}\""))
    }

    /// The texts of the row headers that are there now.
    pub async fn row_headers(&self) -> Result<Vec<String>> {
        let mut headers = Vec::new();
        for header in self.element.query(By::Css("tbody th, [role=rowheader]")).nowait().any().await? {
            headers.push(header.text().await?.trim().to_owned());
        }
        Ok(headers)
    }

    /// Waits until the table has rows, and returns their texts.
    pub async fn rows(&self) -> Result<Vec<String>> {
        let mut rows = Vec::new();
        let wanted = "tbody tr:not([aria-hidden=true])";
        for row in
            self.element.query(By::Css(wanted)).any_required().await.context("the table stays empty")?
        {
            rows.push(row.text().await?);
        }
        Ok(rows)
    }

    /// Waits until the table's text contains this.
    pub async fn wait_for_text(&self, text: &str) -> Result<()> {
        role::contains(&self.element, text).await
    }

    /// The text of the row that contains all of these, or an error with the rows there are.
    pub async fn row_with(&self, texts: &[&str]) -> Result<String> {
        let rows = self.rows().await?;
        let found = rows.iter().find(|row| texts.iter().all(|text| row.contains(text)));
        match found {
            Some(row) => Ok(row.clone()),
            None => bail!("no row with {texts:?} among {rows:?}"),
        }
    }
}
