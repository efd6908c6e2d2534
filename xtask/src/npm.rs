//! The npm packages. The client's is built by wasm-pack, completed from the `npm` folder of its crate and packed by npm; the element's is made in
//! `element.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::dashboard::Quality;
use crate::process::{self, command, say, web};
use crate::{element, tool, workspace};

/// The name of the client's package, and of its module.
const NAME: &str = "acr-client-wasm";
const MODULE: &str = "acr_client_wasm";
/// Where its documentation is, and in `npm` what wasm-pack does not make: `package.json` fields, entries, declarations.
const FOLDER: &str = "client-wasm";
/// The folder of the crate that becomes its module.
const CRATE: &str = "client-wasm/package";

/// Builds the packages and prints the paths of their tarballs.
pub(crate) fn run() -> Result<()> {
    println!("{}", tarball()?.display());
    println!("{}", element::tarball(Quality::Shipped)?.display());
    Ok(())
}

/// Builds the client's package and returns the path of `target/npm/acr-client-wasm-VERSION.tgz`.
pub(crate) fn tarball() -> Result<PathBuf> {
    tool::wasm_target()?;
    tool::wasm_bindgen()?;
    tool::wasm_opt()?;
    let npm = tool::node()?;
    let wasm_pack = tool::wasm_pack()?;
    let folder = workspace::output().join("npm");
    let package = folder.join(NAME);
    say(format!("building the npm package {NAME} with wasm-pack"));
    let mut build = web(command(wasm_pack));
    build.args(["build", CRATE, "--profile", "npm-release", "--target", "web"]);
    build.args(["--out-name", MODULE, "--out-dir"]).arg(&package);
    process::run(&mut build)?;
    complete(&package)?;
    crate::package::pack(&npm, &package)
}

/// Lays the template over wasm-pack's output: its `package.json` fields win, its files are added.
fn complete(package: &Path) -> Result<()> {
    // wasm-pack ignores everything it writes for git, and npm would honour that.
    let ignore = package.join(".gitignore");
    if ignore.exists() {
        fs::remove_file(&ignore).with_context(|| format!("cannot remove {}", ignore.display()))?;
    }
    let template = workspace::root().join(FOLDER).join("npm");
    for entry in fs::read_dir(&template).with_context(|| format!("cannot read {}", template.display()))? {
        let entry = entry?;
        let target = package.join(entry.file_name());
        if entry.file_name() == "package.json" {
            let merged = merge(&read(&target)?, &read(&entry.path())?)?;
            fs::write(&target, merged).with_context(|| format!("cannot write {}", target.display()))?;
        } else if entry.file_type()?.is_file() {
            fs::copy(entry.path(), &target).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    let wasm = package.join(format!("{MODULE}_bg.wasm"));
    let bytes = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let script = package.join("module.js");
    fs::write(&script, embedded(&bytes)).with_context(|| format!("cannot write {}", script.display()))?;
    let declarations = package.join(format!("{MODULE}.d.ts"));
    fs::write(&declarations, documented(without_loader(&read(&declarations)?)?))
        .with_context(|| format!("cannot write {}", declarations.display()))?;
    let readme = workspace::root().join(FOLDER).join("README.md");
    fs::copy(&readme, package.join("README.md"))
        .with_context(|| format!("cannot copy {}", readme.display()))?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(workspace::root().join(licence), package.join(licence))
            .with_context(|| format!("cannot copy {licence}"))?;
    }
    Ok(())
}

/// A JavaScript module whose default export is the WebAssembly module in base64, for runtimes whose `fetch` reads no files.
fn embedded(wasm: &[u8]) -> String {
    format!("export default \"{}\";\n", STANDARD.encode(wasm))
}

/// The declarations of what is exported, without those of the loader that wasm-bindgen puts after them: they are untyped, and
/// the package's entries stand in their place.
fn without_loader(declarations: &str) -> Result<&str> {
    let (exported, _) = declarations
        .split_once("export type InitInput")
        .context("wasm-bindgen's declarations no longer end with its loader's")?;
    Ok(exported.trim_end())
}

/// The declarations with documentation for what wasm-bindgen adds to every class without any.
fn documented(declarations: &str) -> String {
    const ADDED: [(&str, &str); 3] = [
        (
            "    free(): void;",
            "Frees its memory now, instead of when it is garbage. It cannot be used afterwards.",
        ),
        ("    [Symbol.dispose](): void;", "Frees its memory at the end of a `using` declaration's block."),
        ("export let RegistryError: unknown;", "The class of every failure but an abort."),
    ];
    let mut documented = declarations.to_owned();
    for (declaration, text) in ADDED {
        let indent = declaration.len() - declaration.trim_start().len();
        let comment = format!("\n{}/** {text} */\n{declaration}", " ".repeat(indent));
        documented = documented.replace(&format!("\n{declaration}"), &comment);
    }
    documented
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The template's text with the built fields that it lacks. As text, since the order of `exports` decides which one is taken.
fn merge(built: &str, template: &str) -> Result<String> {
    let built: Map<String, Value> =
        serde_json::from_str(built).context("wasm-pack's package.json is not a JSON object")?;
    let known: Map<String, Value> =
        serde_json::from_str(template).context("the template's package.json is not a JSON object")?;
    let rest = template
        .trim_start()
        .strip_prefix('{')
        .context("the template's package.json is not a JSON object")?;
    let added = built.iter().filter(|(name, _)| !known.contains_key(*name));
    let added: String =
        added.map(|(name, value)| format!("\n  {}: {value},", Value::from(name.as_str()))).collect();
    Ok(format!("{{{added}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_goes_along_as_javascript() {
        assert_eq!(embedded(b"\0asm"), "export default \"AGFzbQ==\";\n");
    }

    #[test]
    fn the_templates_fields_stay_as_they_are_and_the_built_ones_are_added() {
        let template = "{\n  \"exports\": { \"types\": \"./b\", \"default\": \"./a\" }\n}\n";
        let merged = merge(r#"{"version":"0.1.0","exports":"x"}"#, template).unwrap();
        assert_eq!(merged, template.replacen('{', "{\n  \"version\": \"0.1.0\",", 1));
    }

    #[test]
    fn what_is_added_to_every_class_is_documented() {
        let class = "export class A {\n    free(): void;\n}";
        let expected = "export class A {\n    /** Frees its memory now, instead of when it is garbage. It cannot be used afterwards. */\n    free(): void;\n}";
        assert_eq!(documented(class), expected);
    }

    #[test]
    fn the_loaders_declarations_are_left_out() {
        let declarations =
            "export class A {}\n\nexport type InitInput = string;\nexport interface InitOutput {}";
        assert_eq!(without_loader(declarations).unwrap(), "export class A {}");
        assert!(without_loader("export class A {}").is_err());
    }
}
