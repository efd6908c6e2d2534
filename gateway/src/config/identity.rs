//! Where a gateway-held credential comes from. Reading it is here; using it is `identity`'s.

use std::fmt;
use std::path::PathBuf;

/// The credential the gateway holds for a registry, named but not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityConfig {
    /// None: anonymous tokens, for registries that permit them.
    Anonymous,
    /// Admin user or repository-scoped token.
    Password {
        /// The user name.
        username: String,
        /// Where its password is.
        secret: SecretSource,
    },
    /// An ACR refresh token.
    RefreshToken {
        /// Where the token is.
        secret: SecretSource,
    },
    /// An Azure managed identity.
    Managed {
        /// The client id of a user-assigned identity; the system-assigned one when absent.
        client_id: Option<String>,
    },
    /// A Kubernetes workload identity (AKS).
    Workload {
        /// The client id; `AZURE_CLIENT_ID` when absent.
        client_id: Option<String>,
        /// The tenant; `AZURE_TENANT_ID` when absent.
        tenant_id: Option<String>,
    },
}

impl IdentityConfig {
    /// Where its secret is, when it has one of its own.
    pub(crate) fn secret(&self) -> Option<&SecretSource> {
        match self {
            Self::Password { secret, .. } | Self::RefreshToken { secret } => Some(secret),
            Self::Anonymous | Self::Managed { .. } | Self::Workload { .. } => None,
        }
    }
}

/// A file or an environment variable that holds a secret. Read at each use, so that a rotated file is picked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A file, whose closing newline is not part of the secret.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl SecretSource {
    /// The key that sets it.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::File(_) => "secret_file",
            Self::Variable(_) => "secret_variable",
        }
    }

    /// Reads the secret.
    ///
    /// # Errors
    /// A sentence that names the file or variable, never its content.
    pub fn read(&self) -> Result<Secret, String> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|error| format!("cannot read the secret file {}: {error}", path.display()))?,
            Self::Variable(name) => {
                std::env::var(name).map_err(|_| format!("the environment variable {name} holds no secret"))?
            }
        };
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.is_empty() { Err(format!("{self} is empty")) } else { Ok(Secret(secret.to_owned())) }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "the secret file {}", path.display()),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
        }
    }
}

/// A password or token. Neither printed nor compared, only exposed by name.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_redacted() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[redacted]");
    }

    #[test]
    fn a_secret_file_is_read_without_its_newline_and_again_after_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let source = SecretSource::File(folder.path().join("secret"));
        assert!(source.read().unwrap_err().contains("secret"));
        std::fs::write(folder.path().join("secret"), "one\n").unwrap();
        assert_eq!(source.read().unwrap().expose(), "one");
        std::fs::write(folder.path().join("secret"), "two").unwrap();
        assert_eq!(source.read().unwrap().expose(), "two");
        std::fs::write(folder.path().join("secret"), "\n").unwrap();
        assert!(source.read().unwrap_err().contains("is empty"));
    }
}
