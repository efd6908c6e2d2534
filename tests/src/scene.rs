//! Everything of the page that is looked at as a whole: each screen and each of its tabs, and what opens above them. axe-core looks
//! at all of it, the width of a small phone is tried on all of it.

use anyhow::Result;
use thirtyfour::Key;

use crate::demo;
use crate::page::Page;
use crate::page::keyboard::Keyboard;
use crate::service::{REGISTRY, Service, Upstream};

/// One state of the page of the demo.
pub struct Scene {
    /// What it is called in messages and files.
    pub name: &'static str,
    /// Where it is.
    pub path: String,
    /// What is done there until it shows.
    pub steps: Vec<Step>,
}

/// Something that is done on a page.
pub enum Step {
    /// Pressing the button of this name.
    Press(&'static str),
    /// Typing keys where nothing has the focus.
    Keys(&'static str),
    /// Ctrl and K.
    Palette,
    /// Clicking on a row of a list, counted from 1.
    Row(usize),
    /// Choosing the first rows of a list by their boxes.
    Select(usize),
    /// Waiting until the main landmark, or a dialog, shows a text.
    See(&'static str),
}

impl Scene {
    fn new(name: &'static str, path: &str, steps: Vec<Step>) -> Self {
        Self { name, path: path.to_owned(), steps }
    }

    /// Opens it and waits until it stands still.
    pub async fn show(&self, page: &Page) -> Result<()> {
        page.open(&self.path).await?;
        demo::assert_shown(page).await?;
        for step in &self.steps {
            step.on(page).await?;
        }
        demo::assert_shown(page).await
    }
}

impl Step {
    async fn on(&self, page: &Page) -> Result<()> {
        match self {
            Self::Press(name) => page.press(name).await,
            Self::Keys(keys) => Keyboard::of(page).types(keys).await,
            Self::Palette => Keyboard::of(page).presses_with(Key::Control, 'k').await,
            Self::Row(number) => {
                let row = format!("document.querySelectorAll('tbody tr.row')[{}]", number - 1);
                page.wait_until(&format!("return {row} !== undefined")).await?;
                page.evaluate(&format!("{row}.click(); return null")).await?;
                page.wait_until("return location.search.includes('row=')").await
            }
            Self::Select(count) => {
                let script = format!(
                    "[...document.querySelectorAll('tbody input.select')].slice(0, {count}).forEach(box => box.click()); return null"
                );
                page.wait_until("return document.querySelector('tbody input.select') !== null").await?;
                page.evaluate(&script).await.map(drop)
            }
            Self::See(text) => {
                let script = format!("return document.body.innerText.includes({})", serde_json::json!(text));
                page.wait_until(&script).await
            }
        }
    }
}

/// Each screen and each tab, as they are when they are opened.
pub fn screens() -> Vec<Scene> {
    let plain = |(name, path): (&'static str, String)| Scene::new(name, &path, Vec::new());
    let mut all: Vec<_> = demo::pictures().into_iter().map(plain).collect();
    let repository = demo::MULTI_PLATFORM;
    // Of the second row; the first is a signature's.
    all.push(Scene::new("manifest-pane", &format!("/demo/{repository}?tab=manifests"), vec![Step::Row(2)]));
    all.push(Scene::new("unknown-registry", "/nowhere", Vec::new()));
    all.push(Scene::new("malformed", "/demo/UPPER", Vec::new()));
    all
}

/// What opens above a screen, and what a screen becomes while something is done on it.
pub fn states() -> Vec<Scene> {
    use Step::{Keys, Palette, Press, See, Select};
    let tags = "/demo/nginx";
    let tag = "/demo/nginx:stable";
    vec![
        Scene::new("tree", "/demo", vec![Press("Tree")]),
        Scene::new("nothing-matches", "/demo?q=nothing-is-called-this", vec![]),
        Scene::new("no-regular-expression", "/demo?q=/(/", vec![]),
        Scene::new("palette", "/demo", vec![Palette, See("Theme: Dark")]),
        Scene::new("shortcuts", "/demo", vec![Keys("?"), See("Select the row")]),
        Scene::new("preferences", "/demo", vec![Press("Preferences"), See("Density")]),
        Scene::new("session", "/demo", vec![Press("Session"), See("Signed in as")]),
        Scene::new(
            "file",
            "/demo/nginx:latest?tab=files",
            vec![Press("etc"), Press("os-release"), See("bookworm")],
        ),
        Scene::new("columns", tags, vec![Press("Columns")]),
        Scene::new("selected", tags, vec![Select(2), See("2 selected")]),
        Scene::new("untag", tag, vec![Press("Untag"), See("The manifest stays")]),
        Scene::new("delete", tag, vec![Press("Delete"), See("This cannot be undone")]),
        Scene::new("lock", tag, vec![Press("Lock"), See("Lock turns off")]),
        Scene::new("cleanup", "/demo/-/cleanup", vec![See("in the vocabulary of acr purge")]),
        Scene::new("delete-repository", tags, vec![Press("Delete repository"), See("to confirm")]),
    ]
}

/// A gateway whose registry wants a credential. None is there: the sign-in form asks nothing before it is sent.
pub async fn closed_gateway() -> Result<Service> {
    let name = format!("{REGISTRY}=contoso.azurecr.io");
    Service::gateway(&Upstream::at("http://127.0.0.1:9"), &["--registry-login-server", &name]).await
}
