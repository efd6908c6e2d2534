//! The layers that the images of the demo are built on, one set a platform, made once.

use std::sync::Arc;

use super::image::Platform;
use super::layer::{File, Layer, folder, layer, link, program, text};
use super::pusher::PushError;

impl From<std::io::Error> for PushError {
    fn from(error: std::io::Error) -> Self {
        Self::other(error.to_string())
    }
}

/// A small root file system.
pub(super) fn root(platform: Platform) -> Result<Arc<Layer>, PushError> {
    if platform.os == "windows" {
        return Ok(layer(
            &platform.salt(),
            &[
                folder("Files/Windows/System32"),
                program("Files/Windows/System32/cmd.exe", 180_000),
                program("Files/Windows/System32/kernel32.dll", 240_000),
                text("Files/License.txt", "MICROSOFT SOFTWARE LICENSE TERMS (not really)\n"),
            ],
        )?);
    }
    Ok(layer(
        &platform.salt(),
        &[
            folder("bin"),
            program("bin/busybox", 190_000),
            link("bin/sh", "busybox"),
            folder("etc"),
            text(
                "etc/os-release",
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n",
            ),
            text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1654:1654::/home/app:/bin/sh\n"),
            folder("lib"),
            program("lib/libc.so.6", 160_000),
            program("lib/libssl.so.3", 70_000),
            folder("tmp"),
        ],
    )?)
}

/// What an application adds to its base.
pub(super) fn application(
    platform: Platform,
    name: &str,
    version: &str,
    size: usize,
) -> Result<Arc<Layer>, PushError> {
    let prefix = if platform.os == "windows" { "Files/app" } else { "app" };
    let salt = format!("{}/{name}/{version}", platform.salt());
    let files: [File; 3] = [
        folder(prefix),
        program(&format!("{prefix}/{name}"), size),
        text(&format!("{prefix}/VERSION"), format!("{name} {version}\n")),
    ];
    Ok(layer(&salt, &files)?)
}

/// A layer of settings.
pub(super) fn settings(name: &str, content: &str) -> Result<Arc<Layer>, PushError> {
    Ok(layer(name, &[folder("etc/contoso"), text(&format!("etc/contoso/{name}.json"), content)])?)
}
