//! The screen that asks for a credential.

use anyhow::Result;

use super::Page;
use crate::role::Role;

/// The screen "Sign in".
pub struct SignIn<'a> {
    page: &'a Page,
}

impl<'a> SignIn<'a> {
    /// The screen, once it is there.
    pub async fn shown(page: &'a Page) -> Result<Self> {
        page.find(Role::Button, "Sign in").await?;
        Ok(Self { page })
    }

    /// Signs in with a name and a password.
    pub async fn with_password(&self, username: &str, password: &str) -> Result<()> {
        self.page.fill(Role::TextBox, "Username", username).await?;
        self.page.fill(Role::TextBox, "Password", password).await?;
        self.page.press("Sign in").await
    }
}
