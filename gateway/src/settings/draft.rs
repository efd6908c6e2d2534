//! A registry as its settings are read one after another, and which of them go together.

use std::path::PathBuf;

use crate::config::{
    Action, ConfigError, EntraConfig, IdentityConfig, Registry, SecretSource, SignIn, StorageHost,
};

/// A registry as it is put together.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) url: String,
    pub(super) name: Option<String>,
    pub(super) login_server: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) sign_in: Option<Vec<SignIn>>,
    pub(super) pinned_repositories: Vec<String>,
    pub(super) allow: Option<Vec<Action>>,
    pub(super) storage_hosts: Vec<StorageHost>,
    pub(super) entra: EntraConfig,
    pub(super) identity: IdentityDraft,
}

/// An identity as it is put together.
#[derive(Default)]
pub(super) struct IdentityDraft {
    pub(super) kind: Option<String>,
    pub(super) username: Option<String>,
    pub(super) secret_file: Option<PathBuf>,
    pub(super) secret_variable: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) tenant_id: Option<String>,
}

type KeyedError = (&'static str, String);

impl Draft {
    /// The registry that the draft amounts to. Errors are about `registries[index]`.
    pub(super) fn finish(self, index: usize) -> Result<Registry, ConfigError> {
        let error = |key: &str, message| ConfigError::new(format!("registries[{index}].{key}"), message);
        let mut registry: Registry = match &self.name {
            // The name goes first, so that a host whose first label is not a valid name can be given one.
            Some(name) => format!("{name}={}", self.url).parse().map_err(|e| error("url", e))?,
            None => self.url.parse().map_err(|e| error("url", e))?,
        };
        if let Some(login_server) = self.login_server {
            registry = registry.with_login_server(login_server);
        }
        registry.storage_hosts.extend(self.storage_hosts);
        registry.entra = self.entra;
        registry.identity = self.identity.finish().map_err(|(key, message)| error(key, message))?;
        registry.display_name = self.display_name;
        if let Some(sign_in) = self.sign_in {
            registry.sign_in = sign_in;
        }
        registry.pinned_repositories = self.pinned_repositories;
        registry.allow = self.allow.map(|actions| actions.into_iter().collect());
        Ok(registry)
    }
}

impl IdentityDraft {
    /// The identity that the draft amounts to; none when no kind is set.
    pub(super) fn finish(self) -> Result<Option<IdentityConfig>, KeyedError> {
        let Some(kind) = self.kind.as_deref() else {
            return match self.keys().first() {
                Some(key) => {
                    let remedy = "set identity to the kind of identity it belongs to, or remove it";
                    Err(("identity", format!("{key} is set without an identity; {remedy}")))
                }
                None => Ok(None),
            };
        };
        if let Some(key) = self.keys().into_iter().find(|key| is_unused(kind, key)) {
            return Err((
                key,
                format!("identity {kind:?} does not use it; remove it, or set another identity"),
            ));
        }
        Ok(Some(match kind {
            "anonymous" => IdentityConfig::Anonymous,
            "password" => {
                let missing =
                    ("username", "identity \"password\" needs a user name; set username".to_owned());
                let username = self.username.clone().ok_or(missing)?;
                IdentityConfig::Password { username, secret: self.secret()? }
            }
            "refresh-token" => IdentityConfig::RefreshToken { secret: self.secret()? },
            "managed" => IdentityConfig::Managed { client_id: self.client_id },
            "workload" => IdentityConfig::Workload { client_id: self.client_id, tenant_id: self.tenant_id },
            other => {
                let remedy = "use anonymous, password, refresh-token, managed or workload";
                return Err(("identity", format!("{other:?} is not a kind of identity; {remedy}")));
            }
        }))
    }

    /// The keys that are set, apart from the kind.
    fn keys(&self) -> Vec<&'static str> {
        let all = [
            ("username", self.username.is_some()),
            ("secret_file", self.secret_file.is_some()),
            ("secret_variable", self.secret_variable.is_some()),
            ("client_id", self.client_id.is_some()),
            ("tenant_id", self.tenant_id.is_some()),
        ];
        all.into_iter().filter(|(_, set)| *set).map(|(key, _)| key).collect()
    }

    fn secret(&self) -> Result<SecretSource, KeyedError> {
        match (&self.secret_file, &self.secret_variable) {
            (Some(file), None) => Ok(SecretSource::File(file.clone())),
            (None, Some(variable)) => Ok(SecretSource::Variable(variable.clone())),
            (None, None) => Err((
                "secret_file",
                "the identity's secret is missing; set secret_file or secret_variable".into(),
            )),
            (Some(_), Some(_)) => Err((
                "secret_variable",
                "the secret is configured twice; set either secret_file or secret_variable".into(),
            )),
        }
    }
}

/// Whether a kind of identity has no use for a key.
fn is_unused(kind: &str, key: &str) -> bool {
    let used: &[&str] = match kind {
        "anonymous" => &[],
        "password" => &["username", "secret_file", "secret_variable"],
        "refresh-token" => &["secret_file", "secret_variable"],
        "managed" => &["client_id"],
        "workload" => &["client_id", "tenant_id"],
        // An unknown kind is reported by itself.
        _ => return false,
    };
    !used.contains(&key)
}
