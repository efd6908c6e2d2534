//! The modules of a crate and what they import from each other, read from its source with `syn`: a tree of modules, the imports
//! between their files, circles among those, and imports that a crate's layer table does not allow. Pure: texts in, findings out.

mod circle;
mod import;
mod layer;
mod tree;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::source::SourceFile;
use import::Import;
use layer::Table;

/// A crate that rules are applied to: its name in ARCHITECTURE.md and its folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Krate<'a> {
    /// The name that heads its layer table.
    pub(super) name: &'a str,
    /// The folder of its sources, such as `xtask/src`.
    pub(super) sources: &'a str,
}

/// Every circle of modules, every import that the layer table in `architecture` does not allow, every file that no module declares,
/// and every file that cannot be parsed.
pub(super) fn findings(krate: Krate<'_>, files: &[SourceFile], architecture: &str) -> Vec<String> {
    let prefix = format!("{}/", krate.sources);
    let sources: BTreeMap<&str, &str> = files
        .iter()
        .filter(|file| file.is_rust())
        .filter_map(|file| Some((file.path.strip_prefix(&prefix)?, file.text.as_str())))
        .collect();
    let (trees, mut findings) = tree::read(&sources);
    let mut imports: Vec<Import> = trees.iter().flat_map(import::of).collect();
    imports.sort();
    imports.dedup();
    findings.extend(undeclared(&sources, &trees));
    findings.extend(circle::findings(&imports));
    match Table::read(architecture, krate.name) {
        Ok(table) => findings.extend(table.findings(&imports, sources.keys().copied())),
        Err(reason) => findings.push(format!("lib.rs: layers: {reason}")),
    }
    findings.into_iter().map(|finding| format!("{prefix}{finding}")).collect()
}

/// Files that are compiled into nothing.
fn undeclared(sources: &BTreeMap<&str, &str>, trees: &[tree::Tree]) -> Vec<String> {
    let dead = sources.keys().filter(|path| !trees.iter().any(|tree| tree.declares(path)));
    dead.map(|path| format!("{path}: no module declares this file")).collect()
}
