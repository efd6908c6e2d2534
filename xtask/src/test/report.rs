//! What test runs came to: the numbers that test harnesses print, by kind, as a table, and what failed tests said.

use std::fmt;
use std::time::Duration;

use super::failure::Failure;
use crate::progress::seconds;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Counts {
    /// The sum of every `test result:` line in the output of `cargo test` or of wasm-bindgen's test runner.
    pub(super) fn read(output: &str) -> Self {
        let lines = output.lines().filter_map(|line| line.split_once("test result:"));
        lines.fold(Self::default(), |sum, (_, numbers)| {
            let number = |word: &str| {
                let before = numbers.split(word).next().filter(|before| before.len() < numbers.len());
                before.and_then(|before| before.split_whitespace().next_back()?.parse().ok()).unwrap_or(0)
            };
            Self {
                passed: sum.passed + number(" passed"),
                failed: sum.failed + number(" failed"),
                skipped: sum.skipped + number(" ignored"),
            }
        })
    }

    /// Both together.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// One kind of tests that has run.
pub(super) struct Row {
    /// What the kind is called.
    pub(super) kind: &'static str,
    /// Its numbers.
    pub(super) counts: Counts,
    /// How long it took, with everything that was built for it.
    pub(super) time: Duration,
    /// Whether it came to its end and nothing failed.
    pub(super) passed: bool,
    /// What failed, in the order of the output.
    pub(super) failures: Vec<Failure>,
}

/// All kinds that have run.
pub(super) struct Report(pub(super) Vec<Row>);

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:8} {:>7} {:>7} {:>8} {:>13}", "kind", "passed", "failed", "skipped", "time")?;
        let mut all = Counts::default();
        for Row { kind, counts, time, passed, .. } in &self.0 {
            all = all.plus(*counts);
            // A run that could not even be built has no failed test.
            let note = if *passed || counts.failed > 0 { "" } else { "  did not run to its end" };
            let Counts { passed, failed, skipped } = counts;
            writeln!(f, "{kind:8} {passed:>7} {failed:>7} {skipped:>8} {:>13}{note}", seconds(*time))?;
        }
        let time = self.0.iter().map(|row| row.time).sum();
        write!(
            f,
            "{:8} {:>7} {:>7} {:>8} {:>13}",
            "all",
            all.passed,
            all.failed,
            all.skipped,
            seconds(time)
        )?;
        // Last, since the end of a log is what is read first.
        for row in &self.0 {
            row.failures.iter().try_for_each(|failure| write!(f, "\n\n{}: {failure}", row.kind))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_every_test_binary_are_added_up() {
        let output = "running 3 tests\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out\n\ntest result: FAILED. 10 passed; 3 failed; 0 ignored; 0 measured\n";
        assert_eq!(Counts::read(output), Counts { passed: 12, failed: 3, skipped: 1 });
        assert_eq!(Counts::read("error: could not compile"), Counts::default());
    }

    #[test]
    fn the_report_has_a_line_for_each_kind_and_one_for_all() {
        let row = |kind, failed, passed| Row {
            kind,
            counts: Counts { passed: 5, failed, skipped: 1 },
            time: Duration::from_secs(61),
            passed,
            failures: if passed { Vec::new() } else { vec![Failure::before_tests("no browser")] },
        };
        let text =
            Report(vec![row("native", 0, true), row("e2e", 2, false), row("npm", 0, false)]).to_string();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["native", "5", "0", "1", "61", "s"]);
        assert_eq!(lines[3][6..], ["did", "not", "run", "to", "its", "end"]);
        assert_eq!(lines[4], ["all", "15", "2", "3", "3", "min", "3", "s"]);
        assert!(text.ends_with("npm: before any test\n    no browser"), "{text}");
    }
}
