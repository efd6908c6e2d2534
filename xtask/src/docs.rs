//! `docs`: the guide as a book, with the API documentation of the Rust crates and of the npm packages next to it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::process::{self, cargo, command};
use crate::progress::step;
use crate::{folder, guide, npm, tool, workspace};

/// Crates whose documentation people read from outside.
const CRATES: [&str; 5] = ["acr-client-wasm", "acr-artifact", "acr-layers", "acr-inventory", "acr-emulator"];

/// Builds `target/docs` and prints where its first page is.
pub(crate) fn run() -> Result<()> {
    let broken = guide::broken_links(&workspace::root().join("docs/guide"))?;
    ensure!(broken.is_empty(), "links of the guide that lead nowhere:\n{}", broken.join("\n"));
    let output = workspace::output().join("docs");
    let mdbook = tool::mdbook()?;
    step("Make the guide", || {
        process::run(command(mdbook).args(["build", "docs", "--dest-dir"]).arg(output.join("guide")))?;
        // Where the pages look for them, in the repository and here.
        for (name, bytes) in folder::read(&workspace::root().join("docs/screenshots"))? {
            let picture = output.join("screenshots").join(name);
            fs::create_dir_all(output.join("screenshots"))?;
            fs::write(&picture, bytes).with_context(|| format!("cannot write {}", picture.display()))?;
        }
        Ok(())
    })?;
    step("Make the documentation of the Rust crates", || {
        let mut doc = cargo();
        doc.args(["doc", "--no-deps", "--lib"]);
        doc.args(CRATES.iter().flat_map(|name| ["--package", name]));
        process::run(doc.arg("--target-dir").arg(output.join("build")))?;
        move_folder(&output.join("build/doc"), &output.join("rust"))
    })?;
    // The client's declarations are made with its WebAssembly.
    npm::tarball()?;
    tool::npm_packages(&tool::node()?, "docs")?;
    step("Make the documentation of the npm packages", || {
        let mut typedoc = command(workspace::root().join("docs/node_modules/.bin/typedoc"));
        process::run(typedoc.args(["--options", "docs/typedoc.json", "--out"]).arg(output.join("npm")))
    })?;
    println!("{}", output.join("guide/index.html").display());
    Ok(())
}

fn move_folder(from: &Path, to: &Path) -> Result<()> {
    folder::remove(to)?;
    fs::rename(from, to).with_context(|| format!("cannot move {}", from.display()))
}
