//! Size: many repositories, or many tags, of images as small as can be.

use bytes::Bytes;
use serde_json::json;

use super::pusher::{PushError, Pusher, repository};
use crate::config::Scale;
use crate::registry::media_type::{OCI_CONFIG, OCI_MANIFEST};

const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Pushes what `scale` asks for.
pub(super) fn fill(pusher: &mut Pusher<'_>, scale: Scale) -> Result<(), PushError> {
    for number in 1..=scale.repositories {
        pusher.days_ago(u64::from(number % 360));
        // All of the same image, which the registry holds once.
        push(pusher, &format!("scale/repository-{number:06}"), "latest", "the same in all")?;
    }
    for number in 1..=scale.tags {
        if number % 1_000 == 1 {
            pusher.days_ago(u64::from(360_u32.saturating_sub(number / 1_000)));
        }
        push(pusher, "scale/tags", &format!("build-{number:06}"), &number.to_string())?;
    }
    Ok(())
}

fn push(pusher: &mut Pusher<'_>, name: &str, tag: &str, build: &str) -> Result<(), PushError> {
    let name = repository(name)?;
    let config = Bytes::from_static(
        br#"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}"#,
    );
    let layer = Bytes::from_static(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0");
    let config_digest = pusher.config(&name, &config)?;
    let layer_digest = pusher.blob(&name, &layer)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": { "mediaType": OCI_CONFIG, "digest": config_digest, "size": config.len() },
        "layers": [{ "mediaType": LAYER, "digest": layer_digest, "size": layer.len() }],
        "annotations": { "com.contoso.build": build },
    });
    pusher.manifest(&name, &[tag], OCI_MANIFEST, &manifest)?;
    Ok(())
}
