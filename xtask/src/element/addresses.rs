//! The addresses at which the script of the element's package fetches the `.wasm` files: next to itself, where bundlers that know the form
//! `new URL(…, import.meta.url)` find them, or in a folder that the page names.

use anyhow::{Result, ensure};

/// How wasm-bindgen and `wasm_split` write the address of a file next to the script.
const FORMS: [(&str, &str); 2] =
    [("new URL(\"./", ".wasm\", import.meta.url)"), ("new URL('", ".wasm', import.meta.url)")];

/// What the element's modules call. An arrow function keeps the original form, which bundlers look for.
const EXPORTS: &str = r#"
let wasmFolder;
const wasmAddresses = new Set();
function wasmAddress(name, besideScript) {
    const address = wasmFolder === undefined ? besideScript() : new URL(name, wasmFolder);
    wasmAddresses.add(String(address));
    return address;
}
/** Has the .wasm files fetched from the folder at this address, which ends with a slash. */
export function fetchFrom(folder) {
    wasmFolder = folder;
}
/** Whether a script's address is this script's or that of a .wasm file which it has fetched. */
export function isOwn(address) {
    return address === import.meta.url || wasmAddresses.has(address);
}
/** The addresses of the .wasm files that were asked for. */
export function fetched() {
    return [...wasmAddresses];
}
"#;

/// The script with each address of a `.wasm` file decided when it is fetched.
pub(super) fn from_a_folder(script: &str) -> Result<String> {
    let mut changed = script.to_owned();
    for (start, end) in FORMS {
        changed = replaced(&changed, start, end);
    }
    let (before, after) =
        (script.matches("import.meta.url").count(), changed.matches("wasmAddress(").count());
    ensure!(
        before > 0 && before == after,
        "the element's script has {before} addresses, of which {after} have a known form"
    );
    changed.push_str(EXPORTS);
    Ok(changed)
}

/// Wraps every address that begins and ends like this.
fn replaced(script: &str, start: &str, end: &str) -> String {
    let mut parts = script.split(start);
    let mut changed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(end) {
            Some((name, rest)) if !name.contains(['"', '\'', ' ']) => {
                changed.push_str(&format!("wasmAddress(\"{name}.wasm\", () => {start}{name}{end}){rest}"));
            }
            _ => {
                changed.push_str(start);
                changed.push_str(part);
            }
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_fetched_from_the_folder_or_from_next_to_the_script() {
        let script = "fetch(new URL(\"./split_a.wasm\", import.meta.url));\nmodule = new URL('x_bg.wasm', import.meta.url);\n";
        let changed = from_a_folder(script).unwrap();
        assert!(changed.starts_with(
            "fetch(wasmAddress(\"split_a.wasm\", () => new URL(\"./split_a.wasm\", import.meta.url)));\n\
             module = wasmAddress(\"x_bg.wasm\", () => new URL('x_bg.wasm', import.meta.url));\n"
        ));
        assert!(changed.contains("export function fetchFrom("));
    }

    #[test]
    fn a_script_with_addresses_of_another_form_is_refused() {
        assert!(from_a_folder("fetch(new URL(`a.wasm`, import.meta.url))").is_err());
        assert!(from_a_folder("no address").is_err());
    }
}
