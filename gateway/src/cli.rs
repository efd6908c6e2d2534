//! The command line: what can be asked of the binary, and one line for what cannot.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::settings::{self, RegistryFlags, Settings, SettingsError, SettingsFile};

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
    Demo(Box<DemoArgs>),
    /// Check the configuration, then ask each registry whether it answers
    Check(Box<CheckArgs>),
    /// Print the JSON schema of the configuration file, for editors
    Schema,
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
    pub settings: Settings,
}

/// A demonstration.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Seed this many repositories besides those of the demonstration
    #[arg(long, value_name = "COUNT")]
    pub repositories: Option<u32>,
    /// Seed a repository with this many tags
    #[arg(long, value_name = "COUNT")]
    pub tags: Option<u32>,
    /// Everything else.
    #[command(flatten)]
    pub settings: Settings,
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

impl ServeArgs {
    /// The configuration these amount to, and what to log.
    ///
    /// # Errors
    /// One line that names the file and line, or the flag, the key and what to do.
    pub fn resolve(self) -> Result<(Config, settings::LogSettings), SettingsError> {
        let file = self.config.as_deref().map(SettingsFile::read).transpose()?.unwrap_or_default();
        let mut settings = self.settings.or(file.settings.clone());
        let log = settings.log.clone();
        let resolved =
            self.registries.apply(&mut settings.registries).and_then(|()| settings::resolve(settings));
        resolved.map(|config| (config, log)).map_err(|error| file.explain(&error))
    }
}

/// A refusal of the command line's parser as one line.
#[must_use]
pub fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let said: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let said = said.join(" ");
    format!("{}; see acr-gateway --help", said.strip_prefix("error: ").unwrap_or(&said))
}
