//! Starting other programs: from the workspace's root, with the folders of installed tools on PATH, and with failures that
//! name the command line.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail, ensure};

pub(crate) use crate::progress::say;
use crate::{progress, search_path, workspace};

/// A command that runs in the workspace's root and finds tools that this program installed.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).env("PATH", search_path::variable());
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_package(name)) {
        command.env_remove(name);
    }
    command
}

/// What cargo passes to a program about its own package. Build scripts look at these: passed on, they would make each build that starts here
/// undo one that was started by hand.
fn is_of_this_package(variable: &OsStr) -> bool {
    let name = variable.to_string_lossy();
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || name == "CARGO_BIN_NAME"
        || name == "CARGO_CRATE_NAME"
}

/// The cargo that runs this program, so that nested calls use the same toolchain.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The same cargo for wasm32, with a target folder of its own. Cargo adds these flags to those of `.cargo/config.toml`.
pub(crate) fn web(mut command: Command) -> Command {
    command
        .env("CARGO_TARGET_DIR", workspace::web_target())
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_local_paths());
    command
}

/// Compiler flags that keep the paths of this machine out of what ships: panics name the source they come from.
pub(crate) fn without_local_paths() -> String {
    let crates = search_path::cargo_home().join("registry").join("src");
    let from = [(crates.as_path(), "crates"), (workspace::root(), "acr-dashboard")];
    // Flags are split at white space, so a folder with a blank in its name is left as it is.
    let plain = from.iter().filter(|(path, _)| !path.to_string_lossy().contains(char::is_whitespace));
    let flags: Vec<_> =
        plain.map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display())).collect();
    flags.join(" ")
}

/// Runs to the end. What it writes is shown only if it fails, or with `--verbose`. An exit code other than zero is an error that names the
/// command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    if progress::verbose() {
        return show(command);
    }
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start `{}`", line(command)))?;
    if !output.status.success() {
        progress::end_line();
        let written = [output.stdout, output.stderr].concat();
        // A terminal that is gone is no reason to report another failure than the program's.
        let _written = std::io::stderr().write_all(&written);
        bail!("`{}` failed: {}", line(command), output.status);
    }
    Ok(())
}

/// What a program wrote, stdout and stderr together, and whether it succeeded.
pub(crate) struct Finished {
    /// In the order of its lines, as far as two streams have one.
    pub(crate) output: String,
    /// Whether the exit code was zero.
    pub(crate) success: bool,
}

/// Runs to the end and keeps what it writes, which is shown meanwhile with `--verbose`.
pub(crate) fn finish(command: &mut Command) -> Result<Finished> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if progress::verbose() {
        progress::end_line();
    }
    let output = Mutex::new(String::new());
    std::thread::scope(|scope| {
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
            child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        ];
        for stream in streams.into_iter().flatten() {
            scope.spawn(|| keep_lines(stream, &output));
        }
    });
    let status = child.wait().with_context(|| format!("cannot wait for `{}`", line(command)))?;
    let output = output.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Finished { output, success: status.success() })
}

fn keep_lines(stream: impl Read, output: &Mutex<String>) {
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Some(Ok(bytes)) = lines.next() {
        let text = String::from_utf8_lossy(&bytes);
        if progress::verbose() {
            eprintln!("{text}");
        }
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        output.push_str(&text);
        output.push('\n');
    }
}

/// Runs to the end with this terminal as its output. An exit code other than zero is an error that names the command.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    progress::end_line();
    let status = command.status().with_context(|| format!("cannot start `{}`", line(command)))?;
    ensure!(status.success(), "`{}` failed: {status}", line(command));
    Ok(())
}

/// Runs to the end and returns what it wrote to stdout.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::piped()).output();
    let output = output.with_context(|| format!("cannot start `{}`", line(command)))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}: {}", line(command), output.status, reason.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Becomes the command: its exit code is ours and signals go to it. Returns only if it cannot start.
#[cfg(unix)]
pub(crate) fn become_command(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start `{}`", line(command)))
}

/// Runs the command to its end with this terminal as its output; an interrupt reaches both of us.
#[cfg(not(unix))]
pub(crate) fn become_command(command: &mut Command) -> Result<()> {
    show(command)
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_line() {
        let error = run(&mut command("false")).unwrap_err();
        assert!(error.to_string().starts_with("`false` failed"), "{error}");
    }

    #[test]
    fn a_nested_cargo_learns_nothing_of_this_package() {
        assert!(
            is_of_this_package(OsStr::new("CARGO_MANIFEST_DIR"))
                && is_of_this_package(OsStr::new("CARGO_PKG_NAME"))
        );
        assert!(
            !is_of_this_package(OsStr::new("CARGO_HOME"))
                && !is_of_this_package(OsStr::new("CARGO_TARGET_DIR"))
        );
        let command = command("true");
        assert!(command.get_envs().any(|(name, value)| name == "CARGO_MANIFEST_DIR" && value.is_none()));
    }

    #[test]
    fn what_a_program_writes_is_kept_with_its_outcome() {
        let finished = finish(command("sh").args(["-c", "echo one; echo two >&2; exit 3"])).unwrap();
        assert!(!finished.success);
        assert!(
            finished.output.contains("one\n") && finished.output.contains("two\n"),
            "{}",
            finished.output
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(command("no-such-program").arg("--flag")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start `no-such-program --flag`");
    }
}
