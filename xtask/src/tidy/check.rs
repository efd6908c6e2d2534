//! Every rule over the repository's files, in one list of findings.

use std::path::Path;

use anyhow::{Context, Result};

use super::module::{self, Krate};
use super::source::{self, SourceFile};
use super::{browser, function, manifest, text};

/// The crates whose modules are checked, each with its layer table in ARCHITECTURE.md.
const CRATES: &[Krate<'_>] = &[
    Krate { name: "artifact", sources: "artifact/src" },
    Krate { name: "client-wasm", sources: "client-wasm/src" },
    Krate { name: "dashboard", sources: "dashboard/src" },
    Krate { name: "gateway", sources: "gateway/src" },
    Krate { name: "emulator", sources: "emulator/src" },
    Krate { name: "inventory", sources: "inventory/src" },
    Krate { name: "layers", sources: "layers/src" },
    Krate { name: "layers-worker", sources: "layers-worker/src" },
    Krate { name: "element", sources: "element/src" },
    Krate { name: "xtask", sources: "xtask/src" },
];

/// Everything in the repository at `root` that breaks a rule, each as `path:line: what`.
pub(super) fn repository(root: &Path) -> Result<Vec<String>> {
    let files = source::read_all(root)?;
    let path = root.join("ARCHITECTURE.md");
    let architecture =
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(findings(&files, CRATES, &architecture))
}

/// Everything in these files that breaks a rule.
fn findings(files: &[SourceFile], crates: &[Krate<'_>], architecture: &str) -> Vec<String> {
    let each = [text::findings, manifest::findings, function::findings, browser::findings];
    let mut findings: Vec<String> =
        files.iter().flat_map(|file| each.iter().flat_map(move |rule| rule(file))).collect();
    findings.extend(browser::hand_written(files));
    findings.extend(crates.iter().flat_map(|krate| module::findings(*krate, files, architecture)));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn the_repository_keeps_its_own_rules() {
        let found = repository(workspace::root()).unwrap();
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_violation_planted_into_the_repository_is_found() {
        let mut files = source::read_all(workspace::root()).unwrap();
        files.retain(|file| file.path.starts_with("xtask/"));
        let architecture = std::fs::read_to_string(workspace::root().join("ARCHITECTURE.md")).unwrap();
        let plant = |files: &mut Vec<SourceFile>, path: &str, line: &str| {
            let file = files.iter_mut().find(|file| file.path == path).unwrap();
            file.text.push_str(line);
        };
        // `process` uses `workspace`: together with its opposite that is a circle, and against the layers.
        plant(&mut files, "xtask/src/workspace.rs", "fn planted() { crate::process::cargo(); }\n");
        let xtask = CRATES.iter().filter(|krate| krate.name == "xtask").copied().collect::<Vec<_>>();
        let found = findings(&files, &xtask, &architecture).join("\n");
        assert!(
            found.contains("xtask/src/process.rs: circle of modules: process.rs, ")
                && found.contains("workspace.rs")
                && found.contains("layers: `workspace` may not import `process`"),
            "{found}"
        );
    }
}
