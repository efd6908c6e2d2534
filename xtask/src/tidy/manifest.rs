//! What must stand in manifests and lockfiles: workspace lints, licences, and no address of a private mirror.

use super::source::SourceFile;

/// Everything that is wrong with a manifest or lockfile; nothing for other files.
pub(super) fn findings(file: &SourceFile) -> Vec<String> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    match name {
        "Cargo.toml" if file.text.contains("[workspace]\nresolver") => workspace(file),
        "Cargo.toml" if file.text.contains("[package]") && !file.path.contains("/fuzz/") => package(file),
        "package-lock.json" => lockfile(file),
        _ => Vec::new(),
    }
}

fn workspace(file: &SourceFile) -> Vec<String> {
    let needed = ["unsafe_code = \"forbid\"", "unwrap_used = \"warn\"", "license = \"MIT OR Apache-2.0\""];
    missing(file, &needed)
}

fn package(file: &SourceFile) -> Vec<String> {
    missing(file, &["license.workspace = true", "[lints]\nworkspace = true"])
}

/// npm records where a package came from unless `.npmrc` says otherwise.
fn lockfile(file: &SourceFile) -> Vec<String> {
    let lines = file
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with("\"resolved\": \"http"));
    let found = lines.map(|(index, _)| {
        format!("{}:{}: an address of a package registry (omit-lockfile-registry-resolved in .npmrc leaves it out)", file.path, index + 1)
    });
    found.collect()
}

fn missing(file: &SourceFile, needed: &[&str]) -> Vec<String> {
    let absent = needed.iter().filter(|text| !file.text.contains(**text));
    absent.map(|text| format!("{}: lacks `{}`", file.path, text.replace('\n', " "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_the_workspaces_lints_is_found() {
        let file = SourceFile::new("a/Cargo.toml", "[package]\nname = \"a\"\nlicense.workspace = true\n");
        assert_eq!(findings(&file), ["a/Cargo.toml: lacks `[lints] workspace = true`"]);
    }

    #[test]
    fn a_lockfile_that_names_a_registry_is_found() {
        let file = SourceFile::new(
            "tests/npm/package-lock.json",
            "{\n  \"resolved\": \"https://mirror.example/a.tgz\"\n}\n",
        );
        assert_eq!(findings(&file).len(), 1);
        let local = SourceFile::new("tests/npm/package-lock.json", "{\n  \"resolved\": \"../pack\"\n}\n");
        assert!(findings(&local).is_empty());
    }
}
