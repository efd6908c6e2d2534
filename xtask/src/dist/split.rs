//! The dashboard's wasm cut in two: what a visit begins with, and what `dashboard/src/later.rs` enters, fetched later. Each half is
//! made smaller by wasm-opt; one JavaScript file loads both.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};

use crate::process::{self, command, say};
use crate::{folder, tool, workspace};

/// What the files of the first half are called, and the linked wasm.
const NAME: &str = "acr-dashboard";

/// The file that `wasm_split` writes to load the second half.
const LOADER: &str = "later.js";

/// The only file of the page that a first load does not fetch.
const LATER: &str = "split_later.wasm";

/// What browsers of the last years have, `.cargo/config.toml` asks for, and rustc writes.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// Whether a shipped file comes after the first load; names are those that [`super::hashed_names`] makes.
pub(crate) fn is_later(name: &str) -> bool {
    LATER.split_once('.').is_some_and(|(stem, _)| name.starts_with(stem))
}

/// Replaces the whole wasm in Trunk's output, and the JavaScript that loads it, by the two halves.
pub(super) fn into_halves(page: &Path, profile: &str) -> Result<()> {
    say("cutting the dashboard's wasm in two");
    let linked =
        workspace::web_target().join(workspace::WASM_TARGET).join(profile).join(format!("{NAME}.wasm"));
    let work = workspace::output().join("dashboard.split");
    folder::remove(&work)?;
    let first = work.join("first").join(format!("{NAME}.wasm"));
    cut(&linked, &work, &first)?;
    let mut bindgen = command(tool::wasm_bindgen()?);
    // The second half finds what it shares with the first under the linker's names.
    bindgen.args(["--target=web", "--keep-lld-exports", "--no-demangle", "--no-typescript"]);
    process::run(bindgen.args(["--out-name", NAME, "--out-dir"]).arg(&work).arg(&first))?;
    for file in [&format!("{NAME}_bg.wasm"), LATER] {
        let mut shrink = command(tool::wasm_opt()?);
        shrink.arg("-Oz").args(FEATURES).arg(work.join(file)).arg("-o");
        process::run(shrink.arg(page.join(file)))?;
    }
    let script = format!("{NAME}.js");
    let joined = joined(&read(&work.join(&script))?, &read(&work.join(LOADER))?)?;
    fs::write(page.join(&script), joined).with_context(|| format!("cannot write {script}"))
}

fn cut(linked: &Path, work: &Path, first: &Path) -> Result<()> {
    let wasm = fs::read(linked).with_context(|| format!("cannot read {}", linked.display()))?;
    fs::create_dir_all(first.parent().unwrap_or(work))
        .with_context(|| format!("cannot create {}", work.display()))?;
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    let (link, main) = (format!("./{LOADER}"), format!("./{NAME}.js"));
    (options.output_dir, options.main_out_path) = (work, first);
    (options.link_name, options.main_module) = (&link, &main);
    let halves = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot cut {} in two: {error:#}", linked.display()))?;
    let made: Vec<_> = halves.split_modules.iter().filter_map(|path| path.file_name()).collect();
    ensure!(made == [LATER], "{} was not cut in two: {made:?} beside the first half", linked.display());
    Ok(())
}

/// The loader of the second half inside the script of the first. As two files they import each other, and of two such files neither
/// can be named after what is in it before the other is.
fn joined(script: &str, loader: &str) -> Result<String> {
    let import = line(script, |line| line.starts_with("import * as ") && line.contains(LOADER))
        .context("wasm-bindgen's script does not import the loader of the second half")?;
    let namespace = import.split_whitespace().nth(3).unwrap_or_default();
    let own = line(loader, |line| line.starts_with("import { initSync }"))
        .context("the loader of the second half does not import the script of the first")?;
    let (body, load) = loader
        .split_once(EXPORT)
        .with_context(|| format!("the loader of the second half has no `{EXPORT}`"))?;
    // A load that fails is said on the page, and can be tried again there.
    let body = body.replacen(own, "", 1).replace("console.error(e);", "");
    let load = load.trim().trim_end_matches(';');
    let inside =
        format!("const {namespace} = (() => {{{body}return {{ __wasm_split_load_later: {load} }};\n}})();");
    Ok(script.replacen(import, &inside, 1))
}

/// What the loader exports, for the first half to import.
const EXPORT: &str = "export const __wasm_split_load_later =";

fn line(text: &str, wanted: impl Fn(&&str) -> bool) -> Option<&str> {
    text.lines().find(wanted)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "import * as import1 from \"./later.js\"\n\nexport class A {}\nconst imports = { \"./later.js\": import1 };\n";
    const LOADER: &str = "import { initSync } from \"./acr-dashboard.js\";\nfunction makeLoad(f) { try { return f; } catch (e) {\nconsole.error(e); } }\nexport const __wasm_split_load_later = makeLoad(() => fetch(new URL(\"./split_later.wasm\", import.meta.url)));\n";

    #[test]
    fn the_loader_stands_in_the_place_of_its_import_and_says_nothing() {
        let joined = joined(SCRIPT, LOADER).unwrap();
        assert!(!joined.contains("import * as") && !joined.contains("initSync }"), "{joined}");
        assert!(!joined.contains("console.error"), "{joined}");
        assert!(joined.starts_with("const import1 = (() => {"), "{joined}");
        assert!(joined.contains("return { __wasm_split_load_later: makeLoad("), "{joined}");
        assert!(
            joined.ends_with("\n\nexport class A {}\nconst imports = { \"./later.js\": import1 };\n"),
            "{joined}"
        );
    }

    #[test]
    fn a_script_or_a_loader_of_another_make_is_refused() {
        assert!(joined("export class A {}", LOADER).is_err());
        assert!(joined(SCRIPT, "export const other = 1;").is_err());
    }

    #[test]
    fn the_second_half_is_told_by_its_name() {
        assert!(is_later("split_later-0123456789abcdef.wasm"));
        assert!(!is_later("acr-dashboard_bg-0123456789abcdef.wasm") && !is_later("index.html"));
    }
}
