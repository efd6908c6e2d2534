//! What failed tests said: their sections in the output of test harnesses, short enough to be read at the end of a log.

use std::fmt;

/// Lines of one failure that are repeated at the end.
const LINES: usize = 12;

/// Characters of such a line. An assertion about a page may compare all of its text.
const CHARACTERS: usize = 300;

/// A test that failed, with the beginning of what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    name: String,
    lines: Vec<String>,
}

impl Failure {
    /// The failures in the output of `cargo test` or of wasm-bindgen's test runner. If there is none, the end of the output stands for
    /// whatever stopped the run, such as a compiler error.
    pub(super) fn read(output: &str) -> Vec<Self> {
        let mut failures: Vec<Self> = Vec::new();
        let mut inside = false;
        for line in output.lines() {
            if let Some(name) = title(line) {
                failures.push(Self { name: name.to_owned(), lines: Vec::new() });
                inside = true;
            } else if is_after_message(line) {
                inside = false;
            } else if let Some(failure) = failures.last_mut().filter(|_| inside) {
                failure.add(line);
            }
        }
        if failures.is_empty() {
            failures.push(Self::end_of(output));
        }
        failures
    }

    /// What stopped a run before its tests.
    pub(super) fn before_tests(reason: &str) -> Self {
        Self {
            name: "before any test".to_owned(),
            lines: reason.lines().take(LINES).map(shortened).collect(),
        }
    }

    fn end_of(output: &str) -> Self {
        let lines: Vec<_> = output.lines().filter(|line| is_telling(line)).collect();
        let end = lines.iter().skip(lines.len().saturating_sub(LINES));
        Self { name: "the run itself".to_owned(), lines: end.map(|line| shortened(line)).collect() }
    }

    fn add(&mut self, line: &str) {
        if is_telling(line) && self.lines.len() < LINES {
            self.lines.push(shortened(line));
        }
    }
}

/// The test's name in the line above what it wrote: `---- name stdout ----`, or `output` in place of `stdout`.
fn title(line: &str) -> Option<&str> {
    let title = line.trim().strip_prefix("---- ")?.strip_suffix(" ----")?;
    title.strip_suffix(" stdout").or_else(|| title.strip_suffix(" output"))
}

/// Whether what a failed test said about the failure ends before this line.
fn is_after_message(line: &str) -> bool {
    matches!(line.trim(), "failures:" | "Stack backtrace:" | "stack backtrace:")
        || line.starts_with("test result:")
}

/// Whether a line says anything about the failure.
fn is_telling(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE=1`")
}

fn shortened(line: &str) -> String {
    let mut characters = line.chars();
    let mut short: String = characters.by_ref().take(CHARACTERS).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        self.lines.iter().try_for_each(|line| write!(f, "\n    {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 2 tests
test storage::sizes ... FAILED

failures:

---- storage::sizes stdout ----

thread 'storage::sizes' panicked at tests/journeys/storage.rs:40:9:
assertion `left == right` failed
  left: 3
 right: 4
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace

---- storage::other stdout ----
Error: no button is called Delete

Stack backtrace:
   0: anyhow::error::msg

failures:
    storage::sizes
    storage::other

test result: FAILED. 0 passed; 2 failed; 0 ignored
error: test failed, to rerun pass `-p acr-tests --test journeys`
";

    #[test]
    fn each_failed_test_is_shown_with_its_assertion() {
        let shown: Vec<_> = Failure::read(OUTPUT).iter().map(ToString::to_string).collect();
        let first = "storage::sizes\n    thread 'storage::sizes' panicked at tests/journeys/storage.rs:40:9:\n    assertion `left == right` failed\n      left: 3\n     right: 4";
        assert_eq!(shown, [first, "storage::other\n    Error: no button is called Delete"]);
    }

    #[test]
    fn failures_of_several_test_programs_are_all_read() {
        assert_eq!(Failure::read(&OUTPUT.repeat(2)).len(), 4);
        let browser = "---- api::lists output ----\n    error output:\n        JS exception\n\nfailures:\n\n    api::lists\n";
        assert_eq!(
            Failure::read(browser)[0].to_string(),
            "api::lists\n        error output:\n            JS exception"
        );
    }

    #[test]
    fn output_without_a_failed_test_is_cut_to_its_end() {
        let output = format!("{}error[E0425]: cannot find value\n\n", "Compiling a\n".repeat(40));
        let shown = Failure::read(&output)[0].to_string();
        assert!(
            shown.ends_with("error[E0425]: cannot find value") && shown.lines().count() == LINES + 1,
            "{shown}"
        );
    }

    #[test]
    fn long_failures_are_cut() {
        let output = format!("---- a stdout ----\n{}\n{}", "x".repeat(1000), "line\n".repeat(50));
        let shown = Failure::read(&output)[0].to_string();
        assert!(shown.lines().count() == LINES + 1 && shown.len() < 1000, "{shown}");
    }
}
