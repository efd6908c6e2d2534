//! One registry the gateway may reach: its name, where it is, and what is permitted there. Parsing and checking only, no I/O.

use std::fmt;
use std::str::FromStr;

use http::uri::{Authority, PathAndQuery, Scheme, Uri};
use serde::Serialize;

use super::actions::AllowedActions;
use super::entra::{EntraAuthority, EntraConfig, EntraSignIn, REGISTRY_SCOPE};
use super::identity::IdentityConfig;
use super::storage::{StorageHost, azure_registry};

/// Names of the gateway's own routes and pages, which no registry may take.
pub const RESERVED_NAMES: [&str; 6] = ["registries", "embed", "healthz", "readyz", "metrics", "assets"];

/// How a person may sign in to a registry, as the page lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SignIn {
    /// No credential; works where the registry permits anonymous pull.
    Anonymous,
    /// Admin user or repository-scoped token.
    Password,
    /// An ACR refresh token, as printed by `az acr login --expose-token`.
    RefreshToken,
    /// A Microsoft Entra ID token.
    Entra,
    /// Nothing is asked: the gateway holds the identity.
    Gateway,
}

impl FromStr for SignIn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "anonymous" => Ok(Self::Anonymous),
            "password" => Ok(Self::Password),
            "refreshToken" | "refresh-token" => Ok(Self::RefreshToken),
            "entra" => Ok(Self::Entra),
            "gateway" => {
                Err("the way to sign in \"gateway\" is set by identity; use anonymous, password, refreshToken or entra".to_owned())
            }
            other => {
                Err(format!("{other:?} is not a way to sign in; use anonymous, password, refreshToken or entra"))
            }
        }
    }
}

/// A registry the gateway forwards to.
#[derive(Debug, Clone)]
pub struct Registry {
    name: String,
    scheme: Scheme,
    authority: Authority,
    login_server: String,
    /// What the page calls it; the login server when absent.
    pub display_name: Option<String>,
    /// The ways to sign in that the page offers, in order.
    pub sign_in: Vec<SignIn>,
    /// Repositories the page offers even when the catalog is refused.
    pub pinned_repositories: Vec<String>,
    /// The writes the gateway lets through; `None` lets all through, except with a gateway identity, which then only reads.
    pub allow: Option<AllowedActions>,
    /// How people sign in with Microsoft, where that differs from what is set for all registries. Its scope is that of the
    /// gateway's identity, too.
    pub entra: EntraConfig,
    /// The credential the gateway itself holds; `None` passes the browser's own through.
    pub identity: Option<IdentityConfig>,
    /// Hosts a blob's redirect may lead to.
    pub storage_hosts: Vec<StorageHost>,
}

impl Registry {
    /// The name in the gateway's routes: `/registries/NAME/…`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The login server shown to people and named as `service` in token requests.
    #[must_use]
    pub fn login_server(&self) -> &str {
        &self.login_server
    }

    /// The name that `az acr` takes; `None` for a host outside Azure. A dash begins the hash of a domain name label, which is no part of
    /// the name.
    pub(crate) fn resource_name(&self) -> Option<&str> {
        let (label, _) = azure_registry(&self.login_server)?;
        let name = label.split('-').next()?;
        (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(name)
    }

    /// Sets that the registry calls itself something else than the host it is reached at.
    #[must_use]
    pub fn with_login_server(mut self, login_server: impl Into<String>) -> Self {
        self.login_server = login_server.into();
        self.storage_hosts.extend(StorageHost::data_endpoints(&self.login_server));
        self
    }

    /// Gives it another name in routes.
    ///
    /// # Errors
    /// A name that is reserved or holds anything but letters, digits, `-` and `_`.
    pub fn with_name(mut self, name: &str) -> Result<Self, String> {
        self.name = checked_name(name)?;
        Ok(self)
    }

    /// The host and port requests go to.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The URL of a path on this registry, with the path and query unchanged.
    pub(crate) fn uri(&self, path_and_query: PathAndQuery) -> Result<Uri, http::Error> {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path_and_query)
            .build()
    }

    /// The scope that Entra tokens for the gateway's identity are requested with: the configured one, or that of the registry's cloud.
    pub(crate) fn entra_scope(&self) -> &str {
        if let Some(scope) = &self.entra.scope {
            return scope;
        }
        match EntraAuthority::of_login_server(&self.login_server) {
            cloud @ (EntraAuthority::UsGovernment | EntraAuthority::China) => cloud.resource_manager_scope(),
            EntraAuthority::Public | EntraAuthority::At(_) => REGISTRY_SCOPE,
        }
    }

    /// How people sign in to this registry with Microsoft; `None` where no application is configured, where the gateway holds
    /// the identity, and where the page is not to offer it. `for_all` is what is set for all registries.
    #[must_use]
    pub fn entra_sign_in(&self, for_all: &EntraConfig) -> Option<EntraSignIn> {
        if self.identity.is_some() || !self.sign_in.contains(&SignIn::Entra) {
            return None;
        }
        self.entra.or(for_all).sign_in(self.login_server())
    }

    /// Whether a write is let through.
    pub(crate) fn allowed_actions(&self) -> AllowedActions {
        match (&self.allow, &self.identity) {
            (Some(allow), _) => *allow,
            (None, Some(_)) => AllowedActions::NONE,
            (None, None) => AllowedActions::ALL,
        }
    }
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}://{}", self.name, self.scheme, self.authority)
    }
}

impl FromStr for Registry {
    type Err = String;

    /// Reads `contoso.azurecr.io`, `http://127.0.0.1:5000` or either with `NAME=` in front.
    ///
    /// A host alone is reached by https. The name is by default the first label of the host, as it stands (`127` for
    /// `http://127.0.0.1:5000`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, target) = match text.split_once('=') {
            Some((name, target)) => (Some(name), target),
            None => (None, text),
        };
        let (scheme, rest) = match target.split_once("://") {
            Some(("https", rest)) => (Scheme::HTTPS, rest),
            Some(("http", rest)) => (Scheme::HTTP, rest),
            Some((other, _)) => {
                return Err(format!("{target:?} has the scheme {other:?}; use https:// or http://"));
            }
            None => (Scheme::HTTPS, target),
        };
        let authority = parse_authority(rest.strip_suffix('/').unwrap_or(rest), target)?;
        if scheme == Scheme::HTTP && StorageHost::data_endpoints(authority.host()).is_some() {
            return Err(format!("{target:?} is only reached by https; write {}", authority.host()));
        }
        let host = authority.host().trim_matches(['[', ']']);
        let first_label = host.split(['.', ':']).next().unwrap_or(host);
        let name = checked_name(name.unwrap_or(first_label))?;
        let login_server = authority.as_str().to_ascii_lowercase();
        let login_server = match login_server.strip_suffix(":443").filter(|_| scheme == Scheme::HTTPS) {
            Some(host) => host.to_owned(),
            None => login_server,
        };
        let mut storage_hosts = StorageHost::azure();
        storage_hosts.extend(StorageHost::data_endpoints(&login_server));
        storage_hosts.extend(StorageHost::next_to_emulator(&scheme, &authority));
        Ok(Self {
            name,
            scheme,
            authority,
            login_server,
            display_name: None,
            sign_in: vec![SignIn::Password, SignIn::RefreshToken, SignIn::Anonymous, SignIn::Entra],
            pinned_repositories: Vec::new(),
            allow: None,
            entra: EntraConfig::default(),
            identity: None,
            storage_hosts,
        })
    }
}

fn parse_authority(text: &str, shown: &str) -> Result<Authority, String> {
    let remedy = "write a login server such as contoso.azurecr.io or a URL such as http://127.0.0.1:5000";
    if text.contains('@') {
        return Err(format!("a registry's URL must not hold credentials; {remedy}"));
    }
    if text.contains(['/', '?', '#']) {
        return Err(format!("{shown:?} has a path or query; {remedy}"));
    }
    if text.contains(',') {
        return Err(format!("{shown:?} names several registries; name each by itself"));
    }
    // A URL permits more in a host, which no host name has and shells and headers read.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
    let authority: Option<Authority> = text.parse().ok().filter(|_| text.bytes().all(plain));
    let authority = authority.ok_or_else(|| format!("{shown:?} is not a host; {remedy}"))?;
    // `port()` is also none for a number that is no port, which must not pass for its absence.
    let after_host = authority.as_str().len() - authority.host().len();
    let port_is_usable = after_host == 0 || authority.port_u16().is_some_and(|port| port != 0);
    if authority.host().is_empty() || !port_is_usable {
        return Err(format!("{shown:?} has no usable host and port; {remedy}"));
    }
    Ok(authority)
}

fn checked_name(name: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        return Err(format!(
            "{name:?} is not a registry name; use up to 64 letters, digits, - and _ (NAME=URL sets it)"
        ));
    }
    if RESERVED_NAMES.contains(&name) {
        return Err(format!(
            "the registry name {name:?} is reserved for the gateway itself; choose another with NAME=URL"
        ));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_server_is_reached_by_https_and_named_by_its_first_label() {
        let registry: Registry = "contoso.azurecr.io".parse().unwrap();
        assert_eq!(registry.to_string(), "contoso=https://contoso.azurecr.io");
        assert_eq!(registry.login_server(), "contoso.azurecr.io");
    }

    #[test]
    fn the_port_of_https_is_no_part_of_a_login_server() {
        let registry: Registry = "contoso.azurecr.io:443".parse().unwrap();
        assert_eq!(registry.login_server(), "contoso.azurecr.io");
        let data = "https://contoso.westeurope.data.azurecr.io/x".parse().unwrap();
        assert!(registry.storage_hosts.iter().any(|host| host.matches(&data)));
    }

    #[test]
    fn a_url_keeps_its_scheme_and_port() {
        let registry: Registry = "http://127.0.0.1:5000".parse().unwrap();
        assert_eq!(registry.to_string(), "127=http://127.0.0.1:5000");
        assert_eq!(registry.login_server(), "127.0.0.1:5000");
        assert_eq!("http://127.0.0.1:5000/".parse::<Registry>().unwrap().to_string(), registry.to_string());
    }

    #[test]
    fn the_name_in_azure_ends_before_the_hash_of_a_domain_name_label() {
        for (text, name) in [
            ("contoso.azurecr.io", Some("contoso")),
            ("contoso-hxyz123abc.azurecr.io", Some("contoso")),
            ("prod=https://Contoso.westeurope.geo.azurecr.us:443", Some("contoso")),
            ("http://127.0.0.1:5000", None),
            ("registry.example", None),
        ] {
            assert_eq!(text.parse::<Registry>().unwrap().resource_name(), name, "{text}");
        }
    }

    #[test]
    fn a_name_in_front_is_used() {
        assert_eq!("prod=https://contoso.azurecr.io".parse::<Registry>().unwrap().name(), "prod");
    }

    #[test]
    fn what_is_no_registry_is_refused_with_a_remedy() {
        for text in [
            "",
            "=",
            "ftp://x.azurecr.io",
            "http://x.azurecr.io",
            "https://",
            "http://:80",
            "http://x:0",
            "https://user:secret@x.azurecr.io",
            "https://x.azurecr.io/v2",
            "x.azurecr.io?a",
            "a/b",
            "metrics.azurecr.io",
            "a.b=http://x",
            "x y",
            "http://x:99999",
            "https://a';id;'.azurecr.io",
            "x=https://a$(id).azurecr.io",
            "a.azurecr.io,b.azurecr.us",
        ] {
            let message = text.parse::<Registry>().unwrap_err();
            assert!(
                message.contains("name each ")
                    || message.contains("use ")
                    || message.contains("write ")
                    || message.contains("choose "),
                "{text}: {message}"
            );
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn a_gateway_identity_only_reads_unless_configured_otherwise() {
        let mut registry: Registry = "contoso.azurecr.io".parse().unwrap();
        assert_eq!(registry.allowed_actions(), AllowedActions::ALL);
        registry.identity = Some(IdentityConfig::Anonymous);
        assert_eq!(registry.allowed_actions(), AllowedActions::NONE);
    }
}
