//! From settings to a configuration: every value parsed, every contradiction named by its key. No I/O but reading nothing.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use http::{HeaderName, Uri};
use ipnet::IpNet;

use super::{BrandingSettings, LimitSettings, RegistrySettings, Settings, TimeoutSettings, TlsSettings};
use crate::config::{
    Branding, Config, ConfigError, HostPolicy, IdentityConfig, Limits, Registry, SecretSource, StorageHost,
    Timeouts, TlsFiles,
};

/// The configuration that settings amount to.
///
/// # Errors
/// The first key whose value cannot be.
pub fn resolve(settings: Settings) -> Result<Config, ConfigError> {
    let shared_storage = list::<StorageHost>("storage_hosts", settings.storage_hosts)?;
    let mut registries = Vec::with_capacity(settings.registries.len());
    for (index, registry) in settings.registries.into_iter().enumerate() {
        let mut registry = resolve_registry(index, registry)?;
        registry.storage_hosts.extend(shared_storage.iter().cloned());
        registries.push(registry);
    }
    let hosts = settings.allowed_hosts.map(|hosts| list("allowed_hosts", Some(hosts))).transpose()?;
    let config = Config {
        listen: listen(settings.listen.as_deref(), settings.port)?,
        base_path: one("base_path", settings.base_path.as_deref())?.unwrap_or_default(),
        hosts: hosts.filter(|hosts| !hosts.is_empty()).map(HostPolicy::Listed),
        frame_ancestors: list("frame_ancestors", settings.frame_ancestors)?,
        cors_origins: list("cors_origins", settings.cors_origins)?,
        trusted_proxies: networks(settings.trusted_proxies)?,
        user_header: user_header(settings.user_header.as_deref())?,
        ca_file: settings.ca_file,
        otlp_endpoint: otlp_endpoint(settings.otlp_endpoint.as_deref())?,
        tls: tls(settings.tls)?,
        limits: limits(&settings.limits)?,
        timeouts: timeouts(&settings.timeouts)?,
        branding: branding(settings.branding)?,
        ..Config::unchecked(registries)
    };
    config.check()?;
    Ok(config)
}

fn one<T: FromStr<Err = String>>(key: &str, text: Option<&str>) -> Result<Option<T>, ConfigError> {
    text.map(str::parse).transpose().map_err(|message| ConfigError::new(key, message))
}

fn list<T: FromStr<Err = String>>(key: &str, texts: Option<Vec<String>>) -> Result<Vec<T>, ConfigError> {
    let texts = texts.unwrap_or_default();
    texts.iter().map(|text| text.trim().parse().map_err(|message| ConfigError::new(key, message))).collect()
}

fn listen(address: Option<&str>, port: Option<u16>) -> Result<SocketAddr, ConfigError> {
    let default_port = port.unwrap_or(8080);
    let Some(text) = address else { return Ok(SocketAddr::from(([127, 0, 0, 1], default_port))) };
    if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, default_port));
    }
    let mut address: SocketAddr = text.parse().map_err(|_| {
        ConfigError::new(
            "listen",
            format!("{text:?} is no address; write one such as 0.0.0.0, [::]:8080 or 127.0.0.1"),
        )
    })?;
    if let Some(port) = port {
        address.set_port(port);
    }
    Ok(address)
}

fn networks(texts: Option<Vec<String>>) -> Result<Vec<IpNet>, ConfigError> {
    let parse = |text: String| {
        let text = text.trim();
        text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
            ConfigError::new(
                "trusted_proxies",
                format!("{text:?} is no network; write one such as 10.0.0.0/8 or 10.0.0.7"),
            )
        })
    };
    texts.unwrap_or_default().into_iter().map(parse).collect()
}

fn user_header(text: Option<&str>) -> Result<Option<HeaderName>, ConfigError> {
    let wrong = |text| {
        ConfigError::new(
            "user_header",
            format!("{text:?} is no header name; write one such as X-Forwarded-User"),
        )
    };
    text.map(|text| text.parse::<HeaderName>().map_err(|_| wrong(text))).transpose()
}

fn otlp_endpoint(text: Option<&str>) -> Result<Option<Uri>, ConfigError> {
    let base = |uri: &Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.query().is_none()
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
    };
    let wrong =
        || ConfigError::new("otlp_endpoint", "this is no base URL; write one such as http://collector:4318");
    text.map(|text| text.parse().ok().filter(base).ok_or_else(wrong)).transpose()
}

fn tls(settings: TlsSettings) -> Result<Option<TlsFiles>, ConfigError> {
    match (settings.certificate, settings.key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (Some(_), None) => Err(ConfigError::new("tls.key", "the certificate's key is missing; set tls.key")),
        (None, Some(_)) => {
            Err(ConfigError::new("tls.certificate", "the key's certificate is missing; set tls.certificate"))
        }
    }
}

fn limits(settings: &LimitSettings) -> Result<Limits, ConfigError> {
    let default = Limits::default();
    let counts = [
        ("headers", settings.headers),
        ("target_bytes", settings.target_bytes),
        ("connections", settings.connections),
        ("requests", settings.requests),
        ("requests_per_client", settings.requests_per_client),
    ];
    if let Some((key, _)) = counts.into_iter().find(|(_, count)| *count == Some(0)) {
        return Err(ConfigError::new(format!("limits.{key}"), "0 would let nothing through; use 1 or more"));
    }
    if settings.header_bytes.is_some_and(|bytes| !(8192..=1 << 20).contains(&bytes)) {
        return Err(ConfigError::new("limits.header_bytes", "use a number from 8192 to 1048576"));
    }
    Ok(Limits {
        header_bytes: settings.header_bytes.unwrap_or(default.header_bytes),
        headers: settings.headers.unwrap_or(default.headers),
        target_bytes: settings.target_bytes.unwrap_or(default.target_bytes),
        form_bytes: settings.form_bytes.unwrap_or(default.form_bytes),
        manifest_bytes: settings.manifest_bytes.unwrap_or(default.manifest_bytes),
        upload_bytes: settings.upload_bytes.unwrap_or(default.upload_bytes),
        response_bytes: settings.response_bytes.unwrap_or(default.response_bytes),
        connections: settings.connections.unwrap_or(default.connections),
        requests: settings.requests.unwrap_or(default.requests),
        requests_per_client: settings.requests_per_client.unwrap_or(default.requests_per_client),
        rate_per_client: settings.rate_per_client.unwrap_or(default.rate_per_client),
    })
}

fn timeouts(settings: &TimeoutSettings) -> Result<Timeouts, ConfigError> {
    let default = Timeouts::default();
    let read = |key: &str, value: Option<u64>, default: Duration| match value {
        None => Ok(default),
        Some(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        Some(_) => {
            Err(ConfigError::new(format!("timeouts.{key}"), "use a number of seconds from 1 to 86400"))
        }
    };
    Ok(Timeouts {
        client_head: read("client_head", settings.client_head, default.client_head)?,
        client_idle: read("client_idle", settings.client_idle, default.client_idle)?,
        connect: read("connect", settings.connect, default.connect)?,
        upstream_head: read("upstream_head", settings.upstream_head, default.upstream_head)?,
        upstream_idle: read("upstream_idle", settings.upstream_idle, default.upstream_idle)?,
        drain: match settings.drain {
            Some(0) => Duration::ZERO,
            other => read("drain", other, default.drain)?,
        },
        shutdown: read("shutdown", settings.shutdown, default.shutdown)?,
    })
}

fn branding(settings: BrandingSettings) -> Result<Branding, ConfigError> {
    if let Some(theme) =
        settings.theme.as_deref().filter(|theme| !matches!(*theme, "light" | "dark" | "system"))
    {
        return Err(ConfigError::new(
            "branding.theme",
            format!("{theme:?} is no theme; use light, dark or system"),
        ));
    }
    let colour = |text: &str| {
        text.strip_prefix('#')
            .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if let Some(accent) = settings.accent.as_deref().filter(|accent| !colour(accent)) {
        return Err(ConfigError::new(
            "branding.accent",
            format!("{accent:?} is no colour; write one such as #0f6cbd"),
        ));
    }
    Ok(Branding { title: settings.title, theme: settings.theme, accent: settings.accent })
}

fn resolve_registry(index: usize, settings: RegistrySettings) -> Result<Registry, ConfigError> {
    let at = |key: &'static str| {
        move |message: String| ConfigError::new(format!("registries[{index}].{key}"), message)
    };
    let mut registry: Registry = match &settings.name {
        // The name goes first, so that a host whose first label is no name can be given one.
        Some(name) => format!("{name}={}", settings.url).parse().map_err(at("url"))?,
        None => settings.url.parse().map_err(at("url"))?,
    };
    if let Some(login_server) = &settings.login_server {
        let wrong = || {
            at("login_server")(format!("{login_server:?} is no host; write one such as contoso.azurecr.io"))
        };
        let host: http::uri::Authority = login_server.parse().map_err(|_| wrong())?;
        if host.as_str().contains('@') {
            return Err(wrong());
        }
        registry = registry.with_login_server(login_server);
    }
    registry.storage_hosts.extend(
        settings
            .storage_hosts
            .iter()
            .flatten()
            .map(|text| text.parse())
            .collect::<Result<Vec<_>, _>>()
            .map_err(at("storage_hosts"))?,
    );
    registry.identity = identity(&settings).map_err(|(key, message)| at(key)(message))?;
    registry.display_name = settings.display_name;
    if let Some(sign_in) = settings.sign_in {
        if sign_in.is_empty() || sign_in.contains(&crate::config::SignIn::Gateway) {
            let message =
                "name one or more of password, refreshToken, anonymous and entra; gateway is set by identity";
            return Err(at("sign_in")(message.to_owned()));
        }
        registry.sign_in = sign_in;
    }
    registry.pinned_repositories = settings.pinned_repositories.unwrap_or_default();
    registry.allow = settings.allow.map(|actions| actions.into_iter().collect());
    Ok(registry)
}

type KeyedError = (&'static str, String);

fn identity(settings: &RegistrySettings) -> Result<Option<IdentityConfig>, KeyedError> {
    let Some(kind) = settings.identity.as_deref() else {
        let orphan = settings.secret_file.is_some()
            || settings.secret_variable.is_some()
            || settings.username.is_some();
        return match orphan {
            true => Err((
                "identity",
                "a secret is named but no identity; set identity = \"password\" or \"refresh-token\"".into(),
            )),
            false => Ok(None),
        };
    };
    let client_id = settings.client_id.clone();
    Ok(Some(match kind {
        "anonymous" => IdentityConfig::Anonymous,
        "password" => {
            let username = settings.username.clone();
            let username = username
                .ok_or(("username", "identity \"password\" needs a user name; set username".to_owned()))?;
            IdentityConfig::Password {
                username,
                secret: secret(&settings.secret_file, &settings.secret_variable)?,
            }
        }
        "refresh-token" => {
            IdentityConfig::RefreshToken { secret: secret(&settings.secret_file, &settings.secret_variable)? }
        }
        "managed" => IdentityConfig::Managed { client_id },
        "workload" => IdentityConfig::Workload { client_id, tenant_id: settings.tenant_id.clone() },
        other => {
            let remedy = "use anonymous, password, refresh-token, managed or workload";
            return Err(("identity", format!("{other:?} is no identity; {remedy}")));
        }
    }))
}

fn secret(file: &Option<PathBuf>, variable: &Option<String>) -> Result<SecretSource, KeyedError> {
    match (file, variable) {
        (Some(file), None) => Ok(SecretSource::File(file.clone())),
        (None, Some(variable)) => Ok(SecretSource::Variable(variable.clone())),
        (None, None) => Err((
            "secret_file",
            "the identity's secret is missing; set secret_file or secret_variable".into(),
        )),
        (Some(_), Some(_)) => {
            Err(("secret_variable", "the secret is named twice; set secret_file or secret_variable".into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Action, AllowedActions};

    fn resolved(text: &str) -> Result<Config, ConfigError> {
        resolve(toml::from_str(text).unwrap())
    }

    const IDENTITY_THAT_UNTAGS: &str =
        "[[registries]]\nurl = \"contoso.azurecr.io\"\nidentity = \"anonymous\"\nallow = [\"untag\"]\n";

    #[test]
    fn an_identity_may_write_when_a_trusted_proxy_names_the_user() {
        let proxy = "user_header = \"X-Forwarded-User\"\ntrusted_proxies = [\"10.0.0.0/8\"]\n";
        let config = resolved(&format!("{proxy}{IDENTITY_THAT_UNTAGS}")).unwrap();
        let untag: AllowedActions = [Action::Untag].into_iter().collect();
        assert_eq!(config.registries[0].allowed_actions(), untag);
    }

    #[test]
    fn an_identity_may_not_write_for_users_nobody_names() {
        let error = resolved(IDENTITY_THAT_UNTAGS).unwrap_err();
        assert_eq!(error.key(), "registries[0].allow");
        let error = resolved(&format!("user_header = \"X-User\"\n{IDENTITY_THAT_UNTAGS}")).unwrap_err();
        assert_eq!(error.key(), "user_header");
    }
}
