//! The npm package of the custom element: its wasm in the chunks that the page has, the files of `element/npm` around it, the page's styles as
//! a module.

mod addresses;
mod styles;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::dashboard::Quality;
use crate::process::{self, cargo, web};
use crate::progress::step;
use crate::{bundle, folder, layers_worker, microsoft, package, tool, workspace};

/// The package's name on npm, and the crate's.
const NAME: &str = "acr-dashboard-element";

/// What its JavaScript and its wasm are called.
const MODULE: &str = "acr_dashboard_element";

/// The page's profile, so that the two share what they depend on.
const PROFILE: &str = "dashboard-release";

/// Builds the package and returns the path of `target/npm/acr-dashboard-element-VERSION.tgz`. What the demo's page is made of has to be
/// there for a package of its quality.
pub(crate) fn tarball(quality: Quality) -> Result<PathBuf> {
    tool::wasm_target()?;
    let npm = tool::node()?;
    let linked = compile(quality)?;
    let folder = workspace::output().join("npm").join(NAME);
    folder::remove(&folder)?;
    bind(&linked, &folder, quality)?;
    layers_worker::build(&folder, quality == Quality::Shipped)?;
    for (name, bytes) in microsoft::files()? {
        write(&folder.join(name), &bytes)?;
    }
    step("Pack the custom element's npm package", || {
        complete(&folder)?;
        package::pack(&npm, &folder)
    })
}

fn compile(quality: Quality) -> Result<PathBuf> {
    let shipped = quality == Quality::Shipped;
    let mut build = if shipped { web(cargo()) } else { cargo() };
    build.args(["build", "--package", NAME, "--lib", "--target", workspace::WASM_TARGET]);
    let (target, profile) = if shipped {
        build.args(["--features", "split", "--profile", PROFILE]);
        (workspace::web_target(), PROFILE)
    } else {
        (workspace::native_target(), "debug")
    };
    step("Compile the custom element to WebAssembly", || process::run(&mut build))?;
    Ok(target.join(workspace::WASM_TARGET).join(profile).join(format!("{MODULE}.wasm")))
}

/// Writes the JavaScript and the final wasm of the linked one into `folder`.
fn bind(linked: &Path, folder: &Path, quality: Quality) -> Result<()> {
    if quality == Quality::Demo {
        return step("Make the JavaScript that loads it", || bundle::bind(linked, MODULE, folder, false));
    }
    let mut modules =
        step("Cut the WebAssembly into chunks", || bundle::into_chunks(linked, MODULE, folder))?;
    modules.push(format!("{MODULE}_bg.wasm"));
    let wasm_opt = tool::wasm_opt()?;
    step("Make the WebAssembly smaller", || {
        modules.iter().try_for_each(|module| bundle::shrink(&wasm_opt, &folder.join(module)))
    })
}

/// Adds what is written by hand, the styles and the licences.
fn complete(folder: &Path) -> Result<()> {
    let crate_folder = workspace::root().join("element");
    for (name, bytes) in folder::read(&crate_folder.join("npm"))? {
        let bytes = if name == "package.json" { versioned(&bytes)?.into_bytes() } else { bytes };
        write(&folder.join(name), &bytes)?;
    }
    let script = folder.join(format!("{MODULE}.js"));
    let text = fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?;
    write(&script, addresses::from_a_folder(&text)?.as_bytes())?;
    write(&folder.join("styles.js"), styles::module()?.as_bytes())?;
    copy(&workspace::root().join("static").join(layers_worker::START), &folder.join(layers_worker::START))?;
    copy(&crate_folder.join("README.md"), &folder.join("README.md"))?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&workspace::root().join(licence), &folder.join(licence))?;
    }
    Ok(())
}

/// The package's description with the workspace's version, which stands at one place only.
fn versioned(template: &[u8]) -> Result<String> {
    let template = std::str::from_utf8(template).context("element/npm/package.json is not UTF-8")?;
    let rest =
        template.trim_start().strip_prefix('{').context("element/npm/package.json is not an object")?;
    Ok(format!("{{\n  \"version\": \"{}\",{rest}", env!("CARGO_PKG_VERSION")))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).with_context(|| format!("cannot copy {}", from.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_description_has_the_workspaces_version() {
        let text = versioned(b"{\n  \"name\": \"a\"\n}\n").unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (json["version"].as_str(), json["name"].as_str()),
            (Some(env!("CARGO_PKG_VERSION")), Some("a"))
        );
    }
}
