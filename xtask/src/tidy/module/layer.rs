//! The layer table of a crate, as ARCHITECTURE.md shows it: which module may import which. The table in the document is the only one.

use std::collections::BTreeSet;

use super::import::Import;
use super::tree::is_root;

/// A crate's rows, from the top.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    rows: Vec<Row>,
}

#[derive(Debug, PartialEq, Eq)]
struct Row {
    /// Paths of modules below `src`, such as `page/manifest`.
    modules: Vec<String>,
    /// What they may import in addition to each other.
    allowed: BTreeSet<String>,
}

impl Table {
    /// Reads the table below the heading "### `crate`" in the section "## Layers".
    pub(super) fn read(architecture: &str, krate: &str) -> Result<Self, String> {
        let heading = format!("### `{krate}`");
        let section = architecture.split("\n## ").find(|section| section.starts_with("Layers\n"));
        let mut lines = section.unwrap_or_default().lines().skip_while(|line| *line != heading).skip(1);
        let rows: Vec<&str> = lines
            .by_ref()
            .take_while(|line| !line.starts_with('#'))
            .filter(|line| line.starts_with("| `"))
            .collect();
        if rows.is_empty() {
            return Err(format!("ARCHITECTURE.md has no table below \"{heading}\" in \"## Layers\""));
        }
        let mut table = Self { rows: Vec::new() };
        for row in rows {
            let read = table.read_row(row);
            table
                .rows
                .push(read.ok_or_else(|| format!("not a row of module and what it may import: {row}"))?);
        }
        Ok(table)
    }

    fn read_row(&self, row: &str) -> Option<Row> {
        let mut cells = row.trim_matches('|').split('|');
        let (modules, allowed) = (quoted(cells.next()?), cells.next()?.trim());
        let above = self.rows.iter().flat_map(|row| row.modules.iter().cloned());
        let mut allowed_modules: BTreeSet<String> = quoted(allowed).into_iter().collect();
        if allowed.starts_with("everything above") {
            allowed_modules.extend(above);
        } else if allowed_modules.is_empty() && !allowed.starts_with("nothing") {
            return None;
        }
        Some(Row { modules, allowed: allowed_modules })
    }

    /// Imports that the table does not allow, modules that it does not name, and names of modules that do not exist.
    pub(super) fn findings<'a>(
        &self,
        imports: &[Import],
        files: impl Iterator<Item = &'a str> + Clone,
    ) -> Vec<String> {
        let mut findings: Vec<String> = imports.iter().filter_map(|import| self.forbidden(import)).collect();
        let missing = files.clone().filter(|file| !is_root(file) && self.row_of(file).is_none());
        findings
            .extend(missing.map(|file| {
                format!("{file}: its module is in no row of the layer table in ARCHITECTURE.md")
            }));
        for module in self.rows.iter().flat_map(|row| &row.modules) {
            let exists = files.clone().any(|file| covers(module, file));
            if !exists {
                findings.push(format!(
                    "{module}: the layer table in ARCHITECTURE.md names it, and no file is of it"
                ));
            }
        }
        findings
    }

    fn forbidden(&self, import: &Import) -> Option<String> {
        if is_root(&import.from) {
            return None;
        }
        let (module, row) = self.row_of(&import.from)?;
        let target = if is_root(&import.to) {
            below_root(&import.to).trim_end_matches(".rs")
        } else {
            let (target, target_row) = self.row_of(&import.to)?;
            if std::ptr::eq(row, target_row) {
                return None;
            }
            target
        };
        let allowed = row.allowed.iter().any(|allowed| {
            allowed == target
                || target.strip_prefix(allowed.as_str()).is_some_and(|rest| rest.starts_with('/'))
        });
        (!allowed).then(|| {
            format!(
                "{}:{}: layers: `{module}` may not import `{target}`, and this names {} of {}",
                import.from, import.line, import.path, import.to
            )
        })
    }

    /// The row that decides about a file, with the module that it is listed by: the longest that covers it.
    fn row_of(&self, file: &str) -> Option<(&str, &Row)> {
        let all =
            self.rows.iter().flat_map(|row| row.modules.iter().map(move |module| (module.as_str(), row)));
        all.filter(|(module, _)| covers(module, file)).max_by_key(|(module, _)| module.len())
    }
}

/// A file's path below the folder of its root: a binary in `bin/NAME/` has modules of its own.
fn below_root(file: &str) -> &str {
    match file.strip_prefix("bin/") {
        Some(rest) => rest.split_once('/').map_or(rest, |(_, below)| below),
        None => file,
    }
}

/// Whether a file is the module's own or below it.
fn covers(module: &str, file: &str) -> bool {
    let file = below_root(file);
    let rest = file.strip_prefix(module);
    rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// The texts between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
