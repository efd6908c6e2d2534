//! A certificate made on the spot for this machine, for services that speak TLS.

use std::path::Path;

use anyhow::{Context, Result};
use rcgen::generate_simple_self_signed;
use tempfile::TempDir;

const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// A self-signed certificate and its key, as PEM files that go when this is dropped.
pub struct Certificate {
    _folder: TempDir,
    path: String,
    key_path: String,
}

impl Certificate {
    /// A certificate for `localhost` and `127.0.0.1`.
    pub fn for_loopback() -> Result<Self> {
        Self::for_names(&["localhost", "127.0.0.1"])
    }

    /// A certificate for these names.
    pub fn for_names(names: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = generate_simple_self_signed(names)?;
        let path = utf8(&folder.path().join(CERTIFICATE))?;
        let key_path = utf8(&folder.path().join(KEY))?;
        std::fs::write(&path, made.cert.pem())?;
        std::fs::write(&key_path, made.signing_key.serialize_pem())?;
        Ok(Self { _folder: folder, path, key_path })
    }

    /// The certificate's file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The key's file.
    pub fn key_path(&self) -> &str {
        &self.key_path
    }
}

fn utf8(path: &Path) -> Result<String> {
    let text = path.to_str().context("the folder for temporary files has a name that is not UTF-8")?;
    Ok(text.to_owned())
}
