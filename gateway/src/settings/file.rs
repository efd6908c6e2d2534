//! Reading the TOML file: every key known, every value of its kind, each problem with its line.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::definition::{Apply, Setting};
use super::value::{Entries, Entry, Settings, Source, Value};
use super::{gateway, locate, registry};
use crate::config::ConfigError;

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
pub struct SettingsError(String);

impl SettingsFile {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, or holds an unknown key or a value of another kind than its key has.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| {
            SettingsError(format!("cannot read {shown}: {error}; name a TOML file with --config"))
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let read = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = 1 + read.filter(|byte| **byte == b'\n').count();
            SettingsError(format!("{shown}:{line}: the file is not UTF-8, as TOML must be; save it as UTF-8"))
        })?;
        Self::parse(path, text)
    }

    /// Reads TOML text; the path is for messages.
    ///
    /// # Errors
    /// As [`SettingsFile::read`], except for reading the file.
    pub fn parse(path: &Path, text: String) -> Result<Self, SettingsError> {
        let settings = read(&text).map_err(|problem| {
            let line = locate::line_at(&text, problem.offset);
            let key = problem.key.map_or(String::new(), |key| format!("{key}: "));
            SettingsError(format!("{}:{line}: {key}{}", path.display(), problem.message.replace('\n', " ")))
        })?;
        Ok(Self { settings, path: path.to_owned(), text })
    }

    /// An error about a key, with the file and line that set it when the file did.
    #[must_use]
    pub fn explain(&self, error: &ConfigError) -> SettingsError {
        match locate::line_of(&self.text, error.key()) {
            Some(line) => SettingsError(format!("{}:{line}: {error}", self.path.display())),
            None => SettingsError(error.to_string()),
        }
    }
}

/// What is wrong at a byte of the text.
struct Problem {
    offset: usize,
    key: Option<String>,
    message: String,
}

const REMEDY: &str = "see gateway.example.toml for every key";

fn read(text: &str) -> Result<Settings, Problem> {
    let document = DeTable::parse(text).map_err(|error| Problem {
        offset: error.span().map_or(0, |span| span.start),
        key: None,
        message: format!("{}; {REMEDY}", error.message()),
    })?;
    let mut settings = Settings::default();
    for (name, value) in document.get_ref() {
        let (key, at) = (name.get_ref().as_ref(), name.span().start);
        match (key, value.get_ref()) {
            ("registries", DeValue::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    settings.registries.push(read_registry(index, element)?);
                }
            }
            ("registries", _) => return Err(wrong(value, key, "write each registry as [[registries]]")),
            (_, DeValue::Table(table)) if gateway::tables().iter().any(|known| known.name == key) => {
                for (name, value) in table {
                    let key = format!("{key}.{}", name.get_ref());
                    read_into(
                        &mut settings.gateway,
                        &gateway::settings(),
                        &key,
                        name.span().start,
                        &key,
                        value,
                    )?;
                }
            }
            _ if gateway::tables().iter().any(|known| known.name == key) => {
                return Err(wrong(value, key, &format!("write it as a table, [{key}]")));
            }
            _ => read_into(&mut settings.gateway, &gateway::settings(), key, at, key, value)?,
        }
    }
    Ok(settings)
}

fn read_registry(index: usize, element: &Spanned<DeValue<'_>>) -> Result<Entries, Problem> {
    let DeValue::Table(table) = element.get_ref() else {
        return Err(wrong(element, "registries", "write each registry as [[registries]]"));
    };
    let mut entries = Entries::new();
    let known = registry::settings();
    for (name, value) in table {
        let key = name.get_ref().as_ref();
        let prefix = format!("{key}.");
        match value.get_ref() {
            DeValue::Table(below) if known.iter().any(|setting| setting.key.starts_with(&prefix)) => {
                for (name, value) in below {
                    let key = format!("{prefix}{}", name.get_ref());
                    let shown = format!("registries[{index}].{key}");
                    read_into(&mut entries, &known, &key, name.span().start, &shown, value)?;
                }
            }
            _ => {
                let shown = format!("registries[{index}].{key}");
                read_into(&mut entries, &known, key, name.span().start, &shown, value)?;
            }
        }
    }
    Ok(entries)
}

/// Reads one key of a table; `shown` is what messages call it.
fn read_into<T>(
    entries: &mut Entries,
    known: &[Setting<T>],
    key: &str,
    at: usize,
    shown: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<(), Problem> {
    let Some(setting) = known.iter().find(|setting| setting.key == key) else {
        let message = format!("{shown} is not a setting; {REMEDY}");
        return Err(Problem { offset: at, key: None, message });
    };
    let read = read_value(setting, value.get_ref());
    let value = read.ok_or_else(|| wrong(value, shown, &setting.expected()))?;
    entries.insert(setting.key, Entry { value, source: Source::File });
    Ok(())
}

fn wrong(value: &Spanned<DeValue<'_>>, key: &str, remedy: &str) -> Problem {
    let found = match value.get_ref() {
        DeValue::String(text) => format!("the text {text:?}"),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(switch) => switch.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => "this list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    };
    let message = format!("{found} is not valid here; {remedy}");
    Problem { offset: value.span().start, key: Some(key.to_owned()), message }
}

/// The value, when it is of the setting's kind.
fn read_value<T>(setting: &Setting<T>, value: &DeValue<'_>) -> Option<Value> {
    match (&setting.apply, value) {
        (Apply::Text(_), DeValue::String(text)) => Some(Value::Text(text.clone().into_owned())),
        (Apply::Integer(_), DeValue::Integer(number)) => {
            u64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::Integer)
        }
        (Apply::Boolean(_), DeValue::Boolean(switch)) => Some(Value::Boolean(*switch)),
        (Apply::List(_), DeValue::Array(elements)) => {
            let texts = elements.iter().map(|element| match element.get_ref() {
                DeValue::String(text) => Some(text.clone().into_owned()),
                _ => None,
            });
            texts.collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}
