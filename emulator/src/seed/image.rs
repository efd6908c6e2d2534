//! Images: a config and a manifest made from the steps of a build, in OCI's or Docker's form.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::layer::Layer;
use super::pusher::{PushError, Pushed, Pusher};
use crate::protocol::name::RepositoryName;
use crate::protocol::time::Time;
use crate::registry::media_type::{DOCKER_CONFIG, DOCKER_V2, OCI_CONFIG, OCI_MANIFEST};

/// Monday, 6 January 2025: what is built is built after it, so that digests are the same at every start.
const FIRST_BUILD: u64 = 1_736_150_400;
const DAY: u64 = 24 * 60 * 60;

/// Which form an image has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Oci,
    Docker,
}

/// What an image runs on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Platform {
    pub(super) os: &'static str,
    pub(super) architecture: &'static str,
    pub(super) variant: Option<&'static str>,
    pub(super) os_version: Option<&'static str>,
}

pub(super) const AMD64: Platform = linux("amd64", None);
pub(super) const ARM64: Platform = linux("arm64", Some("v8"));
pub(super) const ARMV7: Platform = linux("arm", Some("v7"));
pub(super) const WINDOWS: Platform =
    Platform { os: "windows", architecture: "amd64", variant: None, os_version: Some("10.0.20348.2700") };

const fn linux(architecture: &'static str, variant: Option<&'static str>) -> Platform {
    Platform { os: "linux", architecture, variant, os_version: None }
}

impl Platform {
    /// As an index says it.
    pub(super) fn to_json(self) -> Value {
        let mut platform = Map::new();
        let mut set = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                platform.insert(key.to_owned(), value.into());
            }
        };
        set("architecture", Some(self.architecture));
        set("os", Some(self.os));
        set("os.version", self.os_version);
        set("variant", self.variant);
        Value::Object(platform)
    }

    /// What makes the programs of one platform differ from another's.
    pub(super) fn salt(self) -> String {
        format!("{}/{}/{}", self.os, self.architecture, self.variant.unwrap_or_default())
    }
}

/// A step of a build, with the layer it made, if any.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) created_by: String,
    pub(super) layer: Option<Arc<Layer>>,
}

/// A step that made a layer.
pub(super) fn made(created_by: &str, layer: &Arc<Layer>) -> Step {
    Step { created_by: created_by.to_owned(), layer: Some(layer.clone()) }
}

/// A step that changed the config only.
pub(super) fn set(created_by: &str) -> Step {
    Step { created_by: created_by.to_owned(), layer: None }
}

/// An image to push.
pub(super) struct Image {
    pub(super) form: Form,
    pub(super) platform: Platform,
    /// Days after the first build.
    pub(super) built: u64,
    pub(super) steps: Vec<Step>,
    /// The config's `config`.
    pub(super) runtime: Value,
    pub(super) annotations: Value,
}

impl Image {
    /// An OCI image without annotations.
    pub(super) fn new(platform: Platform, built: u64, steps: Vec<Step>, runtime: Value) -> Self {
        Self { form: Form::Oci, platform, built, steps, runtime, annotations: Value::Null }
    }

    /// The image in Docker's form.
    pub(super) fn docker(mut self) -> Self {
        self.form = Form::Docker;
        self
    }

    /// Pushes layers, config and manifest.
    pub(super) fn push(
        &self,
        pusher: &mut Pusher<'_>,
        name: &RepositoryName,
        tags: &[&str],
    ) -> Result<Pushed, PushError> {
        let (media_type, config_type, layer_type) = match self.form {
            Form::Oci => (OCI_MANIFEST, OCI_CONFIG, "application/vnd.oci.image.layer.v1.tar+gzip"),
            Form::Docker => (DOCKER_V2, DOCKER_CONFIG, "application/vnd.docker.image.rootfs.diff.tar.gzip"),
        };
        let mut layers = Vec::new();
        for layer in self.layers() {
            pusher.layer(name, &layer.digest, &layer.bytes)?;
            layers
                .push(json!({ "mediaType": layer_type, "digest": layer.digest, "size": layer.bytes.len() }));
        }
        let config = Bytes::from(self.config().to_string());
        let config_digest = pusher.config(name, &config)?;
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type,
            "config": { "mediaType": config_type, "digest": config_digest, "size": config.len() },
            "layers": layers,
        });
        if let (Some(fields), true) = (manifest.as_object_mut(), self.annotations.is_object()) {
            fields.insert("annotations".to_owned(), self.annotations.clone());
        }
        pusher.manifest(name, tags, media_type, &manifest)
    }

    fn layers(&self) -> impl Iterator<Item = &Arc<Layer>> {
        self.steps.iter().filter_map(|step| step.layer.as_ref())
    }

    fn config(&self) -> Value {
        let created = built_at(self.built);
        let history = self.steps.iter().map(|step| {
            let mut entry = json!({ "created": created, "created_by": step.created_by, "comment": "buildkit.dockerfile.v0" });
            if let (Some(entry), None) = (entry.as_object_mut(), &step.layer) {
                entry.insert("empty_layer".to_owned(), true.into());
            }
            entry
        });
        let diff_ids: Vec<_> = self.layers().map(|layer| layer.diff_id.as_str()).collect();
        let mut config = json!({
            "created": created,
            "config": self.runtime,
            "history": history.collect::<Vec<_>>(),
            "rootfs": { "type": "layers", "diff_ids": diff_ids },
        });
        if let (Some(fields), Value::Object(platform)) = (config.as_object_mut(), self.platform.to_json()) {
            fields.extend(platform);
        }
        config
    }
}

/// When something was built, so many days after the first build.
pub(super) fn built_at(days: u64) -> String {
    Time::from_unix_seconds(FIRST_BUILD + days * DAY + days.wrapping_mul(3_571) % 36_000).to_string()
}
