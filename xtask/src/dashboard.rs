//! The dashboard's page: compiled to WebAssembly, cut into chunks, put into its page, named and compressed. The steps are those of `bundle`;
//! this file is their order, and decides when there is nothing to do.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{self, cargo, web};
use crate::progress::step;
use crate::{bundle, folder, layers_worker, microsoft, tool, workspace};

/// The package, its binary, and what the files of its first chunk are called.
const PACKAGE: &str = "acr-dashboard";

/// What the page is made of apart from its crates. A build is skipped while none of it changes.
const INPUTS: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "rust-toolchain.toml",
    "static",
    "xtask/Cargo.toml",
    "xtask/src",
];

/// How much is done to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quality {
    /// As it ships: optimised for size, in chunks, compressed.
    Shipped,
    /// As quickly as it can be had: in one piece, as the compiler leaves it.
    Demo,
}

impl Quality {
    /// The cargo profile of the wasm, and the folder that its output is in.
    fn profile(self) -> (&'static str, &'static str) {
        match self {
            Self::Shipped => ("dashboard-release", "dashboard-release"),
            Self::Demo => ("dev", "debug"),
        }
    }
}

/// Builds the page into [`workspace::dashboard`], unless one of this quality or better is there and nothing that it is made of has
/// changed.
pub(crate) fn build(quality: Quality) -> Result<()> {
    build_alongside(quality, || Ok(()))
}

/// Builds the page as [`build`] does, and does other work once the page is compiled: what is left to do for the page then keeps a single
/// processor busy. Returns what the other work returned.
pub(crate) fn build_alongside<T: Send>(
    quality: Quality,
    work: impl FnOnce() -> Result<T> + Send,
) -> Result<T> {
    let Some(page) = compile_changed(quality)? else { return work() };
    std::thread::scope(|threads| {
        let work = threads.spawn(work);
        page.put_together()?;
        work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A page that is compiled.
struct Compiled {
    quality: Quality,
    linked: PathBuf,
    stamp: String,
}

/// Compiles the page; `None` where what is there needs no change.
fn compile_changed(quality: Quality) -> Result<Option<Compiled>> {
    let shipped = workspace::dashboard();
    let inputs = inputs()?;
    let stamp = |quality| bundle::stamp::of(workspace::root(), &inputs, &format!("{quality:?}"));
    let built = fs::read_to_string(stamp_file()).unwrap_or_default();
    let good_enough: &[Quality] =
        if quality == Quality::Demo { &[Quality::Demo, Quality::Shipped] } else { &[quality] };
    if shipped.join("index.html").is_file() {
        for quality in good_enough {
            if built == stamp(*quality)? {
                return Ok(None);
            }
        }
    }
    // Before the build reads its inputs: one that changes meanwhile is built the next time.
    let stamp = stamp(quality)?;
    Ok(Some(Compiled { quality, linked: compile(quality)?, stamp }))
}

impl Compiled {
    /// Makes the page of it.
    fn put_together(self) -> Result<()> {
        let work = workspace::output().join("dashboard.build");
        folder::remove(&work)?;
        fs::create_dir_all(&work).with_context(|| format!("cannot create {}", work.display()))?;
        bind(&self.linked, &work, self.quality)?;
        layers_worker::build(&work, self.quality == Quality::Shipped)?;
        step("Put the page together", || ship(&work, &workspace::dashboard(), self.quality))?;
        let stamp_file = stamp_file();
        fs::write(&stamp_file, self.stamp).with_context(|| format!("cannot write {}", stamp_file.display()))
    }
}

/// Where it is written down what the page was built from.
fn stamp_file() -> PathBuf {
    workspace::output().join("dashboard.stamp")
}

/// What the page is made of: files and folders below the workspace's root.
fn inputs() -> Result<Vec<String>> {
    let mut inputs: Vec<String> =
        INPUTS.iter().chain(microsoft::INPUTS).map(|input| (*input).to_owned()).collect();
    inputs.extend(workspace::folders_of(PACKAGE)?);
    inputs.extend(workspace::folders_of(layers_worker::PACKAGE)?);
    inputs.sort();
    inputs.dedup();
    Ok(inputs)
}

fn compile(quality: Quality) -> Result<PathBuf> {
    tool::wasm_target()?;
    let (profile, folder) = quality.profile();
    let mut build = if quality == Quality::Demo { cargo() } else { web(cargo()) };
    build.args(["build", "--package", PACKAGE, "--bin", PACKAGE, "--target", workspace::WASM_TARGET]);
    build.args(["--profile", profile]);
    match quality {
        Quality::Shipped => build.args(["--features", "split"]),
        // Together, so that the crates that both need are compiled once.
        Quality::Demo => build.args(["--package", layers_worker::PACKAGE, "--bin", layers_worker::PACKAGE]),
    };
    step("Compile the dashboard to WebAssembly", || process::run(&mut build))?;
    let target = if quality == Quality::Demo { workspace::native_target() } else { workspace::web_target() };
    Ok(target.join(workspace::WASM_TARGET).join(folder).join(format!("{PACKAGE}.wasm")))
}

/// Writes the JavaScript and the final wasm of the linked one into `work`.
fn bind(linked: &Path, work: &Path, quality: Quality) -> Result<()> {
    if quality == Quality::Demo {
        return step("Make the JavaScript that loads it", || bundle::bind(linked, PACKAGE, work, false));
    }
    let mut modules = step("Cut the WebAssembly into chunks", || bundle::into_chunks(linked, PACKAGE, work))?;
    modules.push(format!("{PACKAGE}_bg.wasm"));
    let wasm_opt = tool::wasm_opt()?;
    step("Make the WebAssembly smaller", || {
        modules.iter().try_for_each(|module| bundle::shrink(&wasm_opt, &work.join(module)))
    })
}

/// Turns what was built into what is served: with its page around it, names by content, and compressed copies. The folder is replaced at
/// once.
fn ship(built: &Path, shipped: &Path, quality: Quality) -> Result<()> {
    let mut files = folder::read(built)?;
    let page = workspace::root().join("static");
    let html = page.join("index.html");
    let html = fs::read_to_string(&html).with_context(|| format!("cannot read {}", html.display()))?;
    files.extend(bundle::assemble(&html, |name| {
        let file = page.join(name);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
    })?);
    files.extend(microsoft::files()?);
    bundle::name_by_content(&mut files)?;
    let next = shipped.with_extension("next");
    folder::remove(&next)?;
    for (name, bytes) in &files {
        let path = next.join(name);
        let parent = path.parent().unwrap_or(&next);
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        if quality == Quality::Shipped {
            bundle::write_compressed(&path, bytes, &shipped.join(name))?;
        }
    }
    folder::remove(shipped)?;
    fs::rename(&next, shipped).with_context(|| format!("cannot create {}", shipped.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stamp_covers_everything_that_the_page_is_made_of() {
        let inputs = inputs().unwrap();
        for needed in
            [".cargo/config.toml", "xtask/src", "static", "dashboard", "client-wasm", "layers-worker"]
        {
            assert!(inputs.iter().any(|input| input == needed), "{needed} in {inputs:?}");
        }
        let missing = inputs.iter().find(|input| !workspace::root().join(input).exists());
        assert_eq!(missing, None);
    }
}
