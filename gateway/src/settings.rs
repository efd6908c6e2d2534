//! Every key a person can set: one definition that is TOML key, command line flag and environment variable at once.
//!
//! The flag is the key with dashes and its table in front (`limits.upload_bytes` is `--limits-upload-bytes`), the variable is the
//! flag in capitals after `ACR_GATEWAY_`. Flags win over variables, variables over the file. Checking is `settings::resolve`'s.

pub(crate) mod locate;
pub(crate) mod registry;
mod resolve;

use std::path::{Path, PathBuf};

use clap::Args;
use schemars::JsonSchema;
use serde::Deserialize;

pub use registry::{RegistryFlags, RegistrySettings};
pub use resolve::resolve;

/// What can be set for the whole gateway.
#[derive(Debug, Clone, Default, Args, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on: an IP address, or one with a port [default: 127.0.0.1]
    #[arg(long, env = "ACR_GATEWAY_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Port to listen on; 0 takes any free one [default: 8080]
    #[arg(long, env = "ACR_GATEWAY_PORT", value_name = "PORT")]
    pub port: Option<u16>,
    /// Path below which everything is served, such as /acr/ [default: /]
    #[arg(long, env = "ACR_GATEWAY_BASE_PATH", value_name = "PATH")]
    pub base_path: Option<String>,
    /// Host names the gateway answers to [default: loopback names when it listens on loopback, else any]
    #[arg(
        long,
        visible_alias = "allowed-host",
        env = "ACR_GATEWAY_ALLOWED_HOSTS",
        value_name = "HOST",
        value_delimiter = ','
    )]
    pub allowed_hosts: Option<Vec<String>>,
    /// Origins that may put the page at /embed in a frame [default: none]
    #[arg(
        long,
        visible_alias = "frame-ancestor",
        env = "ACR_GATEWAY_FRAME_ANCESTORS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub frame_ancestors: Option<Vec<String>>,
    /// Origins whose pages may call the registries through this gateway [default: none]
    #[arg(
        long,
        visible_alias = "cors-origin",
        env = "ACR_GATEWAY_CORS_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub cors_origins: Option<Vec<String>>,
    /// Networks of proxies whose X-Forwarded-For and user header are believed, such as 10.0.0.0/8 [default: none]
    #[arg(
        long,
        visible_alias = "trusted-proxy",
        env = "ACR_GATEWAY_TRUSTED_PROXIES",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    pub trusted_proxies: Option<Vec<String>>,
    /// Header in which an authenticating proxy names the user, such as X-Forwarded-User
    #[arg(long, env = "ACR_GATEWAY_USER_HEADER", value_name = "HEADER")]
    pub user_header: Option<String>,
    /// Hosts that blobs may be redirected to, for every registry, besides Azure's own
    #[arg(
        long,
        visible_alias = "storage-host",
        env = "ACR_GATEWAY_STORAGE_HOSTS",
        value_name = "HOST",
        value_delimiter = ','
    )]
    pub storage_hosts: Option<Vec<String>>,
    /// PEM file of certificate authorities to trust besides the public ones
    #[arg(long, env = "ACR_GATEWAY_CA_FILE", value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// OpenTelemetry collector to send traces to by OTLP over HTTP, such as http://collector:4318 [default: none]
    #[arg(long, env = "ACR_GATEWAY_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// The gateway's own certificate
    #[command(flatten)]
    pub tls: TlsSettings,
    /// What is logged, and how
    #[command(flatten)]
    pub log: LogSettings,
    /// Bounds on sizes (bytes) and counts
    #[command(flatten)]
    pub limits: LimitSettings,
    /// Bounds on time (seconds)
    #[command(flatten)]
    pub timeouts: TimeoutSettings,
    /// How the page looks
    #[command(flatten)]
    pub branding: BrandingSettings,
    /// The registries that can be reached
    #[arg(skip)]
    pub registries: Vec<RegistrySettings>,
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $table:literal, $variable:literal {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $flag:literal / $env:literal ($value:literal)),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Args, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[arg(
                    id = concat!($table, ".", stringify!($field)),
                    long = concat!($table, "-", $flag),
                    env = concat!("ACR_GATEWAY_", $variable, "_", $env),
                    value_name = $value,
                    help_heading = "Limits and appearance",
                )]
                pub $field: Option<$type>,
            )*
        }

        impl $name {
            /// Fills what is not set here from elsewhere.
            fn or(self, other: Self) -> Self {
                Self { $($field: self.$field.or(other.$field)),* }
            }
        }
    };
}

table! {
    /// The gateway's own certificate.
    TlsSettings, "tls", "TLS" {
        /// PEM file of the certificate chain, leaf first; serves https
        certificate: PathBuf = "certificate" / "CERTIFICATE" ("FILE"),
        /// PEM file of the certificate's key
        key: PathBuf = "key" / "KEY" ("FILE"),
    }
}

table! {
    /// What is logged, and how.
    LogSettings, "log", "LOG" {
        /// json or text [default: text on a terminal, else json]
        format: String = "format" / "FORMAT" ("FORMAT"),
        /// What is logged, such as info, debug or acr_gateway=debug [default: info]
        level: String = "level" / "LEVEL" ("LEVEL"),
        /// Whether every request is logged; writes always are [default: true]
        requests: bool = "requests" / "REQUESTS" ("BOOL"),
    }
}

table! {
    /// Bounds on sizes (bytes) and counts.
    LimitSettings, "limits", "LIMITS" {
        /// Head of a request, at least 8192 [default: 32768]
        header_bytes: usize = "header-bytes" / "HEADER_BYTES" ("BYTES"),
        /// Header fields of a request [default: 100]
        headers: usize = "headers" / "HEADERS" ("COUNT"),
        /// Path and query of a request [default: 8192]
        target_bytes: usize = "target-bytes" / "TARGET_BYTES" ("BYTES"),
        /// Body of a call with JSON or a form [default: 1 MiB]
        form_bytes: u64 = "form-bytes" / "FORM_BYTES" ("BYTES"),
        /// Body of a manifest put [default: 4 MiB]
        manifest_bytes: u64 = "manifest-bytes" / "MANIFEST_BYTES" ("BYTES"),
        /// Body of one upload request [default: 20 GiB]
        upload_bytes: u64 = "upload-bytes" / "UPLOAD_BYTES" ("BYTES"),
        /// Answer of a registry to anything but a blob [default: 64 MiB]
        response_bytes: u64 = "response-bytes" / "RESPONSE_BYTES" ("BYTES"),
        /// Open connections [default: 20000]
        connections: usize = "connections" / "CONNECTIONS" ("COUNT"),
        /// Requests in flight [default: 8192]
        requests: usize = "requests" / "REQUESTS" ("COUNT"),
        /// Requests in flight of one client [default: 1024]
        requests_per_client: usize = "requests-per-client" / "REQUESTS_PER_CLIENT" ("COUNT"),
        /// Requests a second of one client, bursts of ten times as many; 0 for no bound [default: 0]
        rate_per_client: u32 = "rate-per-client" / "RATE_PER_CLIENT" ("COUNT"),
    }
}

table! {
    /// Bounds on time, in seconds.
    TimeoutSettings, "timeouts", "TIMEOUTS" {
        /// For a client to send a request's head [default: 60]
        client_head: u64 = "client-head" / "CLIENT_HEAD" ("SECONDS"),
        /// For a client to send or take the next bytes [default: 60]
        client_idle: u64 = "client-idle" / "CLIENT_IDLE" ("SECONDS"),
        /// To connect to a registry [default: 10]
        connect: u64 = "connect" / "CONNECT" ("SECONDS"),
        /// For a registry to begin its answer [default: 60]
        upstream_head: u64 = "upstream-head" / "UPSTREAM_HEAD" ("SECONDS"),
        /// For a registry to send the next bytes [default: 60]
        upstream_idle: u64 = "upstream-idle" / "UPSTREAM_IDLE" ("SECONDS"),
        /// For new requests still to be taken when stopping, while /readyz says no [default: 0]
        drain: u64 = "drain" / "DRAIN" ("SECONDS"),
        /// For requests in flight to end when stopping [default: 25]
        shutdown: u64 = "shutdown" / "SHUTDOWN" ("SECONDS"),
    }
}

table! {
    /// How the page looks.
    BrandingSettings, "branding", "BRANDING" {
        /// Name in the page's banner
        title: String = "title" / "TITLE" ("TEXT"),
        /// light, dark or system [default: system]
        theme: String = "theme" / "THEME" ("THEME"),
        /// Accent colour, #rrggbb
        accent: String = "accent" / "ACCENT" ("COLOUR"),
    }
}

/// The JSON schema of the configuration file.
#[must_use]
pub fn schema() -> String {
    // A schema is strings and lists only: there is nothing in it that could fail to serialise.
    serde_json::to_string_pretty(&schemars::schema_for!(Settings)).unwrap_or_default()
}

impl Settings {
    /// Fills what is not set here (flags and variables) from elsewhere (the file).
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            port: self.port.or(other.port),
            base_path: self.base_path.or(other.base_path),
            allowed_hosts: self.allowed_hosts.or(other.allowed_hosts),
            frame_ancestors: self.frame_ancestors.or(other.frame_ancestors),
            cors_origins: self.cors_origins.or(other.cors_origins),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            user_header: self.user_header.or(other.user_header),
            storage_hosts: self.storage_hosts.or(other.storage_hosts),
            ca_file: self.ca_file.or(other.ca_file),
            otlp_endpoint: self.otlp_endpoint.or(other.otlp_endpoint),
            tls: self.tls.or(other.tls),
            log: self.log.or(other.log),
            limits: self.limits.or(other.limits),
            timeouts: self.timeouts.or(other.timeouts),
            branding: self.branding.or(other.branding),
            registries: if self.registries.is_empty() { other.registries } else { self.registries },
        }
    }
}

/// A configuration file that was read: its settings, and its text to find lines in.
#[derive(Debug, Clone, Default)]
pub struct SettingsFile {
    /// The settings.
    pub settings: Settings,
    path: PathBuf,
    text: String,
}

/// Why there are no usable settings: one line that names file, line, key and remedy where they are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(pub(crate) String);

impl SettingsFile {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// A file that cannot be read, is no TOML, or holds a key that there is not or a value that it cannot have.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| {
            SettingsError(format!("cannot read {shown}: {error}; name a TOML file with --config"))
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let read = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = 1 + read.filter(|byte| **byte == b'\n').count();
            SettingsError(format!("{shown}:{line}: this is no UTF-8 text, as TOML is; save it as UTF-8"))
        })?;
        Self::parse(path, text)
    }

    /// Reads TOML text; the path is for messages.
    ///
    /// # Errors
    /// As [`SettingsFile::read`], but for reading.
    pub fn parse(path: &Path, text: String) -> Result<Self, SettingsError> {
        let settings = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| locate::line_at(&text, span.start));
            let message = error.message().replace('\n', " ");
            let key = error.span().and_then(|span| locate::key_at(&text, span.start));
            let key = key.map_or(String::new(), |key| format!("{key}: "));
            let remedy = "see gateway.example.toml for every key";
            SettingsError(format!("{}:{line}: {key}{message}; {remedy}", path.display()))
        })?;
        Ok(Self { settings, path: path.to_owned(), text })
    }

    /// An error about a key, with the file and line that set it when the file did.
    #[must_use]
    pub fn explain(&self, error: &crate::config::ConfigError) -> SettingsError {
        match locate::line_of(&self.text, error.key()) {
            Some(line) => SettingsError(format!("{}:{line}: {error}", self.path.display())),
            None => SettingsError(error.to_string()),
        }
    }
}
