//! Images whose history, config or layers few tools expect.

use bytes::Bytes;
use serde_json::json;

use crate::registry::media_type::{DOCKER_V2, OCI_CONFIG, OCI_MANIFEST};
use crate::seed::base::{application, root};
use crate::seed::demo::foundations::PATH;
use crate::seed::image::{AMD64, Image, WINDOWS, made, set};
use crate::seed::pusher::{PushError, Pusher, repository};
use crate::seed::schema_1;

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    shell_history(pusher)?;
    windows_history(pusher)?;
    foreign_layer(pusher)?;
    untyped_configs(pusher)?;
    schema_1::signed(pusher, &repository("tests/signed-schema-1")?, "v1").map(drop)
}

/// Steps as BuildKit writes them: build arguments, another shell, several lines.
fn shell_history(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/buildkit-history")?;
    let app = application(AMD64, "made", "22.11.0", 20_000)?;
    let steps = vec![
        made("ADD rootfs.tar.gz / # buildkit", &root(AMD64)?),
        set("ARG VERSION=22.11.0"),
        made("RUN |1 VERSION=22.11.0 /bin/sh -c make install # buildkit", &app),
        set("SHELL [/bin/bash -o pipefail -c]"),
        made(
            "RUN /bin/bash -o pipefail -c curl -fsSL https://example.org/tool | tar -x # buildkit",
            &application(AMD64, "tool", "1", 12_000)?,
        ),
        made(
            "RUN /bin/bash -o pipefail -c set -eux\necho one > /etc/one\necho two > /etc/two\n # buildkit",
            &application(AMD64, "lines", "1", 4_000)?,
        ),
        set(
            "HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f http://localhost/ || exit 1\"] \"30s\" \"3s\" \"0s\" \"0s\" '\\x00'}",
        ),
        set("EXPOSE map[8080/tcp:{}]"),
    ];
    Image::new(AMD64, 180, steps, json!({ "Env": [PATH], "Shell": ["/bin/bash", "-o", "pipefail", "-c"] }))
        .push(pusher, &name, &["1"])
        .map(drop)
}

/// A Windows image: cmd and PowerShell, and no root.
fn windows_history(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/windows")?;
    let steps = vec![
        made("Apply image 10.0.20348.2700", &root(WINDOWS)?),
        set("cmd /S /C #(nop)  SHELL [powershell -Command $ErrorActionPreference = 'Stop';]"),
        set("cmd /S /C #(nop)  ENV APP_VERSION=4.8.1"),
        made(
            "powershell -Command $ErrorActionPreference = 'Stop'; Invoke-WebRequest -OutFile setup.exe https://example.org/setup.exe",
            &application(WINDOWS, "setup.exe", "4.8.1", 30_000)?,
        ),
        set("cmd /S /C #(nop)  CMD [\"c:\\\\app\\\\run.exe\"]"),
    ];
    Image::new(WINDOWS, 170, steps, json!({ "Cmd": ["c:\\app\\run.exe"], "Env": ["APP_VERSION=4.8.1"] }))
        .docker()
        .push(pusher, &name, &["4.8.1"])
        .map(drop)
}

/// A layer that is stored elsewhere, as those of old Windows base images.
fn foreign_layer(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/foreign-layer")?;
    let own = application(WINDOWS, "own.exe", "1", 9_000)?;
    pusher.layer(&name, &own.digest, &own.bytes)?;
    let elsewhere = root(WINDOWS)?;
    let config = json!({ "architecture": "amd64", "os": "windows", "config": {}, "rootfs": { "type": "layers", "diff_ids": [elsewhere.diff_id, own.diff_id] } });
    let config = Bytes::from(config.to_string());
    let config_digest = pusher.config(&name, &config)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": { "mediaType": OCI_CONFIG, "digest": config_digest, "size": config.len() },
        "layers": [
            {
                "mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                "digest": elsewhere.digest,
                "size": elsewhere.bytes.len(),
                "urls": ["https://mcr.microsoft.com/v2/windows/blobs/base"],
            },
            { "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": own.digest, "size": own.bytes.len() },
        ],
    });
    pusher.manifest(&name, &["ltsc2022"], OCI_MANIFEST, &manifest).map(drop)
}

/// Images as Docker 1.10 and broken proxies left them: the config's type is none of an image's.
fn untyped_configs(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/config-types")?;
    let layer = root(AMD64)?;
    pusher.layer(&name, &layer.digest, &layer.bytes)?;
    let config = json!({
        "architecture": "amd64",
        "os": "linux",
        "created": "2016-03-01T10:00:00Z",
        "config": { "Cmd": ["sh"], "Env": [PATH] },
        "history": [{ "created": "2016-03-01T10:00:00Z", "created_by": "/bin/sh -c #(nop) ADD file:rootfs in / " }],
        "rootfs": { "type": "layers", "diff_ids": [layer.diff_id] },
    });
    let config = Bytes::from(config.to_string());
    let config_digest = pusher.blob(&name, &config)?;
    for (tag, config_type) in
        [("octet-stream", "application/octet-stream"), ("html", "text/html"), ("none", "")]
    {
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": DOCKER_V2,
            "config": { "mediaType": config_type, "digest": config_digest, "size": config.len() },
            "layers": [{
                "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                "digest": layer.digest,
                "size": layer.bytes.len(),
            }],
        });
        pusher.manifest(&name, &[tag], DOCKER_V2, &manifest)?;
    }
    Ok(())
}
