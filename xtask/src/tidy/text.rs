//! The invariants of ARCHITECTURE.md that show in the lines of a single file. Each rule is a function from a file to its findings.

use super::source::{SourceFile, named};

/// The most lines that a file may have.
const LIMIT: usize = 400;

/// What does input, output or waiting.
const INPUT_OUTPUT: &[&str] =
    &["std::fs", "std::net", "async fn", ".await", "crate::browser", "crate::client", "crate::pipeline"];

/// The client as components must not see it: pages ask, components show.
const CLIENT_TYPES: &[&str] =
    &["RegistryClient", "RegistryClientBuilder", "Credential", "Pager", "Transport"];

/// Everything that is wrong with a file, each as `path:line: what`.
pub(super) fn findings(file: &SourceFile) -> Vec<String> {
    let rules = [length, opening, unstable, purity, components, tests];
    rules.into_iter().flat_map(|rule| rule(file)).collect()
}

fn length(file: &SourceFile) -> Vec<String> {
    let lines = file.text.lines().count();
    // Programs write lockfiles and schemas, and a fixture is as long as what was recorded.
    let generated = ["lock.json", ".schema.json"].iter().any(|ending| file.path.ends_with(ending));
    let written = !generated && !file.path.contains("/fixtures/");
    if written && lines > LIMIT {
        vec![format!("{}: {lines} lines, more than {LIMIT}", file.path)]
    } else {
        Vec::new()
    }
}

fn opening(file: &SourceFile) -> Vec<String> {
    let opens =
        !file.is_rust() || ["//!", "#![doc = include_str!("].iter().any(|start| file.text.starts_with(start));
    if opens {
        Vec::new()
    } else {
        vec![format!("{}:1: does not open with //! and what lives there", file.path)]
    }
}

/// What ships is built by the stable toolchain as it is.
fn unstable(file: &SourceFile) -> Vec<String> {
    let variable = concat!("RUSTC_", "BOOTSTRAP");
    let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(variable));
    lines.map(|(index, _)| format!("{}:{}: {variable} must not be used", file.path, index + 1)).collect()
}

fn purity(file: &SourceFile) -> Vec<String> {
    let pure =
        ["name", "model", "operation"].iter().any(|module| file.is_in(&format!("client-wasm/src/{module}")));
    if pure {
        named(file, INPUT_OUTPUT, "name, model and operation do no I/O, and this names")
    } else {
        Vec::new()
    }
}

fn components(file: &SourceFile) -> Vec<String> {
    if file.is_in("dashboard/src/component") {
        named(file, CLIENT_TYPES, "components never see the client, and this names")
    } else {
        Vec::new()
    }
}

/// A test waits for conditions, and none is put aside.
fn tests(file: &SourceFile) -> Vec<String> {
    let integration = file.is_rust() && (file.path.contains("/tests/") || file.path.starts_with("tests/"));
    let mut found = Vec::new();
    if integration {
        found.extend(named(
            file,
            &["thread::sleep", "time::sleep"],
            "tests wait for conditions, and this calls",
        ));
    }
    if file.is_rust() && !file.path.starts_with("xtask/src/tidy/") {
        let ignored =
            file.text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("#[ignore"));
        found.extend(
            ignored.map(|(index, _)| {
                format!("{}:{}: a test that is ignored shows nothing", file.path, index + 1)
            }),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "client-wasm/src/operation/tags.rs",
        "//! A.\nasync fn get() {}\n",
        "client-wasm/src/operation/tags.rs:2: name, model"
    )]
    #[case(
        "dashboard/src/component/list.rs",
        "//! A.\nfn f(client: RegistryClient) {}\n",
        "dashboard/src/component/list.rs:2: components"
    )]
    #[case("a/b.toml", concat!("RUSTC_", "BOOTSTRAP = 1\n"), concat!("a/b.toml:1: RUSTC_", "BOOTSTRAP must not be used"))]
    #[case("gateway/src/a.rs", "fn main() {}\n", "gateway/src/a.rs:1: does not open with //!")]
    #[case("tests/journeys/a.rs", "//! A.\nthread::sleep(x);\n", "tests/journeys/a.rs:2: tests wait")]
    #[case(
        "gateway/src/b.rs",
        "//! A.\n#[ignore = \"later\"]\n",
        "gateway/src/b.rs:2: a test that is ignored"
    )]
    fn what_breaks_a_rule_is_found_with_its_line(
        #[case] path: &str,
        #[case] text: &str,
        #[case] finding: &str,
    ) {
        let found = findings(&SourceFile::new(path, text));
        assert!(found.iter().any(|line| line.starts_with(finding)), "{found:?}");
    }

    #[rstest]
    #[case("dashboard/src/page/tags.rs", "//! A.\nfn f(client: RegistryClient) {}\n")]
    #[case("xtask/src/main.rs", "//! A.\nthread::sleep(x);\n")]
    fn what_keeps_the_rules_passes(#[case] path: &str, #[case] text: &str) {
        assert_eq!(findings(&SourceFile::new(path, text)), Vec::<String>::new());
    }

    #[test]
    fn a_file_above_the_limit_is_found_unless_a_tool_wrote_it() {
        let long = format!("//! A.\n{}", "\n".repeat(LIMIT));
        assert_eq!(findings(&SourceFile::new("a.rs", &long)), ["a.rs: 401 lines, more than 400"]);
        assert!(findings(&SourceFile::new("tests/npm/package-lock.json", &long)).is_empty());
    }
}
