//! What a command reports while it runs: one line a step, with its purpose and how long it took.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

/// Whether the programs that are started write to the terminal.
static VERBOSE: AtomicBool = AtomicBool::new(false);

/// Whether the line of a step has begun and not ended.
static OPEN: AtomicBool = AtomicBool::new(false);

/// Has the programs that are started write to the terminal.
pub(crate) fn set_verbose() {
    VERBOSE.store(true, Ordering::Relaxed);
}

/// Whether the programs that are started write to the terminal.
pub(crate) fn verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

/// Writes a line of its own to stderr.
pub(crate) fn say(text: impl AsRef<str>) {
    end_line();
    eprintln!("{}", text.as_ref());
}

/// Does the work of one step. `purpose` says what it is for, in the imperative and without a full stop.
///
/// # Errors
/// Those of the work, after a line that says that the step failed.
pub(crate) fn step<T>(purpose: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    end_line();
    eprint!("  {purpose} … ");
    let _flushed = std::io::stderr().flush();
    OPEN.store(true, Ordering::Relaxed);
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "" } else { "failed after " };
    let time = seconds(start.elapsed());
    if OPEN.swap(false, Ordering::Relaxed) {
        eprintln!("{outcome}{time}");
    } else {
        eprintln!("  {purpose}: {outcome}{time}");
    }
    result
}

/// Ends the line of a step, so that what a program writes begins on a line of its own.
pub(crate) fn end_line() {
    if OPEN.swap(false, Ordering::Relaxed) {
        eprintln!();
    }
}

/// A duration as people read it: `0.4 s`, `12 s`, `3 min 5 s`.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_as_precise_as_one_reads_it() {
        assert_eq!(seconds(Duration::from_millis(440)), "0.4 s");
        assert_eq!(seconds(Duration::from_millis(61_900)), "61 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 5 s");
    }

    #[test]
    fn a_step_returns_what_its_work_returns() {
        assert_eq!(step("Count", || Ok(3)).unwrap(), 3);
        assert!(step("Fail", || anyhow::bail!("no") as Result<()>).is_err());
    }
}
