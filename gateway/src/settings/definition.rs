//! What a setting is: a key, a kind of value, a sentence, a default, and what the value does to what is configured.

use super::value::Value;
use crate::config::Config;

/// The first part of every environment variable.
const VARIABLE_PREFIX: &str = "ACR_GATEWAY_";

/// A setting of the gateway (`T` is the configuration) or of a registry (`T` is the registry as it is put together).
pub(super) struct Setting<T> {
    /// The key, with its table in front: `limits.form_bytes`.
    pub(super) key: &'static str,
    /// What stands for the value in help: `BYTES`.
    pub(super) placeholder: &'static str,
    /// One or more sentences: what it is for.
    pub(super) doc: &'static str,
    /// What holds when it is not set.
    pub(super) default: Default,
    /// A value for the example file, as TOML, where the default is no value.
    pub(super) example: &'static str,
    /// The only values there are; any when empty.
    pub(super) choices: &'static [&'static str],
    /// Reads the value into what is configured.
    pub(super) apply: Apply<T>,
}

/// What holds when a setting is not set.
pub(super) enum Default {
    /// A value, read from the configuration's own default, as TOML.
    Value(fn(&Config) -> String),
    /// Something that no single value says.
    Words(&'static str),
    /// Nothing.
    Nothing,
}

/// Reads a value of one kind into `T`. The error is a sentence with a remedy; the key is put in front of it elsewhere.
pub(super) enum Apply<T> {
    Text(fn(&mut T, &str) -> Result<(), String>),
    Integer(fn(&mut T, u64) -> Result<(), String>),
    Boolean(fn(&mut T, bool) -> Result<(), String>),
    List(fn(&mut T, &[String]) -> Result<(), String>),
}

impl<T> Setting<T> {
    pub(super) const fn text(
        key: &'static str,
        placeholder: &'static str,
        doc: &'static str,
        apply: fn(&mut T, &str) -> Result<(), String>,
    ) -> Self {
        Self::new(key, placeholder, doc, Apply::Text(apply))
    }

    pub(super) const fn integer(
        key: &'static str,
        placeholder: &'static str,
        doc: &'static str,
        apply: fn(&mut T, u64) -> Result<(), String>,
    ) -> Self {
        Self::new(key, placeholder, doc, Apply::Integer(apply))
    }

    pub(super) const fn boolean(
        key: &'static str,
        doc: &'static str,
        apply: fn(&mut T, bool) -> Result<(), String>,
    ) -> Self {
        Self::new(key, "BOOL", doc, Apply::Boolean(apply))
    }

    pub(super) const fn list(
        key: &'static str,
        placeholder: &'static str,
        doc: &'static str,
        apply: fn(&mut T, &[String]) -> Result<(), String>,
    ) -> Self {
        Self::new(key, placeholder, doc, Apply::List(apply))
    }

    const fn new(key: &'static str, placeholder: &'static str, doc: &'static str, apply: Apply<T>) -> Self {
        Self { key, placeholder, doc, default: Default::Nothing, example: "", choices: &[], apply }
    }

    /// With the default that the configuration has by itself, as TOML.
    pub(super) const fn default(mut self, of: fn(&Config) -> String) -> Self {
        self.default = Default::Value(of);
        self
    }

    /// With a default that takes words.
    pub(super) const fn default_words(mut self, words: &'static str) -> Self {
        self.default = Default::Words(words);
        self
    }

    /// With a value for the example file, as TOML.
    pub(super) const fn example(mut self, toml: &'static str) -> Self {
        self.example = toml;
        self
    }

    /// With the only values there are.
    pub(super) const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// The key without its table: `form_bytes`.
    pub(super) fn name(&self) -> &'static str {
        self.key.rsplit('.').next().unwrap_or(self.key)
    }

    /// The flag, without its dashes: `limits-form-bytes`.
    pub(super) fn flag(&self) -> String {
        self.key.replace(['.', '_'], "-")
    }

    /// The environment variable: `ACR_GATEWAY_LIMITS_FORM_BYTES`.
    pub(super) fn variable(&self) -> String {
        variable(&self.flag())
    }

    /// What help says: the sentences, and the default.
    pub(super) fn help(&self) -> String {
        let doc = self.doc.trim_end_matches('.');
        match &self.default {
            Default::Value(of) => {
                format!("{doc} [default: {}]", of(&Config::unchecked(Vec::new())).trim_matches('"'))
            }
            Default::Words(words) => format!("{doc} [default: {words}]"),
            Default::Nothing => doc.to_owned(),
        }
    }

    /// Reads a value into what is configured.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the value and what to write.
    pub(super) fn apply(&self, to: &mut T, value: &Value) -> Result<(), String> {
        match (&self.apply, value) {
            (Apply::Text(apply), Value::Text(text)) => apply(to, text),
            (Apply::Integer(apply), Value::Integer(number)) => apply(to, *number),
            (Apply::Boolean(apply), Value::Boolean(switch)) => apply(to, *switch),
            (Apply::List(apply), Value::List(list)) => apply(to, list),
            _ => Err(self.expected()),
        }
    }

    /// Reads the text of a flag or variable as a value of this kind.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub(super) fn read(&self, text: &str) -> Result<Value, String> {
        let wrong = |_| format!("{text:?} is not valid here; {}", self.expected());
        match self.apply {
            Apply::Text(_) => Ok(Value::Text(text.to_owned())),
            Apply::Integer(_) => text.trim().parse().map(Value::Integer).map_err(|_| wrong(())),
            Apply::Boolean(_) => text.trim().parse().map(Value::Boolean).map_err(|_| wrong(())),
            Apply::List(_) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Ok(Value::List(parts.map(str::to_owned).collect()))
            }
        }
    }

    /// What kind of value is expected, as a remedy.
    pub(super) fn expected(&self) -> String {
        match self.apply {
            Apply::Text(_) => "write text in quotes".to_owned(),
            Apply::Integer(_) => "write an integer of 0 or more, without quotes".to_owned(),
            Apply::Boolean(_) => "write true or false".to_owned(),
            Apply::List(_) => "write a list of texts, such as [\"a\", \"b\"]".to_owned(),
        }
    }
}

/// The environment variable of a flag without its dashes.
pub(super) fn variable(flag: &str) -> String {
    format!("{VARIABLE_PREFIX}{}", flag.to_uppercase().replace('-', "_"))
}

/// A table of settings in the file.
pub(super) struct Table {
    /// Its name; empty for the keys at the top.
    pub(super) name: &'static str,
    /// What its settings are about.
    pub(super) doc: &'static str,
    /// The settings, in the order in which they are read and shown.
    pub(super) settings: Vec<Setting<Config>>,
}
