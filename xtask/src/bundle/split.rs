//! A linked wasm cut into chunks: what a visit begins with, and what `#[wasm_split(name)]` marks, fetched later. One JavaScript file loads
//! all of them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::bindgen::bind;

/// The file that `wasm_split` writes to load the chunks.
const LOADER: &str = "chunks.js";

/// How an export of the loader begins; the name of its chunk follows.
const EXPORT: &str = "export const __wasm_split_load_";

/// How the other files begin that are fetched after the first load: the worker that reads layers, and what signs in with Microsoft.
const LATER: [&str; 4] = ["acr-layers-worker", "layers-worker", "microsoft", "redirect"];

/// Whether a file that ships is fetched after the first load, as chunks are, by the names that `wasm_split` gives them.
pub(crate) fn is_later(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let is_chunk = (file.starts_with("split_") || file.starts_with("chunk_")) && file.ends_with(".wasm");
    is_chunk || LATER.iter().any(|beginning| file.starts_with(beginning))
}

/// Cuts `linked` and writes `NAME.js`, `NAME_bg.wasm`, the chunks and the snippets into `folder`. Returns the file names of the chunks.
pub(crate) fn into_chunks(linked: &Path, name: &str, folder: &Path) -> Result<Vec<String>> {
    let wasm = fs::read(linked).with_context(|| format!("cannot read {}", linked.display()))?;
    let first = folder.join("first").join(format!("{name}.wasm"));
    fs::create_dir_all(folder.join("first"))
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    let (link, main) = (format!("./{LOADER}"), format!("./{name}.js"));
    (options.output_dir, options.main_out_path) = (folder, &first);
    (options.link_name, options.main_module) = (&link, &main);
    let made = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot cut {} into chunks: {error:#}", linked.display()))?;
    let made = made.split_modules.iter().filter_map(|path| path.file_name()?.to_str());
    let mut chunks: Vec<String> = made.map(str::to_owned).collect();
    chunks.sort();
    ensure!(!chunks.is_empty(), "{} marks nothing that could be a chunk", linked.display());
    ensure!(chunks.iter().all(|chunk| is_later(chunk)), "chunks of other names than known here: {chunks:?}");
    bind(&first, name, folder, true)?;
    let script = folder.join(format!("{name}.js"));
    let loader = folder.join(LOADER);
    let joined = joined(&read(&script)?, &read(&loader)?)?;
    fs::write(&script, joined).with_context(|| format!("cannot write {}", script.display()))?;
    fs::remove_file(&loader).with_context(|| format!("cannot remove {}", loader.display()))?;
    crate::folder::remove(&folder.join("first"))?;
    Ok(chunks)
}

/// The loader of the chunks inside the script of the first. As two files they import each other, and neither of two such files can be named
/// by its content before the other is.
fn joined(script: &str, loader: &str) -> Result<String> {
    // wasm-bindgen imports the loader once for each chunk.
    let imports: Vec<&str> = script.lines().filter(|line| imports_loader(line)).collect();
    let namespaces: Vec<&str> = imports.iter().filter_map(|line| line.split_whitespace().nth(3)).collect();
    let (Some(first), Some(namespace)) = (imports.first(), namespaces.first()) else {
        bail!("wasm-bindgen's script does not import the loader of the chunks");
    };
    let own = line(loader, |line| line.starts_with("import { initSync }"))
        .context("the loader of the chunks does not import the script of the first")?;
    let exports = loader.lines().filter_map(|line| line.strip_prefix("export const ")?.split(' ').next());
    let exports: Vec<&str> = exports.collect();
    ensure!(!exports.is_empty(), "the loader of the chunks has no `{EXPORT}`");
    let body = loader
        .replacen(own, "", 1)
        .replace("export const ", "const ")
        // The page reports a load that fails, and offers to try again.
        .replace("console.error(e);", "");
    let body = with_any_media_type(&body)?;
    let mut inside =
        format!("const {namespace} = (() => {{{body}return {{ {} }};\n}})();", exports.join(", "));
    for other in namespaces.iter().skip(1) {
        inside.push_str(&format!("\nconst {other} = {namespace};"));
    }
    let others: Vec<&str> = script.lines().filter(|line| line == first || !imports_loader(line)).collect();
    Ok(format!("{}\n", others.join("\n")).replacen(first, &inside, 1))
}

/// Servers that do not know wasm send it as something else, which browsers do not compile while it streams. wasm-bindgen's own script
/// serves them as well.
fn with_any_media_type(body: &str) -> Result<String> {
    const STREAMING: &str = "(WebAssembly.instantiateStreaming(src, imports))";
    ensure!(
        !body.contains("instantiateStreaming") || body.contains(STREAMING),
        "the loader of the chunks instantiates them in another way than known here"
    );
    let function = "async function instantiate(response, imports) {
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    if (response.headers.get(\"Content-Type\")?.startsWith(\"application/wasm\")) return WebAssembly.instantiateStreaming(response, imports);
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
";
    Ok(format!("\n{function}{}", body.replace(STREAMING, "instantiate(await src, imports)")))
}

fn imports_loader(line: &str) -> bool {
    line.starts_with("import * as ") && line.contains(LOADER)
}

fn line(text: &str, wanted: impl Fn(&&str) -> bool) -> Option<&str> {
    text.lines().find(wanted)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::name_by_content;

    /// Two chunks and what they share; `fixtures/README.md` has its source.
    const MODULE: &[u8] = include_bytes!("../../fixtures/two_chunks.wasm.gz");

    const SCRIPT: &str = "import * as import1 from \"./chunks.js\"\nimport * as import2 from \"./chunks.js\"\n\nexport class A {}\nconst imports = { \"./chunks.js\": import1 };\n";
    const LOADER_TEXT: &str = "import { initSync } from \"./page.js\";\nfunction makeLoad(f) { try { return f; } catch (e) {\nconsole.error(e); } }\nconst __chunk_0 = makeLoad(1);\nexport const __wasm_split_load_a = makeLoad(() => fetch(new URL(\"./split_a.wasm\", import.meta.url)));\nexport const __wasm_split_load_b = makeLoad(2);\n";

    #[test]
    fn the_loader_takes_the_place_of_its_import_and_writes_nothing_to_the_console() {
        let joined = joined(SCRIPT, LOADER_TEXT).unwrap();
        assert!(!joined.contains("import * as") && !joined.contains("initSync }"), "{joined}");
        assert!(!joined.contains("console.error") && !joined.contains("export const"), "{joined}");
        assert!(joined.starts_with("const import1 = (() => {"), "{joined}");
        assert!(joined.contains("return { __wasm_split_load_a, __wasm_split_load_b };"), "{joined}");
        assert!(
            joined.ends_with("\nconst import2 = import1;\n\nexport class A {}\nconst imports = { \"./chunks.js\": import1 };\n"),
            "{joined}"
        );
    }

    #[test]
    fn a_script_or_a_loader_of_another_make_is_refused() {
        assert!(joined("export class A {}", LOADER_TEXT).is_err());
        assert!(joined(SCRIPT, "export const other = 1;").is_err());
        assert!(with_any_media_type("x = WebAssembly.instantiateStreaming(other)").is_err());
    }

    /// The module cut into `folder`; the names of its chunks.
    fn cut(folder: &Path) -> Vec<String> {
        let mut linked = tempfile::NamedTempFile::new().unwrap();
        std::io::copy(&mut flate2::read::GzDecoder::new(MODULE), &mut linked).unwrap();
        into_chunks(linked.path(), "page", folder).unwrap()
    }

    #[test]
    fn every_chunk_of_a_module_is_a_file_that_its_script_names() {
        let folder = tempfile::tempdir().unwrap();
        let chunks = cut(folder.path());
        assert!(chunks.contains(&"split_first.wasm".to_owned()), "{chunks:?}");
        assert!(chunks.contains(&"split_second.wasm".to_owned()), "{chunks:?}");
        let script = fs::read_to_string(folder.path().join("page.js")).unwrap();
        for chunk in chunks.iter().map(String::as_str).chain(["page_bg.wasm"]) {
            let start = fs::read(folder.path().join(chunk)).unwrap();
            assert!(start.starts_with(b"\0asm"), "{chunk}");
            assert!(script.contains(chunk), "{chunk} in {script}");
        }
        assert!(!script.contains("import * as"), "{script}");
        assert!(script.contains("return { __wasm_split_load_"), "{script}");
        assert!(!folder.path().join(LOADER).exists() && !folder.path().join("first").exists());
    }

    #[test]
    fn the_files_of_a_cut_module_can_be_named_by_their_content() {
        let folder = tempfile::tempdir().unwrap();
        let chunks = cut(folder.path());
        let mut files = crate::folder::read(folder.path()).unwrap();
        files.push(("index.html".to_owned(), b"<script src=\"page.js\"></script>".to_vec()));
        name_by_content(&mut files).unwrap();
        let later = files.iter().filter(|(name, _)| is_later(name)).count();
        assert_eq!(later, chunks.len());
        assert!(files.iter().any(|(name, _)| name.starts_with("page-") && name.ends_with(".js")));
    }

    #[test]
    fn chunks_are_recognised_by_their_names() {
        assert!(is_later("split_files-0123456789abcdef.wasm") && is_later("chunk_3.wasm"));
        assert!(is_later("acr-layers-worker_bg-0123456789abcdef.wasm") && is_later("layers-worker.js"));
        assert!(is_later("microsoft-0123456789abcdef.js") && is_later("redirect.html"));
        assert!(!is_later("acr-dashboard_bg-0123456789abcdef.wasm") && !is_later("index.html"));
    }
}
