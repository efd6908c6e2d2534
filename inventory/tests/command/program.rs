//! Runs the program, with an environment of its own.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use acr_emulator::{Emulator, EmulatorBuilder, RunningEmulator, Seed};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const USERNAME: &str = "reader";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The user and the password in base64, as the `Basic` scheme has them.
const BASIC: &str = "cmVhZGVyOmNvcnJlY3QgaG9yc2UgYmF0dGVyeSBzdGFwbGU=";

/// The environment of a sign-in that the registry accepts.
pub(crate) const SIGNED_IN: [(&str, &str); 2] = [("ACR_USERNAME", USERNAME), ("ACR_PASSWORD", PASSWORD)];

/// How the program ended, and what it printed.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect(&self.out)
    }

    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs the program with these variables and nothing else of the environment, and this standard input.
pub(crate) fn run_with(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_acr-inventory"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that does not read its input may have ended before.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Ended::of(child.wait_with_output().unwrap())
}

/// Runs the program signed in.
pub(crate) fn run(arguments: &[&str]) -> Ended {
    run_with(arguments, &SIGNED_IN, "")
}

/// The registry of a small company, listening on the loopback interface, that asks for credentials.
pub(crate) struct Company {
    pub(crate) running: RunningEmulator,
    pub(crate) runtime: Runtime,
    pub(crate) folder: TempDir,
}

impl Company {
    pub(crate) fn start() -> Self {
        Self::with(Emulator::builder())
    }

    /// The same, which calls itself this whatever its address is.
    pub(crate) fn start_as(login_server: &str) -> Self {
        Self::with(Emulator::builder().login_server(login_server))
    }

    fn with(builder: EmulatorBuilder) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let builder = builder.seed(Seed::Demo).admin(USERNAME, PASSWORD);
        let running = runtime.block_on(builder.start()).unwrap();
        let company = Self { running, runtime, folder: tempfile::tempdir().unwrap() };
        // An image that its scanner locked against reading, and two of schema 1, whose layers state no size: what remains can be read to
        // the last byte.
        for repository in ["services/worker", "legacy/php-app", "tests/signed-schema-1"] {
            company.delete(&format!("/acr/v1/{repository}"));
        }
        company
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Takes a snapshot into a file, and gives its path.
    pub(crate) fn snapshot(&self, name: &str) -> String {
        let path = self.file(name).to_str().unwrap().to_owned();
        let ended = run(&["snapshot", &self.running.url(), "--output", &path]);
        assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, "", ""));
        path
    }

    /// Deletes something as another client would.
    pub(crate) fn delete(&self, path: &str) {
        let request = http::Request::delete(format!("{}{path}", self.running.url()))
            .header("authorization", format!("Basic {BASIC}"))
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = self.runtime.block_on(self.running.emulator().respond(request));
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}
