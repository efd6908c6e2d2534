//! Finding by role and accessible name, as assistive technology does: the browser computes both.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use http::Method;
use serde_json::Value;
use thirtyfour::common::command::{Command, ExtensionCommand};
use thirtyfour::extensions::query::ElementQueryable;
use thirtyfour::prelude::*;
use thirtyfour::session::handle::SessionHandle;

/// How long a page may take to show what is looked for; a machine under load is slow.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often it is looked for.
const POLL: Duration = Duration::from_millis(50);

/// A role of WAI-ARIA, and the elements that may have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An assertive message.
    Alert,
    /// Something to press.
    Button,
    /// A choice that is checked or not.
    CheckBox,
    /// A field with a list to choose from.
    ComboBox,
    /// A modal or other dialog.
    Dialog,
    /// A heading of any level.
    Heading,
    /// Somewhere to go.
    Link,
    /// A landmark with a name.
    Region,
    /// The first cell of a table's row.
    RowHeader,
    /// A field to search with.
    SearchBox,
    /// A choice of on and off.
    Switch,
    /// One of a tab list.
    Tab,
    /// A table.
    Table,
    /// A field for text.
    TextBox,
    /// A table whose rows open and close.
    TreeGrid,
}

impl Role {
    const ALL: [Self; 15] = [
        Self::Alert,
        Self::Button,
        Self::CheckBox,
        Self::ComboBox,
        Self::Dialog,
        Self::Heading,
        Self::Link,
        Self::Region,
        Self::RowHeader,
        Self::SearchBox,
        Self::Switch,
        Self::Tab,
        Self::Table,
        Self::TextBox,
        Self::TreeGrid,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Button => "button",
            Self::CheckBox => "checkbox",
            Self::ComboBox => "combobox",
            Self::Dialog => "dialog",
            Self::Heading => "heading",
            Self::Link => "link",
            Self::Region => "region",
            Self::RowHeader => "rowheader",
            Self::SearchBox => "searchbox",
            Self::Switch => "switch",
            Self::Tab => "tab",
            Self::Table => "table",
            Self::TextBox => "textbox",
            Self::TreeGrid => "treegrid",
        }
    }

    /// Every element that can have the role; the browser then says which do.
    fn candidates(self) -> &'static str {
        match self {
            Self::Alert => "[role=alert], [aria-live=assertive]",
            Self::Button => "button, [role=button], summary, input[type=submit]",
            Self::CheckBox => "input[type=checkbox], [role=checkbox]",
            Self::ComboBox => "select, [role=combobox]",
            Self::Dialog => "dialog, [role=dialog], [role=alertdialog]",
            Self::Heading => "h1, h2, h3, h4, h5, h6, [role=heading]",
            Self::Link => "a[href], [role=link]",
            Self::Region => "section, [role=region]",
            Self::RowHeader => "th[scope=row], [role=rowheader]",
            Self::SearchBox => "input[type=search], [role=searchbox]",
            Self::Switch => "[role=switch]",
            Self::Tab => "[role=tab]",
            Self::Table => "table, [role=table], [role=grid]",
            Self::TextBox => "input, textarea, [role=textbox]",
            Self::TreeGrid => "[role=treegrid]",
        }
    }
}

/// Waits for the one element below `scope` that has the role and the accessible name.
pub async fn find(scope: &impl ElementQueryable, role: Role, name: &str) -> Result<WebElement> {
    let wanted = name.to_owned();
    let matches = move |element: WebElement| {
        let wanted = wanted.clone();
        async move { Ok(computed(&element, "computedlabel").await == wanted && has_role(&element, role).await) }
    };
    let query = scope.query(By::Css(role.candidates())).with_filter(matches).wait(PATIENCE, POLL);
    match query.first_opt().await? {
        Some(element) => Ok(element),
        None => {
            let there = names(scope, role).await?;
            anyhow::bail!("no {} named \"{name}\"; there are: {there:?}", role.name())
        }
    }
}

/// Whether such an element is there now.
pub async fn exists(scope: &impl ElementQueryable, role: Role, name: &str) -> Result<bool> {
    Ok(names(scope, role).await?.iter().any(|there| there == name))
}

/// The accessible names of all elements below `scope` that have the role now.
pub async fn names(scope: &impl ElementQueryable, role: Role) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for element in scope.query(By::Css(role.candidates())).nowait().any().await? {
        if has_role(&element, role).await {
            names.push(computed(&element, "computedlabel").await);
        }
    }
    Ok(names)
}

/// The role and the accessible name of an element; `None` where the role is none that tests look for.
pub async fn of(element: &WebElement) -> Result<Option<(Role, String)>> {
    let found = role_of(element).await;
    let role = Role::ALL.into_iter().find(|role| role.name() == found);
    let Some(role) = role else { return Ok(None) };
    Ok(Some((role, computed(element, "computedlabel").await)))
}

async fn has_role(element: &WebElement, role: Role) -> bool {
    let found = role_of(element).await;
    // An alertdialog is a dialog, a grid is a table.
    found == role.name()
        || matches!((role, found.as_str()), (Role::Dialog, "alertdialog") | (Role::Table, "grid"))
}

/// The browser's word for the element's role. HTML gives a field for passwords none; Chromium calls it a text box, and so do tests.
async fn role_of(element: &WebElement) -> String {
    let found = computed(element, "computedrole").await;
    let is_password =
        async || element.attr("type").await.is_ok_and(|kind| kind.as_deref() == Some("password"));
    if found.is_empty() && is_password().await { Role::TextBox.name().to_owned() } else { found }
}

/// What the browser computed for the element; nothing if the element went meanwhile.
async fn computed(element: &WebElement, what: &'static str) -> String {
    let handle: &Arc<SessionHandle> = element.handle();
    let command = Computed { endpoint: format!("/element/{}/{what}", element.element_id()).into() };
    match handle.cmd(Command::ExtensionCommand(Box::new(command))).await {
        Ok(answer) => answer.value::<String>().unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// The WebDriver commands "Get Computed Role" and "Get Computed Label".
#[derive(Debug)]
struct Computed {
    endpoint: Arc<str>,
}

impl ExtensionCommand for Computed {
    fn parameters_json(&self) -> Option<Value> {
        None
    }

    fn method(&self) -> Method {
        Method::GET
    }

    fn endpoint(&self) -> Arc<str> {
        Arc::clone(&self.endpoint)
    }
}

/// Waits until `text` stands somewhere in the element.
pub async fn contains(element: &WebElement, text: &str) -> Result<()> {
    let wanted = text.to_owned();
    let holds = move |element: WebElement| {
        let wanted = wanted.clone();
        async move { Ok(element.text().await.unwrap_or_default().contains(&wanted)) }
    };
    let waited = element.wait_until().wait(PATIENCE, POLL).condition(holds).await;
    if waited.is_err() {
        let there = element.text().await.unwrap_or_default();
        waited.with_context(|| format!("\"{text}\" does not appear in: {there}"))?;
    }
    Ok(())
}
