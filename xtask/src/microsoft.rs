//! What signs users in with Microsoft: the sources in `microsoft`, each bundled with the library it imports into a file of its own. The page
//! fetches them when a user signs in this way.

use std::fs;

use anyhow::{Context, Result};

use crate::process::{self, command};
use crate::progress::step;
use crate::{tool, workspace};

/// The folder of the sources and of the versions they are bundled with.
const FOLDER: &str = "microsoft";

/// What the files are made of: below the workspace's root.
pub(crate) const INPUTS: &[&str] =
    &["microsoft/package.json", "microsoft/package-lock.json", "microsoft/src"];

/// The scripts to bundle.
const SCRIPTS: [&str; 2] = ["microsoft.js", "redirect.js"];

/// The page that Microsoft redirects to.
const PAGE: &str = "redirect.html";

/// The licence of what is bundled, which asks to be named.
const BANNER: &str = "/*! Contains @azure/msal-browser. Copyright (c) Microsoft Corporation. MIT License: https://opensource.org/license/mit */";

/// The files, by the names that they refer to each other with.
///
/// # Errors
/// Where npm is missing, where a package cannot be installed, and where a script cannot be bundled.
pub(crate) fn files() -> Result<Vec<(String, Vec<u8>)>> {
    let npm = tool::npm()?;
    tool::npm_packages(&npm, FOLDER)?;
    let folder = workspace::root().join(FOLDER);
    let output = workspace::output().join(FOLDER);
    step("Bundle what signs in with Microsoft", || {
        let mut esbuild = command(folder.join("node_modules/.bin/esbuild"));
        esbuild.args(SCRIPTS.map(|script| folder.join("src").join(script)));
        esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
        esbuild.arg(format!("--banner:js={BANNER}")).arg(format!("--outdir={}", output.display()));
        process::run(&mut esbuild)
    })?;
    let mut files = Vec::new();
    for script in SCRIPTS {
        let path = output.join(script);
        files.push((
            script.to_owned(),
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
        ));
    }
    let page = folder.join("src").join(PAGE);
    files
        .push((PAGE.to_owned(), fs::read(&page).with_context(|| format!("cannot read {}", page.display()))?));
    Ok(files)
}
