//! What editors and operators read of the settings, made from the definitions: the JSON schema and the example file.

use serde_json::{Map, Value, json};

use super::definition::{Apply, Default, Setting};
use super::{gateway, registry};
use crate::config::Config;

/// The JSON schema of the configuration file.
#[must_use]
pub fn schema() -> String {
    let mut definitions = Map::new();
    let mut properties = Map::new();
    for table in gateway::tables() {
        let fields = object(&table.settings);
        if table.name.is_empty() {
            properties.extend(fields);
        } else {
            let reference = json!({ "$ref": format!("#/$defs/{}", table.name) });
            properties.insert(table.name.to_owned(), reference);
            definitions.insert(table.name.to_owned(), closed(table.doc, fields));
        }
    }
    let doc = "A registry that can be reached.";
    let (below, own): (Vec<_>, Vec<_>) =
        registry::settings().into_iter().partition(|setting| setting.key.contains('.'));
    let mut fields = object(&own);
    let doc_below = "Signing in with Microsoft, where it differs from what is set for all registries.";
    definitions.insert("registry_entra".to_owned(), closed(doc_below, object(&below)));
    fields.insert("entra".to_owned(), json!({ "$ref": "#/$defs/registry_entra" }));
    definitions.insert("registry".to_owned(), closed(doc, fields));
    properties.insert(
        "registries".to_owned(),
        json!({
            "description": "The registries that can be reached, and no others.",
            "type": "array",
            "items": { "$ref": "#/$defs/registry" },
        }),
    );
    let mut schema = closed("The configuration of acr-gateway.", properties);
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        fields.insert("$defs".to_owned(), Value::Object(definitions));
    }
    format!("{schema:#}")
}

fn closed(doc: &str, properties: Map<String, Value>) -> Value {
    json!({ "description": doc, "type": "object", "additionalProperties": false, "properties": properties })
}

fn object<T>(settings: &[Setting<T>]) -> Map<String, Value> {
    settings.iter().map(|setting| (setting.name().to_owned(), property(setting))).collect()
}

fn property<T>(setting: &Setting<T>) -> Value {
    let text = match setting.choices {
        [] => json!({ "type": "string" }),
        choices => json!({ "type": "string", "enum": choices }),
    };
    let mut property = match setting.apply {
        Apply::Text(_) => text,
        Apply::Integer(_) => json!({ "type": "integer", "minimum": 0 }),
        Apply::Boolean(_) => json!({ "type": "boolean" }),
        Apply::List(_) => json!({ "type": "array", "items": text }),
    };
    if let Some(fields) = property.as_object_mut() {
        fields.insert("description".to_owned(), json!(setting.help()));
    }
    property
}

const HEAD: &str = "\
# Configuration of acr-gateway: `acr-gateway serve --config gateway.toml`.
#
# This file is printed by `acr-gateway example`. Every key is also a flag (`limits.upload_bytes` is `--limits-upload-bytes`) and an
# environment variable (`ACR_GATEWAY_LIMITS_UPLOAD_BYTES`). Flags win over variables, variables over this file. A key that is commented
# out shows its default, or an example where no default is mentioned or the default is described in words. `acr-gateway check
# --config gateway.toml` reports what is wrong and asks each registry whether it answers.
#:schema ./gateway.schema.json
";

/// The example file: every key with its documentation, and its default or an example.
#[must_use]
pub fn example() -> String {
    let defaults = Config::unchecked(Vec::new());
    let mut text = HEAD.to_owned();
    for table in gateway::tables() {
        if !table.name.is_empty() {
            text.push_str(&format!("\n{}[{}]\n", comment(table.doc), table.name));
        }
        for setting in &table.settings {
            if table.name.is_empty() {
                text.push('\n');
            }
            text.push_str(&entry(setting, setting.name(), &defaults));
        }
    }
    text.push_str("\n# One table for each registry. Nothing else can be reached.\n[[registries]]\n");
    for setting in registry::settings() {
        let entry = entry(&setting, setting.key, &defaults);
        // A registry needs its address; everything else can be left out.
        text.push_str(
            if setting.key == "url" { entry.as_str() } else { &entry }
                .replacen("# url = ", "url = ", 1)
                .as_str(),
        );
    }
    text
}

fn entry<T>(setting: &Setting<T>, key: &str, defaults: &Config) -> String {
    let (doc, value) = match &setting.default {
        Default::Value(of) => (setting.doc.to_owned(), of(defaults)),
        Default::Words(words) => (format!("{} Default: {words}.", setting.doc), setting.example.to_owned()),
        Default::Nothing => (setting.doc.to_owned(), setting.example.to_owned()),
    };
    format!("{}# {key} = {value}\n", comment(&doc))
}

/// Text as comment lines of at most 130 characters.
fn comment(text: &str) -> String {
    const WIDTH: usize = 130;
    let mut lines = String::new();
    let mut line = "#".to_owned();
    for word in text.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            "#".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    format!("{lines}{line}\n")
}
