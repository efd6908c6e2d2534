//! Reading the config of an image field by field, so that an odd field is lost alone.

mod document;

use std::collections::BTreeMap;

use acr_client_wasm::{
    ContainerConfig, HealthCheck, HistoryEntry, ImageConfig, RootFs, Timestamp, V1Manifest,
};
use serde_json::{Map, Value};

/// A config as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadConfig {
    /// What was read. A field that could not be read has its default.
    pub config: ImageConfig,
    /// Features that the operating system must have (`os.features`).
    pub os_features: Vec<String>,
    /// The fields that could not be read, as paths: `config.Env[2]`.
    pub unread: Vec<String>,
}

/// Why bytes are no config at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// The bytes are no JSON.
    NotJson,
    /// The bytes are JSON, but no object.
    NotAnObject,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotJson => "The config is not JSON.",
            Self::NotAnObject => "The config is JSON, but not an object.",
        })
    }
}

impl std::error::Error for ConfigError {}

impl ReadConfig {
    /// Reads the blob of an image's config (OCI image specification, "Image Configuration").
    ///
    /// ```
    /// use acr_artifact::config::ReadConfig;
    ///
    /// let read = ReadConfig::from_slice(br#"{"os":"linux","architecture":7,"config":{"Env":["A=1",2]}}"#)?;
    /// assert_eq!((read.config.os.as_str(), read.config.config.env), ("linux", vec!["A=1".to_owned()]));
    /// assert_eq!(read.unread, ["architecture", "config.Env[1]"]);
    /// # Ok::<(), acr_artifact::config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// [`ConfigError`] where there is no object to read fields from.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, ConfigError> {
        match document::read(bytes) {
            Some(Value::Object(fields)) => Ok(read(&fields)),
            Some(_) => Err(ConfigError::NotAnObject),
            None => Err(ConfigError::NotJson),
        }
    }

    /// Reads what a manifest of schema 1 holds in the place of a config: the newest entry of its history has platform and settings, and
    /// every entry is a step. A step with `throwaway` made no layer.
    #[must_use]
    pub fn from_schema1(manifest: &V1Manifest) -> Self {
        let mut unread = Vec::new();
        let mut entries = Vec::new();
        for (position, entry) in manifest.history.iter().enumerate() {
            let Some(Value::Object(fields)) = document::read(entry.v1_compatibility.as_bytes()) else {
                unread.push(format!("history[{position}].v1Compatibility"));
                entries.push(Map::new());
                continue;
            };
            entries.push(fields);
        }
        let mut this = entries.first().map(read).unwrap_or_default();
        if this.config.architecture.is_empty() {
            this.config.architecture.clone_from(&manifest.architecture);
        }
        let mut steps = Fields { unread: &mut unread, path: String::new() };
        this.config.history =
            entries.iter().rev().enumerate().map(|(at, entry)| steps.schema1_step(at, entry)).collect();
        this.unread.append(&mut unread);
        this
    }

    /// Who a container of this image runs as.
    #[must_use]
    pub fn user(&self) -> User {
        let user = self.config.config.user.trim();
        if !user.is_empty() {
            return User::Named(user.to_owned());
        }
        match self.config.os.to_ascii_lowercase().as_str() {
            "linux" | "freebsd" => User::Default("root"),
            "windows" => User::Default("ContainerAdministrator"),
            _ => User::Unknown,
        }
    }
}

/// Who a container runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum User {
    /// The config names a user or a number, with or without a group.
    Named(String),
    /// The config names none, and the operating system has this default.
    Default(&'static str),
    /// The config names none, and the default is not known.
    Unknown,
}

impl std::fmt::Display for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Default(name) => write!(f, "{name} (not set)"),
            Self::Unknown => f.write_str("not set"),
        }
    }
}

fn read(fields: &Map<String, Value>) -> ReadConfig {
    let mut unread = Vec::new();
    let mut reader = Fields { unread: &mut unread, path: String::new() };
    let created = reader.optional(fields, "created").map(Timestamp::new);
    let author = reader.optional(fields, "author");
    let architecture = reader.text(fields, "architecture");
    let variant = reader.optional(fields, "variant");
    let os = reader.text(fields, "os");
    let os_version = reader.optional(fields, "os.version");
    let os_features = reader.texts(fields, "os.features");
    let container = reader.object(fields, "config");
    let container = container.map(|inner| reader.inside("config.", |reader| reader.container(inner)));
    let history = reader.history(fields);
    let rootfs = reader.object(fields, "rootfs");
    let rootfs = rootfs.map(|rootfs| reader.inside("rootfs.", |reader| reader.rootfs(rootfs)));
    let config = ImageConfig {
        created,
        author,
        architecture,
        variant,
        os,
        os_version,
        config: container.unwrap_or_default(),
        history,
        rootfs: rootfs.unwrap_or_default(),
    };
    ReadConfig { config, os_features, unread }
}

/// Reads fields of an object and notes those of another type. `null` and a missing field read as nothing.
struct Fields<'a> {
    unread: &'a mut Vec<String>,
    path: String,
}

impl Fields<'_> {
    /// How many odd fields are named; a hostile config could have a million.
    const MOST: usize = 100;

    fn note(&mut self, key: &str) {
        if self.unread.len() < Self::MOST {
            let key: String = key.chars().filter(|c| !c.is_control()).take(100).collect();
            self.unread.push(format!("{}{key}", self.path));
        }
    }

    fn inside<T>(&mut self, path: &str, read: impl FnOnce(&mut Fields<'_>) -> T) -> T {
        let path = format!("{}{path}", self.path);
        read(&mut Fields { unread: self.unread, path })
    }

    fn optional(&mut self, fields: &Map<String, Value>, key: &str) -> Option<String> {
        match fields.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.note(key);
                None
            }
        }
    }

    fn text(&mut self, fields: &Map<String, Value>, key: &str) -> String {
        self.optional(fields, key).unwrap_or_default()
    }

    fn number(&mut self, fields: &Map<String, Value>, key: &str) -> Option<u64> {
        match fields.get(key) {
            None | Some(Value::Null) => None,
            Some(value) => {
                let number = value.as_u64();
                if number.is_none() {
                    self.note(key);
                }
                number
            }
        }
    }

    fn switch(&mut self, fields: &Map<String, Value>, key: &str) -> bool {
        match fields.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(on)) => *on,
            Some(_) => {
                self.note(key);
                false
            }
        }
    }

    fn object<'v>(&mut self, fields: &'v Map<String, Value>, key: &str) -> Option<&'v Map<String, Value>> {
        match fields.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => Some(object),
            Some(_) => {
                self.note(key);
                None
            }
        }
    }

    fn texts(&mut self, fields: &Map<String, Value>, key: &str) -> Vec<String> {
        let items = match fields.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items,
            // Some builders write a command as one text.
            Some(Value::String(text)) => return vec![text.clone()],
            Some(_) => {
                self.note(key);
                return Vec::new();
            }
        };
        let mut texts = Vec::with_capacity(items.len());
        for (position, item) in items.iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                _ => self.note(&format!("{key}[{position}]")),
            }
        }
        texts
    }

    /// The keys of an object whose values mean nothing, as ports and volumes are written; a list of them is read too.
    fn keys(&mut self, fields: &Map<String, Value>, key: &str) -> BTreeMap<String, Value> {
        match fields.get(key) {
            Some(Value::Object(object)) => object.clone().into_iter().collect(),
            Some(Value::Array(_)) => {
                let empty = || Value::Object(Map::new());
                self.texts(fields, key).into_iter().map(|name| (name, empty())).collect()
            }
            None | Some(Value::Null) => BTreeMap::new(),
            Some(_) => {
                self.note(key);
                BTreeMap::new()
            }
        }
    }

    fn labels(&mut self, fields: &Map<String, Value>, key: &str) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::new();
        for (name, value) in self.object(fields, key).into_iter().flatten() {
            match value {
                Value::String(text) => drop(labels.insert(name.clone(), text.clone())),
                // Go reads null as an empty text.
                Value::Null => drop(labels.insert(name.clone(), String::new())),
                _ => self.note(&format!("{key}.{name}")),
            }
        }
        labels
    }

    fn container(&mut self, fields: &Map<String, Value>) -> ContainerConfig {
        let check = self.object(fields, "Healthcheck");
        ContainerConfig {
            user: self.text(fields, "User"),
            exposed_ports: self.keys(fields, "ExposedPorts"),
            env: self.texts(fields, "Env"),
            entrypoint: self.texts(fields, "Entrypoint"),
            cmd: self.texts(fields, "Cmd"),
            volumes: self.keys(fields, "Volumes"),
            working_dir: self.text(fields, "WorkingDir"),
            labels: self.labels(fields, "Labels"),
            stop_signal: self.optional(fields, "StopSignal"),
            healthcheck: check.map(|check| self.inside("Healthcheck.", |reader| reader.health_check(check))),
            shell: self.texts(fields, "Shell"),
            on_build: self.texts(fields, "OnBuild"),
        }
    }

    fn health_check(&mut self, fields: &Map<String, Value>) -> HealthCheck {
        HealthCheck {
            test: self.texts(fields, "Test"),
            interval: self.number(fields, "Interval"),
            timeout: self.number(fields, "Timeout"),
            start_period: self.number(fields, "StartPeriod"),
            retries: self.number(fields, "Retries"),
        }
    }

    fn rootfs(&mut self, fields: &Map<String, Value>) -> RootFs {
        RootFs { kind: self.text(fields, "type"), diff_ids: self.texts(fields, "diff_ids") }
    }

    fn history(&mut self, fields: &Map<String, Value>) -> Vec<HistoryEntry> {
        let entries = match fields.get("history") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                self.note("history");
                return Vec::new();
            }
        };
        let step = |(position, entry): (usize, &Value)| match entry {
            Value::Object(entry) => {
                self.inside(&format!("history[{position}]."), |reader| reader.step(entry))
            }
            Value::Null => HistoryEntry::default(),
            _ => {
                self.note(&format!("history[{position}]"));
                HistoryEntry::default()
            }
        };
        entries.iter().enumerate().map(step).collect()
    }

    fn step(&mut self, entry: &Map<String, Value>) -> HistoryEntry {
        HistoryEntry {
            created: self.optional(entry, "created").map(Timestamp::new),
            author: self.optional(entry, "author"),
            created_by: self.optional(entry, "created_by"),
            comment: self.optional(entry, "comment"),
            empty_layer: self.switch(entry, "empty_layer"),
        }
    }

    fn schema1_step(&mut self, position: usize, entry: &Map<String, Value>) -> HistoryEntry {
        self.inside(&format!("step {}: ", position + 1), |reader| {
            let container = reader.object(entry, "container_config");
            let command = container.map(|container| reader.texts(container, "Cmd")).unwrap_or_default();
            HistoryEntry {
                created: reader.optional(entry, "created").map(Timestamp::new),
                author: reader.optional(entry, "author"),
                created_by: Some(command.join(" ")).filter(|command| !command.is_empty()),
                comment: reader.optional(entry, "comment"),
                empty_layer: reader.switch(entry, "throwaway"),
            }
        })
    }
}
