//! Indexes: OCI's and Docker's, with BuildKit's attestations next to the images they describe.

use bytes::Bytes;
use serde_json::{Value, json};

use super::image::{Form, Image, Platform, built_at};
use super::packages;
use super::pusher::{PushError, Pushed, Pusher};
use crate::protocol::name::{Digest, RepositoryName};
use crate::registry::media_type::{DOCKER_LIST, OCI_CONFIG, OCI_INDEX, OCI_MANIFEST};

/// An index to push.
pub(super) struct Index {
    pub(super) form: Form,
    pub(super) images: Vec<Image>,
    /// Whether each Linux image comes with provenance and an SBOM, as BuildKit makes them.
    pub(super) attested: bool,
    pub(super) annotations: Value,
}

impl Index {
    /// An OCI index.
    pub(super) fn new(images: Vec<Image>) -> Self {
        Self { form: Form::Oci, images, attested: false, annotations: Value::Null }
    }

    /// Pushes the images, then the index.
    pub(super) fn push(
        &self,
        pusher: &mut Pusher<'_>,
        name: &RepositoryName,
        tags: &[&str],
    ) -> Result<Pushed, PushError> {
        let mut entries = Vec::new();
        let mut attestations = Vec::new();
        for image in &self.images {
            let pushed = image.push(pusher, name, &[])?;
            entries.push(with(pushed.descriptor(), "platform", image.platform.to_json()));
            if self.attested && image.platform.os == "linux" {
                attestations.push(attest(pusher, name, image, &pushed)?);
            }
        }
        entries.extend(attestations);
        let media_type = if self.form == Form::Oci { OCI_INDEX } else { DOCKER_LIST };
        let mut index = json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": entries });
        if self.annotations.is_object() {
            index = with(index, "annotations", self.annotations.clone());
        }
        pusher.manifest(name, tags, media_type, &index)
    }
}

/// The same image for several platforms.
pub(super) fn for_platforms(
    platforms: &[Platform],
    mut image: impl FnMut(Platform) -> Result<Image, PushError>,
) -> Result<Vec<Image>, PushError> {
    platforms.iter().map(|platform| image(*platform)).collect()
}

/// BuildKit's attestation manifest: an image of platform unknown/unknown whose layers are in-toto statements.
fn attest(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    image: &Image,
    about: &Pushed,
) -> Result<Value, PushError> {
    let subject =
        json!([{ "name": format!("pkg:docker/{name}"), "digest": { "sha256": about.digest.hex() } }]);
    let provenance = provenance(name, image, about, &subject);
    let sbom = json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": "https://spdx.dev/Document",
        "subject": subject,
        "predicate": packages::spdx_document(name.as_str()),
    });
    let mut layers = Vec::new();
    let mut digests = Vec::new();
    for statement in [provenance, sbom] {
        let bytes = Bytes::from(statement.to_string());
        let digest = pusher.blob(name, &bytes)?;
        let predicate = statement.get("predicateType").cloned().unwrap_or_default();
        let layer =
            json!({ "mediaType": "application/vnd.in-toto+json", "digest": digest, "size": bytes.len() });
        layers.push(with(layer, "annotations", json!({ "in-toto.io/predicate-type": predicate })));
        digests.push(digest);
    }
    let config = json!({
        "architecture": "unknown",
        "os": "unknown",
        "config": {},
        "rootfs": { "type": "layers", "diff_ids": digests },
    });
    let config = Bytes::from(config.to_string());
    let config_digest = pusher.config(name, &config)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": { "mediaType": OCI_CONFIG, "digest": config_digest, "size": config.len() },
        "layers": layers,
    });
    let pushed = pusher.manifest(name, &[], OCI_MANIFEST, &manifest)?;
    let entry = with(pushed.descriptor(), "platform", json!({ "architecture": "unknown", "os": "unknown" }));
    let annotations = json!({ "vnd.docker.reference.digest": about.digest, "vnd.docker.reference.type": "attestation-manifest" });
    Ok(with(entry, "annotations", annotations))
}

/// The provenance that BuildKit writes.
fn provenance(name: &RepositoryName, image: &Image, about: &Pushed, subject: &Value) -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": "https://slsa.dev/provenance/v0.2",
        "subject": subject,
        "predicate": {
            "builder": { "id": "https://ci.contoso.example/builders/1" },
            "buildType": "https://mobyproject.org/buildkit@v1",
            "invocation": {
                "configSource": {
                    "uri": format!("https://github.com/contoso/{name}.git#refs/heads/main"),
                    "digest": { "sha1": "8c1f0e2d9b7a4c5e6f7081920a1b2c3d4e5f6071" },
                    "entryPoint": "Dockerfile",
                },
                "parameters": { "frontend": "dockerfile.v0" },
                "environment": { "platform": image.platform.salt() },
            },
            "materials": [{
                "uri": "pkg:docker/demo.azurecr.io/base/debian@12",
                "digest": { "sha256": Digest::of(image.platform.salt().as_bytes()).hex() },
            }],
            "metadata": {
                "buildInvocationId": about.digest.hex().get(..24),
                "buildFinishedOn": built_at(image.built),
                "completeness": { "parameters": true, "environment": true, "materials": false },
                "reproducible": false,
            },
        },
    })
}

/// An object with one more field.
pub(super) fn with(mut object: Value, key: &str, value: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
    object
}
