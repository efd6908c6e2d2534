//! Images of Docker's first schema, as clients pushed them until 2016: unsigned, and signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::index::with;
use super::layer::{folder, layer, program, text};
use super::pusher::{PushError, Pushed, Pusher};
use crate::protocol::name::RepositoryName;
use crate::registry::media_type::{DOCKER_V1, DOCKER_V1_SIGNED};
use crate::registry::schema_1::EMPTY_LAYER_BYTES;

/// Pushes an unsigned image of two layers.
pub(super) fn unsigned(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    tag: &str,
) -> Result<Pushed, PushError> {
    let manifest = document(pusher, name, tag, false)?;
    pusher.manifest(name, &[tag], DOCKER_V1, &manifest)
}

/// Pushes a signed image, one of whose steps has no layer. Its digest is that of the payload which the signature is of.
pub(super) fn signed(pusher: &mut Pusher<'_>, name: &RepositoryName, tag: &str) -> Result<Pushed, PushError> {
    let payload = serde_json::to_string_pretty(&document(pusher, name, tag, true)?)
        .map_err(|error| PushError::other(error.to_string()))?;
    let tail = "\n}";
    let start = payload.strip_suffix(tail).unwrap_or(&payload);
    let protected = json!({ "formatLength": start.len(), "formatTail": URL_SAFE_NO_PAD.encode(tail), "time": "2016-02-11T18:02:35Z" });
    let signature = json!({
        "header": { "jwk": { "crv": "P-256", "kid": "CONT:OSO0", "kty": "EC", "x": "AA", "y": "AA" }, "alg": "ES256" },
        "signature": "AAAA",
        "protected": URL_SAFE_NO_PAD.encode(protected.to_string()),
    });
    let document = Bytes::from(format!("{start},\n  \"signatures\": [{signature}]{tail}"));
    pusher.manifest_bytes(name, &[tag], DOCKER_V1_SIGNED, &document)
}

/// The manifest, after its layers are pushed.
fn document(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    tag: &str,
    with_empty_step: bool,
) -> Result<Value, PushError> {
    let root = layer(
        "v1",
        &[folder("bin"), program("bin/busybox", 60_000), text("etc/issue", "Debian GNU/Linux 7\n")],
    )?;
    let app = layer("v1", &[folder("var/www"), text("var/www/index.php", "<?php phpinfo();\n")])?;
    let mut layers = Vec::new();
    for layer in [&app, &root] {
        pusher.layer(name, &layer.digest, &layer.bytes)?;
        layers.push(json!({ "blobSum": layer.digest }));
    }
    let newest = json!({
        "architecture": "amd64",
        "os": "linux",
        "id": app.digest.hex(),
        "parent": root.digest.hex(),
        "created": "2016-02-11T18:02:34.417398Z",
        "docker_version": "1.9.1",
        "config": { "Cmd": ["apache2-foreground"], "ExposedPorts": { "80/tcp": {} }, "Env": ["PHP_VERSION=5.6.18"] },
        "container_config": { "Cmd": ["/bin/sh", "-c", "#(nop) CMD [\"apache2-foreground\"]"] },
    });
    let oldest = json!({
        "id": root.digest.hex(),
        "created": "2016-01-25T22:25:15.013Z",
        "container_config": { "Cmd": ["/bin/sh", "-c", "#(nop) ADD file:wheezy in /"] },
    });
    let mut history = vec![newest, oldest];
    if with_empty_step {
        let empty = pusher.blob(name, &Bytes::from_static(&EMPTY_LAYER_BYTES))?;
        if let Some(newest) = history.first_mut() {
            *newest = with(newest.take(), "parent", empty.hex().into());
        }
        layers.insert(1, json!({ "blobSum": empty }));
        let step = json!({
            "id": empty.hex(),
            "parent": root.digest.hex(),
            "created": "2016-02-11T18:02:33.1Z",
            "container_config": { "Cmd": ["/bin/sh", "-c", "#(nop) ENV PHP_VERSION=5.6.18"] },
            "throwaway": true,
        });
        history.insert(1, step);
    }
    let history: Vec<Value> =
        history.iter().map(|step| json!({ "v1Compatibility": step.to_string() })).collect();
    Ok(json!({
        "schemaVersion": 1,
        "name": name.as_str(),
        "tag": tag,
        "architecture": "amd64",
        "fsLayers": layers,
        "history": history,
    }))
}
