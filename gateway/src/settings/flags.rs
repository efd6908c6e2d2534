//! Flags and environment variables, made from the definitions.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::definition::{Apply, Setting, variable};
use super::draft::Draft;
use super::value::{Entries, Entry, Settings, Source, Value};
use super::{gateway, registry};
use crate::config::ConfigError;

/// What is set for the gateway by flags and variables.
#[derive(Debug, Clone, Default)]
pub struct GatewayFlags {
    values: Vec<(&'static str, Source, Vec<String>)>,
}

/// What is set for registries by flags and variables.
#[derive(Debug, Clone, Default)]
pub struct RegistryFlags {
    registries: Vec<String>,
    values: Vec<(&'static str, Source, Vec<String>)>,
}

const REGISTRY: &str = "registry";

impl GatewayFlags {
    /// The settings these are.
    ///
    /// # Errors
    /// A value of another kind than its setting has.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let known = gateway::settings();
        let mut settings = Settings::default();
        for (key, source, texts) in &self.values {
            let Some(setting) = known.iter().find(|setting| setting.key == *key) else { continue };
            let value = match setting.apply {
                Apply::List(_) => Ok(Value::List(texts.clone())),
                _ => setting.read(texts.last().map_or("", String::as_str)),
            };
            let value = value.map_err(|message| ConfigError::new(shown(source, key), message))?;
            settings.gateway.insert(setting.key, Entry { value, source: source.clone() });
        }
        Ok(settings)
    }
}

impl RegistryFlags {
    /// Adds the registries named here to `settings`, then sets what is set here for registries by name.
    ///
    /// # Errors
    /// A flag about a registry that does not exist, or a value of another kind than its setting has.
    pub fn apply(&self, settings: &mut Settings) -> Result<(), ConfigError> {
        for text in &self.registries {
            let source = Source::Named(format!("--{REGISTRY}"));
            let entry = |text: &str| Entry { value: Value::Text(text.to_owned()), source: source.clone() };
            let mut entries = Entries::new();
            match text.split_once('=') {
                Some((name, url)) => entries.extend([("name", entry(name)), ("url", entry(url))]),
                None => entries.extend([("url", entry(text))]),
            }
            settings.registries.push(entries);
        }
        let known = registry::settings();
        for (key, source, texts) in &self.values {
            let Some(setting) = known.iter().find(|setting| setting.key == *key) else { continue };
            for text in texts {
                let wrong = |message: String| ConfigError::new(shown(source, key), message);
                let (name, text) = text
                    .split_once('=')
                    .ok_or_else(|| wrong(format!("{text:?} names no registry; write NAME=VALUE")))?;
                let mut registries = settings.registries.iter_mut();
                let entries =
                    registries.find(|entries| registry::name(entries) == name).ok_or_else(|| {
                        wrong(format!("no registry is named {name:?}; name it with --registry {name}=URL"))
                    })?;
                let value = setting.read(text).map_err(wrong)?;
                entries.insert(setting.key, Entry { value, source: source.clone() });
            }
        }
        Ok(())
    }
}

/// What messages call a setting: the flag or variable that set it, or its key in the file.
fn shown(source: &Source, key: &str) -> String {
    match source {
        Source::Named(name) => name.clone(),
        Source::File => key.to_owned(),
    }
}

fn flag_of(key: &str) -> String {
    format!("{REGISTRY}-{}", key.replace(['.', '_'], "-"))
}

/// The settings of a registry that have a flag of their own; `--registry NAME=URL` sets the others.
fn registry_flags() -> impl Iterator<Item = Setting<Draft>> {
    registry::settings().into_iter().filter(|setting| !matches!(setting.key, "url" | "name"))
}

/// `trusted-proxies` can be written `--trusted-proxy` as well.
fn singular(flag: &str) -> Option<String> {
    flag.strip_suffix("ies")
        .map(|stem| format!("{stem}y"))
        .or_else(|| flag.strip_suffix('s').map(str::to_owned))
}

/// Reads the values of an argument, and whether a flag or a variable set them.
fn values(matches: &ArgMatches, id: &str, flag: &str) -> Option<(Source, Vec<String>)> {
    let texts: Vec<String> = matches.get_many::<String>(id)?.cloned().collect();
    let name = match matches.value_source(id) {
        Some(ValueSource::EnvVariable) => variable(flag),
        _ => format!("--{flag}"),
    };
    Some((Source::Named(name), texts))
}

impl Args for GatewayFlags {
    fn augment_args(mut command: Command) -> Command {
        for table in gateway::tables() {
            for setting in table.settings {
                let (flag, list) = (setting.flag(), matches!(setting.apply, Apply::List(_)));
                let mut arg = Arg::new(setting.key).long(flag.clone()).env(setting.variable());
                arg = arg.value_name(setting.placeholder).help(setting.help());
                if !table.name.is_empty() {
                    arg = arg.help_heading(table.doc.trim_end_matches('.').to_owned());
                }
                if list {
                    arg = arg.action(ArgAction::Append).value_delimiter(',').visible_aliases(singular(&flag));
                }
                command = command.arg(arg);
            }
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for GatewayFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let set = |setting: Setting<_>| {
            values(matches, setting.key, &setting.flag()).map(|(source, texts)| (setting.key, source, texts))
        };
        self.values.extend(gateway::settings().into_iter().filter_map(set));
        Ok(())
    }
}

impl Args for RegistryFlags {
    fn augment_args(command: Command) -> Command {
        let heading = "Registries";
        let help = "A registry: contoso.azurecr.io, http://127.0.0.1:5000 or NAME=URL; may be repeated";
        let mut command = command.arg(
            Arg::new(REGISTRY)
                .long(REGISTRY)
                .env(variable(REGISTRY))
                .value_name("[NAME=]URL")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .help(help)
                .help_heading(heading),
        );
        for setting in registry_flags() {
            let flag = flag_of(setting.key);
            command = command.arg(
                Arg::new(flag.clone())
                    .long(flag.clone())
                    .env(variable(&flag))
                    .value_name(format!("NAME={}", setting.placeholder))
                    .action(ArgAction::Append)
                    .value_delimiter(';')
                    .help(setting.help())
                    .help_heading(heading),
            );
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for RegistryFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.registries.extend(matches.get_many::<String>(REGISTRY).into_iter().flatten().cloned());
        self.values.extend(registry_flags().filter_map(|setting| {
            let flag = flag_of(setting.key);
            values(matches, &flag, &flag).map(|(source, texts)| (setting.key, source, texts))
        }));
        Ok(())
    }
}
