//! What ends the program, each with its exit code.

use std::fmt;
use std::io;
use std::path::Path;

use acr_client_wasm::Error;
use acr_inventory::cleanup::RuleError;
use acr_inventory::snapshot::SnapshotError;

/// Why the program ends without a result.
pub(crate) enum Failure {
    /// The command line or the rule is wrong.
    Usage(String),
    /// TLS or the runtime cannot be set up, so no registry can be read.
    Setup(String),
    /// A file.
    File(String),
    /// The registry cannot be read.
    Registry(Error),
    /// Standard output.
    Output(io::Error),
}

impl Failure {
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self::File(format!("{}: {error}", path.display()))
    }

    pub(crate) fn snapshot(path: &str, error: &SnapshotError) -> Self {
        Self::File(format!("{path}: {error}"))
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::File(_) | Self::Output(_) => 3,
            Self::Registry(_) | Self::Setup(_) => 4,
        }
    }
}

impl From<RuleError> for Failure {
    fn from(error: RuleError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Registry(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Setup(text) | Self::File(text) => f.write_str(text),
            Self::Registry(error) => write!(f, "{error}"),
            Self::Output(error) => write!(f, "standard output: {error}"),
        }
    }
}
