//! The command line of `acr-emulator`: its flags, and the settings they describe. Part of the binary.

mod entra;
mod values;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{
    Behaviour, Config, Fault, FaultPlan, FaultRule, ListenOptions, MountMode, Scale, Secret, Seed,
    SeveralScopes, Sku, SystemClock, Throttle, Time, server_config,
};
use anyhow::ensure;
use clap::{Parser, ValueEnum};
use entra::EntraOptions;
use values::{parse_rule, parse_size, parse_throttle, read_keys, read_tokens};

/// An Azure Container Registry in one process, for tests, demos and development.
///
/// Without --username, --tokens or --anonymous-pull the registry is open: every call still needs a token, and the
/// token service grants every caller every requested action. The signature of an Entra token is not checked: this is an
/// emulator.
#[derive(Debug, Parser)]
#[command(name = "acr-emulator", version, about, long_about, max_term_width = 110)]
pub(crate) struct Arguments {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Port of the registry; 0 takes a free one
    #[arg(long, default_value_t = 5000)]
    port: u16,
    /// What an empty registry is filled with
    #[arg(long, value_enum, default_value_t = SeedName::Empty)]
    seed: SeedName,
    /// Name of the registry, such as contoso.azurecr.io [default: the request's Host]
    #[arg(long, value_name = "NAME")]
    login_server: Option<String>,
    /// Instant at which the registry's clock begins, in seconds since the Unix epoch [default: the machine's time]
    #[arg(long, value_name = "SECONDS")]
    begin_at: Option<u64>,

    /// Name of the admin user; credentials are then required
    #[arg(long, value_name = "NAME", requires = "password", help_heading = "Who may do what")]
    username: Option<String>,
    /// Password of the admin user; may be repeated, as the admin user has two
    #[arg(
        long,
        value_name = "PASSWORD",
        requires = "username",
        env = "ACR_EMULATOR_PASSWORD",
        hide_env_values = true,
        help_heading = "Who may do what"
    )]
    password: Vec<String>,
    /// JSON file of repository-scoped tokens: [{"name","passwords":[],"expires"?,"scopeMap":{"actions":
    /// ["repositories/NAME/content/read"]}}]
    #[arg(long, value_name = "FILE", help_heading = "Who may do what")]
    tokens: Option<PathBuf>,
    /// Callers without credentials may read and list
    #[arg(long, help_heading = "Who may do what")]
    anonymous_pull: bool,
    /// Lifetime of an access token in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 4500, value_parser = clap::value_parser!(u64).range(1..), help_heading = "Who may do what")]
    access_token_lifetime: u64,
    /// Lifetime of a refresh token in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 11700, value_parser = clap::value_parser!(u64).range(1..), help_heading = "Who may do what")]
    refresh_token_lifetime: u64,

    /// Folder to keep the registry in [default: memory]
    #[arg(long, value_name = "DIR", help_heading = "Blobs and storage")]
    data: Option<PathBuf>,
    /// Answer blobs with a redirect to a storage address on another port
    #[arg(long, value_enum, default_value_t = Switch::On, help_heading = "Blobs and storage")]
    blob_redirect: Switch,
    /// Port of the storage address; 0 takes the one after the registry's, or a free one where that is taken
    #[arg(long, value_name = "PORT", default_value_t = 0, help_heading = "Blobs and storage")]
    storage_port: u16,
    /// Lifetime of a storage address in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 1200, help_heading = "Blobs and storage")]
    redirect_lifetime: u64,
    /// Host that storage addresses name [default: localhost for 127.0.0.1 and the other way round, else the registry's]
    #[arg(long, value_name = "HOST", help_heading = "Blobs and storage")]
    storage_host: Option<String>,
    /// What a request to mount a blob does: mount, or open an upload, as the service did in early 2024
    #[arg(long, value_enum, help_heading = "Blobs and storage")]
    mount: Option<Mount>,
    /// Largest amount of blobs and uploads held in memory, such as 512MiB; a push beyond it is refused
    #[arg(long, value_name = "SIZE", value_parser = parse_size, default_value = "2GiB", conflicts_with = "data", help_heading = "Blobs and storage")]
    memory: u64,
    /// Lifetime of an untouched upload session, or of a blob that no manifest names, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 86400, help_heading = "Blobs and storage")]
    upload_lifetime: u64,
    /// Largest blob, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 214_748_364_800, help_heading = "Blobs and storage")]
    max_blob_size: u64,

    /// Answer as the service did at the end of a year, 2021 to 2026 [default: as it does now]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(2021..=2026), help_heading = "Behaviour")]
    service_year: Option<u16>,
    /// Convert Docker images to signed schema 1 for clients that name no other type, as the service did in 2023
    #[arg(long, value_enum, help_heading = "Behaviour")]
    schema_1: Option<Switch>,
    /// Service tier, whose budget the rate headers count down from
    #[arg(long, value_enum, default_value_t = SkuName::Standard, help_heading = "Behaviour")]
    sku: SkuName,
    /// Vary the order of actions and scopes in challenges, as the service does
    #[arg(long, help_heading = "Behaviour")]
    vary: bool,
    /// What the token service does with a request for several scopes: grant them all, as recorded, or issue a token for the first or
    /// none, as a registry with attribute-based access control may
    #[arg(long, value_enum, default_value_t = Several::Grant, help_heading = "Behaviour")]
    several_scopes: Several,
    /// JSON Web Key Set that Entra tokens must be signed with [default: signatures are not checked]
    #[arg(long, value_name = "FILE", help_heading = "Who may do what")]
    entra_keys: Option<PathBuf>,
    /// Serve the Microsoft Entra authority of the registry's tenant on a port of its own, with the registry's TLS; credentials are
    /// then required
    #[arg(long, conflicts_with = "entra_keys", help_heading = "Who may do what")]
    entra: bool,
    /// Options of the authority
    #[command(flatten)]
    entra_options: EntraOptions,
    /// Accept Entra tokens for Azure Resource Manager
    #[arg(long, value_enum, default_value_t = Switch::On, help_heading = "Who may do what")]
    arm_audience: Switch,

    /// Fill an empty registry with N repositories of one image each
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Size")]
    repositories: u32,
    /// Fill an empty registry with a repository of N tags
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Size")]
    tags: u32,

    /// PEM certificate chain, to serve TLS
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = "TLS")]
    tls_cert: Option<PathBuf>,
    /// PEM private key of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "TLS")]
    tls_key: Option<PathBuf>,

    /// Port of the admin endpoint, which shows and changes the faults at /faults (GET, PUT, POST, DELETE), registers redirect
    /// URIs at /entra/redirect-uris (POST), ends sessions at /entra/sessions (DELETE), removes expired uploads and blobs
    /// at /expire (POST) and answers /healthz (GET); 0 takes a free one
    #[arg(long, value_name = "PORT", help_heading = "Faults")]
    admin_port: Option<u16>,
    /// A fault as JSON, such as {"fault":"status","status":503,"path":"/v2/","probability":0.1,"times":3}; faults:
    /// latency{milliseconds} status{status} throttle{retry_after} firewall expired-token drop{after}
    /// truncate-json{after} slow-body{bytes_per_second}. May be repeated
    #[arg(long, value_name = "JSON", value_parser = parse_rule, help_heading = "Faults")]
    fault: Vec<FaultRule>,
    /// Delay of every answer in milliseconds
    #[arg(long, value_name = "MS", help_heading = "Faults")]
    latency: Option<u64>,
    /// Seed of the random numbers for faults with a probability
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Faults")]
    fault_seed: u64,
    /// Limit calls per minute as the service's tiers do, or to a number: off, standard, premium or N
    #[arg(long, value_name = "LIMITS", value_parser = parse_throttle, default_value = "off", help_heading = "Faults")]
    throttle: Throttle,

    /// How requests are logged to stderr; never a token, a password or a query
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log: LogFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SeedName {
    Demo,
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SkuName {
    Basic,
    Standard,
    Premium,
}

impl From<SkuName> for Sku {
    fn from(name: SkuName) -> Self {
        match name {
            SkuName::Basic => Self::Basic,
            SkuName::Standard => Self::Standard,
            SkuName::Premium => Self::Premium,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Several {
    Grant,
    Narrow,
    Refuse,
}

impl From<Several> for SeveralScopes {
    fn from(name: Several) -> Self {
        match name {
            Several::Grant => Self::Grant,
            Several::Narrow => Self::Narrow,
            Several::Refuse => Self::Refuse,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mount {
    Fallback,
    Real,
}

/// How requests are logged.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum LogFormat {
    /// A line a request.
    Text,
    /// A JSON object a request.
    Json,
    /// Not at all.
    Off,
}

impl Arguments {
    fn behaviour(&self) -> Behaviour {
        let behaviour = self.service_year.map(Behaviour::of_year).unwrap_or_default();
        let converts = self.schema_1.map(|switch| switch == Switch::On);
        let schema_1_conversion = converts.unwrap_or(behaviour.schema_1_conversion);
        Behaviour { schema_1_conversion, ..behaviour }
    }

    fn mount_mode(&self) -> MountMode {
        match (self.mount, self.service_year) {
            (Some(Mount::Fallback), _) | (None, Some(2023)) => MountMode::Fallback,
            (Some(Mount::Real) | None, _) => MountMode::Real,
        }
    }

    /// The settings that the flags describe.
    pub(crate) fn settings(self) -> anyhow::Result<(Config, ListenOptions)> {
        ensure!(self.password.len() <= 2, "the admin user has two passwords at most");
        ensure!(self.password.iter().all(|password| !password.is_empty()), "--password must not be empty");
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Some(server_config(certificate, key)?),
            _ => None,
        };
        let listen = ListenOptions {
            host: self.host,
            port: self.port,
            storage_port: self.storage_port,
            admin_port: self.admin_port,
            entra_port: self.entra_options.port(),
            tls,
        };
        let (mount, behaviour) = (self.mount_mode(), self.behaviour());
        let passwords = self.password.into_iter().map(Secret::new).collect();
        let clock = self.begin_at.map(|at| SystemClock::starting_at(Time::from_unix_seconds(at)));
        let latency = self.latency.map(|milliseconds| FaultRule::always(Fault::Latency { milliseconds }));
        let config = Config {
            mount,
            behaviour,
            clock: Arc::new(clock.unwrap_or_default()),
            login_server: self.login_server,
            tls: listen.tls.is_some(),
            admin: self.username.map(|username| acr_emulator::Account { username, passwords }),
            tokens: self.tokens.as_deref().map(read_tokens).transpose()?.unwrap_or_default(),
            anonymous_pull: self.anonymous_pull,
            access_token_lifetime: Duration::from_secs(self.access_token_lifetime),
            refresh_token_lifetime: Duration::from_secs(self.refresh_token_lifetime),
            sku: self.sku.into(),
            vary: self.vary,
            several_scopes: self.several_scopes.into(),
            arm_audience: self.arm_audience == Switch::On,
            entra_keys: self.entra_keys.as_deref().map(read_keys).transpose()?,
            entra: self.entra.then(|| self.entra_options.settings()),
            memory: self.memory,
            storage_host: self.storage_host,
            blob_redirect: self.blob_redirect == Switch::On,
            redirect_lifetime: Duration::from_secs(self.redirect_lifetime),
            upload_lifetime: Duration::from_secs(self.upload_lifetime),
            max_blob_size: self.max_blob_size,
            data: self.data,
            seed: match self.seed {
                SeedName::Demo => Seed::Demo,
                SeedName::Empty => Seed::Empty,
            },
            scale: Scale { repositories: self.repositories, tags: self.tags },
            faults: FaultPlan {
                seed: self.fault_seed,
                throttle: self.throttle,
                rules: latency.into_iter().chain(self.fault).collect(),
            },
            ..Config::default()
        };
        Ok((config, listen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_decides_what_mounts_do_unless_a_flag_does() {
        let mount = |arguments: &[&str]| {
            let arguments = ["acr-emulator"].iter().chain(arguments);
            Arguments::try_parse_from(arguments).unwrap().settings().unwrap().0.mount
        };
        assert_eq!(mount(&[]), MountMode::Real);
        assert_eq!(mount(&["--service-year", "2023"]), MountMode::Fallback);
        for year in ["2021", "2022", "2024"] {
            assert_eq!(mount(&["--service-year", year]), MountMode::Real);
        }
        assert_eq!(mount(&["--service-year", "2023", "--mount", "real"]), MountMode::Real);
    }

    #[test]
    fn the_flags_become_settings() {
        let arguments = [
            "acr-emulator",
            "--username",
            "contoso",
            "--password",
            "a",
            "--password",
            "b",
            "--mount",
            "real",
        ];
        let arguments =
            arguments.into_iter().chain(["--latency", "5", "--tags", "7", "--blob-redirect", "off"]);
        let (config, listen) = Arguments::try_parse_from(arguments).unwrap().settings().unwrap();
        assert_eq!(config.admin.map(|admin| admin.passwords.len()), Some(2));
        assert_eq!(
            (config.mount, config.blob_redirect, config.scale.tags, listen.port),
            (MountMode::Real, false, 7, 5000)
        );
        assert_eq!(
            config.faults.rules.first().map(|rule| &rule.fault),
            Some(&Fault::Latency { milliseconds: 5 })
        );
    }
}
