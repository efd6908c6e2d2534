//! Layers of images, made here: small archives whose content a journey goes by.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A gzip-compressed tar archive of these paths and contents.
pub fn layer(files: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(encoder);
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_700_000_000);
        builder.append_data(&mut header, path, *content)?;
    }
    let mut encoder = builder.into_inner()?;
    encoder.flush()?;
    Ok(encoder.finish()?)
}

/// A gzip-compressed tar archive of what these Debian packages have installed on this machine, with their entries in dpkg's database.
pub fn debian(packages: &[&str]) -> Result<Vec<u8>> {
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(encoder);
    builder.follow_symlinks(false);
    for line in dpkg_query("--listfiles", packages)?.lines() {
        let path = Path::new(line);
        let inside = path.strip_prefix("/").unwrap_or(path);
        // What was not installed, such as documentation on a small system, is listed all the same.
        if !inside.as_os_str().is_empty() && line != "/." && path.symlink_metadata().is_ok() {
            builder.append_path_with_name(path, inside).with_context(|| format!("cannot archive {line}"))?;
        }
    }
    let status = dpkg_query("--status", packages)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(status.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, "var/lib/dpkg/status", status.as_bytes())?;
    Ok(builder.into_inner()?.finish()?)
}

/// What `dpkg-query` prints about packages.
pub fn dpkg_query(question: &str, packages: &[&str]) -> Result<String> {
    let output = Command::new("dpkg-query").arg(question).args(packages).output();
    let output = output.context("this needs the packages of a Debian system")?;
    ensure!(output.status.success(), "dpkg-query {question} failed");
    Ok(String::from_utf8(output.stdout)?)
}
