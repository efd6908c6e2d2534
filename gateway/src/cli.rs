//! The command line: its commands, and one line for a command line that cannot be used.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use http::uri::Authority;

use crate::config::{BasePath, Config, ConfigError, Origin, Registry};
use crate::entra_setup::{Application, EntraSetup};
use crate::settings::{self, GatewayFlags, RegistryFlags, SettingsError, SettingsFile};

/// Serves the ACR dashboard and forwards its requests to the configured registries.
#[derive(Debug, Parser)]
#[command(name = "acr-gateway", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the dashboard for one or more registries
    Serve(Box<ServeArgs>),
    /// Serve the dashboard for a demonstration registry that runs inside this process
    #[cfg(feature = "demo")]
    Demo(Box<DemoArgs>),
    /// Check the configuration, then ask each registry whether it answers
    Check(Box<CheckArgs>),
    /// Print the az commands that register the page with Microsoft Entra ID, and the settings that follow
    EntraSetup(EntraSetupArgs),
    /// Print the JSON schema of the configuration file, for editors
    Schema,
    /// Print an example configuration file with every key and its default
    Example,
}

/// The configuration: a file, and flags and variables that win over it.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// TOML file with the configuration
    #[arg(long, env = "ACR_GATEWAY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The registries.
    #[command(flatten)]
    pub registries: RegistryFlags,
    /// Everything else.
    #[command(flatten)]
    pub settings: GatewayFlags,
}

/// A demonstration.
#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Seed this many repositories in addition to those of the demonstration
    #[arg(long, value_name = "COUNT")]
    pub repositories: Option<u32>,
    /// Seed a repository with this many tags
    #[arg(long, value_name = "COUNT")]
    pub tags: Option<u32>,
    /// Everything else.
    #[command(flatten)]
    pub settings: GatewayFlags,
}

/// A check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Check the configuration only, without asking any registry
    #[arg(long)]
    pub offline: bool,
    /// What to check.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// A registration with Microsoft Entra ID.
#[derive(Debug, Args)]
pub struct EntraSetupArgs {
    /// A registry that users sign in to, such as contoso.azurecr.io; may be repeated
    #[arg(long, value_name = "[NAME=]URL", required = true)]
    pub registry: Vec<Registry>,
    /// The gateway's address as browsers have it, with its base path, such as https://registry.example; may be repeated
    #[arg(long, value_name = "URL", value_parser = page_url, required = true)]
    pub url: Vec<String>,
    /// What the application is called
    #[arg(long, value_name = "TEXT", value_parser = application_name, default_value = "ACR Dashboard")]
    pub name: String,
    /// The client id of an application that is registered already; by default the one called TEXT, which is registered if missing
    #[arg(long, value_name = "ID", conflicts_with = "name")]
    pub client_id: Option<uuid::Uuid>,
}

impl EntraSetupArgs {
    /// The registration that these arguments describe.
    ///
    /// # Errors
    /// A sentence about registries that one registration cannot serve.
    pub fn setup(self) -> Result<EntraSetup, String> {
        let application = match self.client_id {
            Some(client_id) => Application::Registered(client_id.to_string()),
            None => Application::Named(self.name),
        };
        EntraSetup::new(self.registry, &self.url, application)
    }
}

/// The address of a page that Microsoft redirects to: by https, or by http on this machine. Put together from its parts, so that nothing
/// else of what was written remains.
fn page_url(text: &str) -> Result<String, String> {
    page_address(text).ok_or_else(|| {
        format!("{text:?} is not a page address; write one such as https://registry.example (http only for localhost)")
    })
}

fn page_address(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let origin: Origin = format!("{scheme}://{host}").parse().ok()?;
    if let Some(authority) = origin.as_str().strip_prefix("http://") {
        let authority: Authority = authority.parse().ok()?;
        matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]").then_some(())?;
    }
    let path: BasePath = path.parse().ok()?;
    Some(format!("{origin}{path}"))
}

/// A name for an application. `az` reads a file where a value begins with `@`, and an option where it begins with a dash.
fn application_name(text: &str) -> Result<String, String> {
    let begins_well = text.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '@' | '-'));
    if !begins_well || text.chars().count() > 120 || text.chars().any(char::is_control) {
        return Err(format!(
            "{text:?} is not a name for an application; write up to 120 characters, not beginning with @ or -"
        ));
    }
    Ok(text.to_owned())
}

impl ServeArgs {
    /// The configuration that file, variables and flags amount to.
    ///
    /// # Errors
    /// One line that names the file and line, or the flag, the key and the remedy.
    pub fn resolve(&self) -> Result<Resolved, SettingsError> {
        let file = self.config.as_deref().map(SettingsFile::read).transpose()?.unwrap_or_default();
        let config = self.settings.settings().and_then(|flags| {
            let mut settings = flags.or(file.settings.clone());
            self.registries.apply(&mut settings)?;
            settings::resolve(settings)
        });
        match config {
            Ok(config) => Ok(Resolved { config, file }),
            Err(error) => Err(file.explain(&error)),
        }
    }
}

/// A configuration, and the file to find the lines of its keys in.
#[derive(Debug)]
pub struct Resolved {
    /// The configuration.
    pub config: Config,
    file: SettingsFile,
}

impl Resolved {
    /// An error about a key, with the file and line that set it when the file did.
    #[must_use]
    pub fn explain(&self, error: &ConfigError) -> SettingsError {
        self.file.explain(error)
    }
}

/// A refusal of the command line's parser as one line.
#[must_use]
pub fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let line = lines.join(" ");
    format!("{}; see acr-gateway --help", line.strip_prefix("error: ").unwrap_or(&line))
}
