//! What can be set for one registry: as a `[[registries]]` table, or as flags of the form `--registry-KEY NAME=VALUE`.

use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::{Action, ConfigError, SignIn};

/// One registry of the file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RegistrySettings {
    /// Its login server (`contoso.azurecr.io`) or URL (`http://127.0.0.1:5000`).
    pub url: String,
    /// Its name in routes; the first label of the login server when absent.
    pub name: Option<String>,
    /// What it calls itself, where that is not the host of its URL.
    pub login_server: Option<String>,
    /// What the page calls it.
    pub display_name: Option<String>,
    /// The ways to sign in that the page offers, in order.
    pub sign_in: Option<Vec<SignIn>>,
    /// Repositories the page offers even when the catalog is refused.
    pub pinned_repositories: Option<Vec<String>>,
    /// The writes let through; all by default, none with an identity.
    pub allow: Option<Vec<Action>>,
    /// Hosts that its blobs may be redirected to, besides Azure's own.
    pub storage_hosts: Option<Vec<String>>,
    /// The identity the gateway holds for it: anonymous, password, refresh-token, managed or workload.
    pub identity: Option<String>,
    /// The user name of identity "password".
    pub username: Option<String>,
    /// The file that holds the password or refresh token.
    pub secret_file: Option<PathBuf>,
    /// The environment variable that holds the password or refresh token.
    pub secret_variable: Option<String>,
    /// The client id of identity "managed" or "workload".
    pub client_id: Option<String>,
    /// The tenant of identity "workload".
    pub tenant_id: Option<String>,
}

/// The registries on the command line or in variables.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Registries")]
pub struct RegistryFlags {
    /// A registry: contoso.azurecr.io, http://127.0.0.1:5000 or NAME=URL; may be repeated
    #[arg(long, env = "ACR_GATEWAY_REGISTRY", value_name = "[NAME=]URL", value_delimiter = ',')]
    pub registry: Vec<String>,
    /// What a registry calls itself, where that is not the host of its URL
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_LOGIN_SERVER", value_name = "NAME=HOST", value_delimiter = ';')]
    pub registry_login_server: Vec<String>,
    /// What the page calls a registry
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_DISPLAY_NAME", value_name = "NAME=TEXT", value_delimiter = ';')]
    pub registry_display_name: Vec<String>,
    /// Ways to sign in: password, refreshToken, anonymous, entra
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_SIGN_IN", value_name = "NAME=WAY,…", value_delimiter = ';')]
    pub registry_sign_in: Vec<String>,
    /// Repositories the page offers even when the catalog is refused
    #[arg(
        long,
        env = "ACR_GATEWAY_REGISTRY_PINNED_REPOSITORIES",
        value_name = "NAME=REPOSITORY,…",
        value_delimiter = ';'
    )]
    pub registry_pinned_repositories: Vec<String>,
    /// Writes let through: untag, delete, lock, push
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_ALLOW", value_name = "NAME=ACTION,…", value_delimiter = ';')]
    pub registry_allow: Vec<String>,
    /// Hosts that a registry's blobs may be redirected to
    #[arg(
        long,
        env = "ACR_GATEWAY_REGISTRY_STORAGE_HOSTS",
        value_name = "NAME=HOST,…",
        value_delimiter = ';'
    )]
    pub registry_storage_hosts: Vec<String>,
    /// Identity the gateway holds: anonymous, password, refresh-token, managed or workload
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_IDENTITY", value_name = "NAME=KIND", value_delimiter = ';')]
    pub registry_identity: Vec<String>,
    /// User name of identity password
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_USERNAME", value_name = "NAME=USER", value_delimiter = ';')]
    pub registry_username: Vec<String>,
    /// File that holds the password or refresh token
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_SECRET_FILE", value_name = "NAME=FILE", value_delimiter = ';')]
    pub registry_secret_file: Vec<String>,
    /// Environment variable that holds the password or refresh token
    #[arg(
        long,
        env = "ACR_GATEWAY_REGISTRY_SECRET_VARIABLE",
        value_name = "NAME=VARIABLE",
        value_delimiter = ';'
    )]
    pub registry_secret_variable: Vec<String>,
    /// Client id of identity managed or workload
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_CLIENT_ID", value_name = "NAME=ID", value_delimiter = ';')]
    pub registry_client_id: Vec<String>,
    /// Tenant of identity workload
    #[arg(long, env = "ACR_GATEWAY_REGISTRY_TENANT_ID", value_name = "NAME=ID", value_delimiter = ';')]
    pub registry_tenant_id: Vec<String>,
}

impl RegistryFlags {
    /// Adds the registries named here, then sets what is said of registries by name.
    ///
    /// # Errors
    /// A flag about a registry that there is not, or with a value it cannot have.
    pub fn apply(self, registries: &mut Vec<RegistrySettings>) -> Result<(), ConfigError> {
        for text in self.registry {
            let (name, url) = match text.split_once('=') {
                Some((name, url)) => (Some(name.to_owned()), url.to_owned()),
                None => (None, text),
            };
            registries.push(RegistrySettings { url, name, ..RegistrySettings::default() });
        }
        let mut set =
            |flag: &str,
             pairs: Vec<String>,
             put: &dyn Fn(&mut RegistrySettings, &str) -> Result<(), String>| {
                for pair in pairs {
                    set_one(flag, registries, &pair, put)?;
                }
                Ok::<(), ConfigError>(())
            };
        set("login-server", self.registry_login_server, &|r, v| keep(&mut r.login_server, v))?;
        set("display-name", self.registry_display_name, &|r, v| keep(&mut r.display_name, v))?;
        set("sign-in", self.registry_sign_in, &|r, v| keep_list(&mut r.sign_in, v))?;
        set("pinned-repositories", self.registry_pinned_repositories, &|r, v| {
            keep_list(&mut r.pinned_repositories, v)
        })?;
        set("allow", self.registry_allow, &|r, v| keep_list(&mut r.allow, v))?;
        set("storage-hosts", self.registry_storage_hosts, &|r, v| keep_list(&mut r.storage_hosts, v))?;
        set("identity", self.registry_identity, &|r, v| keep(&mut r.identity, v))?;
        set("username", self.registry_username, &|r, v| keep(&mut r.username, v))?;
        set("secret-file", self.registry_secret_file, &|r, v| keep(&mut r.secret_file, v))?;
        set("secret-variable", self.registry_secret_variable, &|r, v| keep(&mut r.secret_variable, v))?;
        set("client-id", self.registry_client_id, &|r, v| keep(&mut r.client_id, v))?;
        set("tenant-id", self.registry_tenant_id, &|r, v| keep(&mut r.tenant_id, v))
    }
}

fn set_one(
    flag: &str,
    registries: &mut [RegistrySettings],
    pair: &str,
    put: &dyn Fn(&mut RegistrySettings, &str) -> Result<(), String>,
) -> Result<(), ConfigError> {
    let wrong = |message: String| ConfigError::new(format!("--registry-{flag}"), message);
    let (name, value) =
        pair.split_once('=').ok_or_else(|| wrong(format!("{pair:?} names no registry; write NAME=VALUE")))?;
    let registry = registries
        .iter_mut()
        .find(|registry| registry.shown_name() == name)
        .ok_or_else(|| wrong(format!("no registry is named {name:?}; name it with --registry {name}=URL")))?;
    put(registry, value).map_err(wrong)
}

fn keep<T: std::str::FromStr>(field: &mut Option<T>, value: &str) -> Result<(), String> {
    *field = Some(value.parse().map_err(|_| format!("{value:?} cannot be read"))?);
    Ok(())
}

fn keep_list<T: std::str::FromStr>(field: &mut Option<Vec<T>>, value: &str) -> Result<(), String>
where
    T::Err: std::fmt::Display,
{
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    *field =
        Some(parts.map(|part| part.parse().map_err(|e: T::Err| e.to_string())).collect::<Result<_, _>>()?);
    Ok(())
}

impl RegistrySettings {
    /// The name flags call it by: its own, or the first label of its host.
    fn shown_name(&self) -> &str {
        let host = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        self.name.as_deref().unwrap_or_else(|| host.split(['.', ':', '/']).next().unwrap_or(host))
    }
}
