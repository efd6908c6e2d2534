//! Differences between the configurations of two images (OCI image specification, "Image Configuration").

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use serde_json::{Map, Value};

use super::align::{Change, align};
use super::values::{ValueChange, compare_values};

/// An image's configuration, as far as it is compared. Fields of other types than the specification's are ignored.
#[derive(Debug, Clone, Default)]
pub struct ImageConfiguration {
    /// Single settings by name: platform, user, command, ports and so on.
    pub settings: BTreeMap<String, String>,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// The labels.
    pub labels: BTreeMap<String, String>,
    /// The commands that made the image, with those of empty layers.
    pub history: Vec<String>,
    /// The diff IDs of the layers, the lowest first.
    pub diff_ids: Vec<String>,
}

impl ImageConfiguration {
    /// Reads a configuration.
    ///
    /// # Errors
    /// For content that is not a JSON object.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        let document: Map<String, Value> = serde_json::from_slice(json)?;
        let mut configuration = Self::default();
        let fields = [
            ("Architecture", "architecture"),
            ("Operating system", "os"),
            ("Variant", "variant"),
            ("Operating system version", "os.version"),
            ("Created", "created"),
            ("Author", "author"),
        ];
        for (name, field) in fields {
            configuration.set(name, document.get(field).unwrap_or(&Value::Null));
        }
        let mut config = document.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
        for variable in strings(&config.remove("Env").unwrap_or_default()) {
            let (name, value) = variable.split_once('=').unwrap_or((&variable, ""));
            configuration.environment.insert(name.to_owned(), value.to_owned());
        }
        if let Some(Value::Object(labels)) = config.remove("Labels") {
            configuration.labels = labels.into_iter().map(|(name, value)| (name, text(&value))).collect();
        }
        for (name, value) in &config {
            configuration.set(name, value);
        }
        let diff_ids = document.get("rootfs").and_then(|rootfs| rootfs.get("diff_ids"));
        configuration.diff_ids = diff_ids.map(strings).unwrap_or_default();
        let steps = document.get("history").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        configuration.history =
            steps.iter().map(|step| text(step.get("created_by").unwrap_or(&Value::Null))).collect();
        Ok(configuration)
    }

    fn set(&mut self, name: &str, value: &Value) {
        let value = text(value);
        if !value.is_empty() {
            self.settings.insert(name.to_owned(), value);
        }
    }
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .map(|values| values.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default()
}

/// A value as text: sets (objects with empty values) as their names, lists as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => String::new(),
        Value::Object(fields)
            if fields.values().all(|value| value.as_object().is_some_and(serde_json::Map::is_empty)) =>
        {
            fields.keys().cloned().collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// The settings, the environment and the labels that differ, in this order.
#[must_use]
pub fn compare_configurations(
    before: &ImageConfiguration,
    after: &ImageConfiguration,
) -> [Vec<ValueChange>; 3] {
    [
        compare_values(&before.settings, &after.settings),
        compare_values(&before.environment, &after.environment),
        compare_values(&before.labels, &after.labels),
    ]
}

/// A step of two histories side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "change", content = "command")]
pub enum HistoryChange {
    /// Both images have it.
    Same(String),
    /// Only the first image has it.
    Removed(String),
    /// Only the second image has it.
    Added(String),
}

/// Aligns the histories of two images. Histories of tens of thousands of steps without a common order are not aligned:
/// all steps of one follow all of the other.
#[must_use]
pub fn compare_history(before: &ImageConfiguration, after: &ImageConfiguration) -> Vec<HistoryChange> {
    fn steps(configuration: &ImageConfiguration) -> Vec<&str> {
        configuration.history.iter().map(String::as_str).collect()
    }
    let (first, second) = (steps(before), steps(after));
    let all = || vec![Change { before: 0..first.len(), after: 0..second.len() }];
    let part = |steps: &[&str], range: Range<usize>, change: fn(String) -> HistoryChange| {
        let steps = steps.get(range).unwrap_or_default().iter();
        steps.map(|step| change((*step).to_owned())).collect::<Vec<_>>()
    };
    let mut changes = Vec::new();
    let mut position = 0;
    for change in align(&first, &second).unwrap_or_else(all) {
        changes.extend(part(&first, position..change.before.start, HistoryChange::Same));
        position = change.before.end;
        changes.extend(part(&first, change.before, HistoryChange::Removed));
        changes.extend(part(&second, change.after, HistoryChange::Added));
    }
    changes.extend(part(&first, position..first.len(), HistoryChange::Same));
    changes
}
