//! The binary as a person or a script starts it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::support::raw;

const BINARY: &str = env!("CARGO_BIN_EXE_acr-gateway");

/// Runs to the end: exit code, stdout, stderr.
pub fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    output(Command::new(BINARY).args(arguments).envs(variables.iter().copied()))
}

/// The same from a shell that has run a command before.
pub fn run_limited(before: &str, arguments: &[&str]) -> (i32, String, String) {
    output(Command::new("sh").args(["-c", &format!("{before} && exec \"$@\""), "sh", BINARY]).args(arguments))
}

fn output(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Runs what must not work, and returns the one line it says.
pub fn refused(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let (code, stdout, stderr) = run(arguments, variables);
    assert_ne!(code, 0, "{arguments:?}");
    assert_eq!((stdout.as_str(), stderr.lines().count()), ("", 1), "{arguments:?}: {stderr}");
    assert!(stderr.starts_with("acr-gateway: "), "{stderr}");
    stderr
}

/// A configuration file.
pub fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

/// A gateway that runs; killed when dropped.
pub struct Running {
    child: Child,
    pub url: String,
    errors: BufReader<ChildStderr>,
    log: String,
}

impl Running {
    pub fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(BINARY);
        command.args(arguments).envs(variables.iter().copied());
        Self::spawn(command)
    }

    /// The same from a shell that has run a command before.
    pub fn start_limited(before: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{before} && exec \"$@\""), "sh", BINARY]).args(arguments);
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Serving on ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self { child, url, errors, log: String::new() }
    }

    pub fn address(&self) -> std::net::SocketAddr {
        self.url.split('/').nth(2).unwrap().parse().unwrap()
    }

    pub async fn get(&self, path: &str, fields: &str) -> String {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{fields}connection: close\r\n\r\n", self.address());
        raw(self.address(), request.as_bytes()).await
    }

    /// Sends it a signal, such as `HUP`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has logged a text.
    pub fn wait_for_log(&mut self, text: &str) {
        while !self.log.contains(text) {
            let read = self.errors.read_line(&mut self.log).unwrap();
            assert!(read > 0, "it ended without logging {text:?}: {}", self.log);
        }
    }

    /// Asks it to stop once it has logged a text, and returns its exit code and all it logged.
    pub fn stop_once_logged(mut self, text: &str) -> (i32, String) {
        self.wait_for_log(text);
        self.stop()
    }

    /// Asks it to stop, and returns its exit code and all it logged.
    pub fn stop(mut self) -> (i32, String) {
        self.signal("TERM");
        self.errors.read_to_string(&mut self.log).unwrap();
        (self.child.wait().unwrap().code().unwrap(), std::mem::take(&mut self.log))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
