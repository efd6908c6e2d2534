//! Names that say what is in the file: `app.js` becomes `app-0123456789abcdef.js`, 16 hexadecimal digits of the SHA-256 of the
//! bytes that ship, and every reference to it follows. Such a file can be cached for ever. Pure: files in, files out.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use super::file::{File, hex};

/// Gives every asset that another file refers to its hashed name. A file is hashed after the references inside it have been
/// rewritten, so a change deep down changes the names of all that load it.
pub(crate) fn rename(files: &mut Vec<File>) -> Result<()> {
    let mut waiting = std::mem::take(files);
    let references: BTreeMap<String, Vec<String>> =
        waiting.iter().map(|file| (file.0.clone(), referred(file, &waiting))).collect();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|(name, _)| {
            references.get(name).is_none_or(|targets| targets.iter().all(|target| names.contains_key(target)))
        });
        let Some(ready) = ready else {
            let stuck: Vec<&str> = waiting.iter().map(|(name, _)| name.as_str()).collect();
            bail!("these files refer to each other in a circle: {}", stuck.join(", "));
        };
        let (name, bytes) = waiting.remove(ready);
        let bytes = rewrite(&name, bytes, &names);
        let shipped = if references.values().flatten().any(|target| *target == name) {
            hashed(&name, &bytes).with_context(|| format!("{name} has no extension"))?
        } else {
            name.clone()
        };
        names.insert(name, shipped.clone());
        files.push((shipped, bytes));
    }
    files.sort();
    Ok(())
}

/// `assets/app.js` with bytes becomes `assets/app-HASH.js`.
fn hashed(name: &str, bytes: &[u8]) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let hash: String = hex(&Sha256::digest(bytes)).chars().take(16).collect();
    Some(format!("{stem}-{hash}.{extension}"))
}

/// The other assets that a file names: in HTML, CSS and JavaScript, between quotes or parentheses.
fn referred(file: &File, files: &[File]) -> Vec<String> {
    let Some(text) = text(file) else { return Vec::new() };
    let targets = text.split(delimiter).filter_map(|word| resolve(&file.0, word));
    targets
        .filter(|target| {
            *target != file.0 && is_asset(target) && files.iter().any(|(name, _)| name == target)
        })
        .collect()
}

/// The file with each reference in `names` replaced by the name it ships under.
fn rewrite(name: &str, bytes: Vec<u8>, names: &BTreeMap<String, String>) -> Vec<u8> {
    let file = (name.to_owned(), bytes);
    let Some(text) = text(&file) else { return file.1 };
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(delimiter) {
        let word = piece.trim_end_matches(delimiter);
        let ending = piece.strip_prefix(word).unwrap_or_default();
        let shipped = resolve(name, word).and_then(|target| names.get_key_value(&target));
        match shipped {
            Some((target, shipped)) => {
                let (old, new) = (last_part(target), last_part(shipped));
                out.push_str(word.strip_suffix(old).unwrap_or(word));
                out.push_str(new);
            }
            None => out.push_str(word),
        }
        out.push_str(ending);
    }
    out.into_bytes()
}

fn text(file: &File) -> Option<&str> {
    let refers =
        [".html", ".js", ".mjs", ".css", ".webmanifest"].iter().any(|extension| file.0.ends_with(extension));
    if refers { std::str::from_utf8(&file.1).ok() } else { None }
}

fn is_asset(name: &str) -> bool {
    [".js", ".mjs", ".css", ".wasm", ".svg", ".png", ".ico", ".woff2", ".webmanifest"]
        .iter()
        .any(|extension| name.ends_with(extension))
}

fn delimiter(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '(' | ')')
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path below the root that `reference` means in the file called `from`; nothing for addresses and bare words.
fn resolve(from: &str, reference: &str) -> Option<String> {
    let is_path =
        !reference.is_empty() && reference.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c));
    if !is_path {
        return None;
    }
    let mut parts: Vec<&str> = match reference.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Vec<File> {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        vec![
            file(
                "app.js",
                "import { f } from './snippets/a-1/inline0.js';\nnew URL('app_bg.wasm', import.meta.url)",
            ),
            file("app_bg.wasm", "\0asm"),
            file("boot.js", "import init from \"./app.js\"; init({ module_or_path: './app_bg.wasm' });"),
            file(
                "index.html",
                "<link rel=\"preload\" href=\"app_bg.wasm\"><script type=\"module\" src=\"boot.js\"></script>",
            ),
            file("robots.txt", "app.js"),
            file("snippets/a-1/inline0.js", "export const f = 1;"),
            file("style.css", "a { background: url(dot.svg) }"),
            file("dot.svg", "<svg/>"),
        ]
    }

    fn renamed(mut files: Vec<File>) -> BTreeMap<String, String> {
        rename(&mut files).unwrap();
        files.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
    }

    fn name<'a>(files: &'a BTreeMap<String, String>, start: &str) -> &'a str {
        files.keys().find(|name| name.starts_with(start)).unwrap()
    }

    #[test]
    fn every_reference_leads_to_a_file_that_ships() {
        let files = renamed(page());
        let script = &files[name(&files, "app-")];
        assert!(script.contains(&format!("'./{}'", name(&files, "snippets/a-1/inline0-"))), "{script}");
        assert!(script.contains(&format!("URL('{}'", name(&files, "app_bg-"))), "{script}");
        let boot = &files[name(&files, "boot-")];
        assert!(boot.contains(&format!("\"./{}\"", name(&files, "app-"))), "{boot}");
        assert!(files["index.html"].contains(&format!("src=\"{}\"", name(&files, "boot-"))));
        assert!(files["style.css"].contains(&format!("url({})", name(&files, "dot-"))));
    }

    #[test]
    fn a_name_holds_sixteen_digits_of_the_hash_of_what_ships() {
        let files = renamed(page());
        let boot = name(&files, "boot-");
        assert_eq!(boot, hashed("boot.js", files[boot].as_bytes()).unwrap());
    }

    #[test]
    fn the_page_and_what_nothing_refers_to_keep_their_names() {
        let files = renamed(page());
        assert!(
            files.contains_key("index.html")
                && files.contains_key("robots.txt")
                && files.contains_key("style.css")
        );
    }

    #[test]
    fn another_wasm_gives_its_loader_another_name() {
        let mut changed = page();
        changed[1].1 = b"\0asm2".to_vec();
        let (before, after) = (renamed(page()), renamed(changed));
        assert_ne!(name(&before, "app-"), name(&after, "app-"));
        assert_ne!(name(&before, "boot-"), name(&after, "boot-"));
        assert_eq!(name(&before, "snippets/"), name(&after, "snippets/"));
    }

    #[test]
    fn files_that_refer_to_each_other_are_an_error_that_names_them() {
        let mut files =
            vec![("a.js".to_owned(), b"'./b.js'".to_vec()), ("b.js".to_owned(), b"'./a.js'".to_vec())];
        assert!(rename(&mut files).unwrap_err().to_string().ends_with("in a circle: a.js, b.js"));
    }

    #[test]
    fn a_reference_resolves_from_its_file() {
        assert_eq!(resolve("a/b.js", "../c.js").as_deref(), Some("c.js"));
        assert_eq!(resolve("a/b.js", "./c.js").as_deref(), Some("a/c.js"));
        assert_eq!(resolve("a/b.js", "/c.js").as_deref(), Some("c.js"));
        assert_eq!(resolve("b.js", "../c.js"), None);
        assert_eq!(resolve("b.js", "https://example.org/c.js"), None);
    }
}
