//! `samples/hello-world`: an index for four platforms, attested, signed and with an SBOM, and what it replaced.

use serde_json::json;

use crate::protocol::name::RepositoryName;
use crate::seed::base::{application, root};
use crate::seed::evidence::{sbom_referrer, signature_by_tag, signature_referrer};
use crate::seed::image::{AMD64, ARM64, ARMV7, Image, Platform, WINDOWS, made, set};
use crate::seed::index::{Index, for_platforms};
use crate::seed::pusher::{PushError, Pushed, Pusher, repository};

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("samples/hello-world")?;
    pusher.days_ago(212);
    push(pusher, &name, "1.0.0", 20, &["v1.0.0"])?;
    pusher.days_ago(118);
    // Replaced later under its only tag: its manifests stay, untagged.
    push(pusher, &name, "1.1.0-rc.1", 90, &["latest"])?;
    pusher.days_ago(74);
    push(pusher, &name, "1.1.0", 140, &["v1.1.0", "latest"])?;
    pusher.days_ago(9);
    let newest = push(pusher, &name, "1.2.0", 200, &["v1.2.0", "v1.2", "v1", "latest"])?;
    signature_by_tag(pusher, &name, &newest)?;
    signature_referrer(pusher, &name, &newest)?;
    sbom_referrer(pusher, &name, &newest)?;
    Ok(())
}

fn push(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    version: &str,
    built: u64,
    tags: &[&str],
) -> Result<Pushed, PushError> {
    let images = for_platforms(&[AMD64, ARM64, ARMV7, WINDOWS], |platform| image(platform, version, built))?;
    let annotations = json!({
        "org.opencontainers.image.title": "Hello World",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.source": "https://github.com/contoso/hello-world",
        "org.opencontainers.image.licenses": "MIT",
    });
    Index { attested: true, annotations, ..Index::new(images) }.push(pusher, name, tags)
}

fn image(platform: Platform, version: &str, built: u64) -> Result<Image, PushError> {
    let program = if platform.os == "windows" { "hello.exe" } else { "hello" };
    let app = application(platform, program, version, 48_000)?;
    let steps = vec![
        made("ADD rootfs.tar.gz / # buildkit", &root(platform)?),
        made(&format!("COPY {program} /app/{program} # buildkit"), &app),
        set(&format!("CMD [\"/app/{program}\"]")),
    ];
    let runtime = json!({
        "Cmd": [format!("/app/{program}")],
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        "WorkingDir": "/",
    });
    Ok(Image::new(platform, built, steps, runtime))
}
