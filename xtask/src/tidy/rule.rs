//! The invariants of ARCHITECTURE.md that can be read off a source file. Each rule is a function from a file to its findings.

use super::source::SourceFile;

/// A file above this does not pass; above 400 it wants splitting.
const MOST_LINES: usize = 500;

/// The browser's interfaces, which only the client's edge may name.
const BROWSER_CRATES: &[&str] = &["gloo_net", "js_sys", "web_sys"];

/// What does input, output or waiting.
const INPUT_OUTPUT: &[&str] =
    &["std::fs", "std::net", "async fn", ".await", "crate::transport", "crate::client"];

/// The client as components must not see it: pages ask, components show.
const CLIENT_TYPES: &[&str] =
    &["RegistryClient", "RegistryClientBuilder", "Credential", "Pager", "Transport"];

/// Where a browser keeps things beyond a page.
const STORAGE: &[&str] =
    &["local_storage", "localStorage", "session_storage", "sessionStorage", "indexedDB", "document.cookie"];

/// What must never be kept there.
const SECRETS: &[&str] = &["access_token", "credential", "password", "refresh_token", "secret"];

/// Everything that is wrong with a file, each as `path:line: what`.
pub(super) fn findings(file: &SourceFile) -> Vec<String> {
    let rules = [length, opening, browser_crates, purity, components, storage, tests];
    rules.into_iter().flat_map(|rule| rule(file)).collect()
}

fn length(file: &SourceFile) -> Vec<String> {
    let lines = file.text.lines().count();
    // Programs write lockfiles and schemas, and a fixture is as long as what was recorded.
    let generated = ["lock.json", ".schema.json"].iter().any(|ending| file.path.ends_with(ending));
    let written = !generated && !file.path.contains("/fixtures/");
    if written && lines > MOST_LINES {
        vec![format!("{}: {lines} lines, more than {MOST_LINES}", file.path)]
    } else {
        Vec::new()
    }
}

fn opening(file: &SourceFile) -> Vec<String> {
    let opens = !file.is_rust() || file.text.starts_with("//!");
    if opens {
        Vec::new()
    } else {
        vec![format!("{}:1: does not open with //! and what lives there", file.path)]
    }
}

fn browser_crates(file: &SourceFile) -> Vec<String> {
    let edge = ["client-wasm/src/transport", "client-wasm/src/js"];
    if !file.path.starts_with("client-wasm/src/") || edge.iter().any(|module| file.is_in(module)) {
        return Vec::new();
    }
    named(file, BROWSER_CRATES, "only the transport and the js bindings may name")
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

/// A file that reaches the browser's storage holds no word for a secret.
fn storage(file: &SourceFile) -> Vec<String> {
    let shipped =
        ["dashboard/src/", "client-wasm/src/", "static/"].iter().any(|folder| file.path.starts_with(folder));
    if !shipped || named(file, STORAGE, "").is_empty() {
        return Vec::new();
    }
    let lower = SourceFile { path: file.path.clone(), text: file.text.to_lowercase() };
    named(&lower, SECRETS, "a file that reaches the browser's storage names")
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

/// A finding for each line of code that holds one of the words whole.
fn named(file: &SourceFile, words: &[&str], what: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.code() {
        for word in words.iter().filter(|word| holds(line, word)) {
            found.push(format!("{}:{number}: {what} {word}", file.path));
        }
    }
    found
}

/// Whether `word` stands in `line` without a letter, digit or underscore beside it.
fn holds(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line.get(start + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "client-wasm/src/model/tag.rs",
        "//! A.\nuse web_sys::Headers;\n",
        "client-wasm/src/model/tag.rs:2: only the transport"
    )]
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
    #[case("gateway/src/a.rs", "fn main() {}\n", "gateway/src/a.rs:1: does not open with //!")]
    #[case(
        "dashboard/src/p.rs",
        "//! A.\nlocal_storage();\nlet password = 1;\n",
        "dashboard/src/p.rs:3: a file that reaches"
    )]
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
    #[case("client-wasm/src/transport/fetch.rs", "//! A.\nuse web_sys::Headers;\n")]
    #[case("client-wasm/src/model/tag.rs", "//! A.\n// not web_sys\nlet web_system = 1;\n")]
    #[case("dashboard/src/page/tags.rs", "//! A.\nfn f(client: RegistryClient) {}\n")]
    #[case("dashboard/src/preferences.rs", "//! A.\nlocal_storage();\n")]
    #[case("xtask/src/main.rs", "//! A.\nthread::sleep(x);\n")]
    fn what_keeps_the_rules_passes(#[case] path: &str, #[case] text: &str) {
        assert_eq!(findings(&SourceFile::new(path, text)), Vec::<String>::new());
    }

    #[test]
    fn a_file_above_the_limit_is_found_unless_a_tool_wrote_it() {
        let long = format!("//! A.\n{}", "\n".repeat(MOST_LINES));
        assert_eq!(findings(&SourceFile::new("a.rs", &long)), ["a.rs: 501 lines, more than 500"]);
        assert!(findings(&SourceFile::new("tests/npm/package-lock.json", &long)).is_empty());
    }
}
