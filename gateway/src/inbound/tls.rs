//! The gateway's own certificate: reading it, offering it, and reading it anew once it has been renewed. rustls alone.

use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::{ConfigError, TlsFiles};

/// How often to check whether the files have changed, when a client connects.
const LOOK: Duration = Duration::from_secs(30);

/// The certificate that is offered, as long as its files say so.
pub(crate) struct Certificate {
    files: TlsFiles,
    every: Duration,
    held: Mutex<Held>,
}

struct Held {
    config: Arc<ServerConfig>,
    /// The same without HTTP/2.
    http1: Arc<ServerConfig>,
    written: [Option<SystemTime>; 2],
    looked: Instant,
}

impl Certificate {
    /// Reads the certificate.
    ///
    /// # Errors
    /// Files that cannot be used.
    pub(crate) fn read(files: &TlsFiles) -> Result<Self, ConfigError> {
        Self::looking_every(LOOK, files)
    }

    fn looking_every(every: Duration, files: &TlsFiles) -> Result<Self, ConfigError> {
        let (written, looked) = (written(files), Instant::now());
        let (config, http1) = server_configs(files)?;
        let held = Mutex::new(Held { config, http1, written, looked });
        Ok(Self { files: files.clone(), every, held })
    }

    /// An acceptor for the next connection, which may offer HTTP/2.
    pub(crate) fn acceptor(&self, http2: bool) -> TlsAcceptor {
        // Nothing in between leaves it half-changed.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.looked.elapsed() >= self.every {
            held.looked = Instant::now();
            let written = written(&self.files);
            if written != held.written {
                match server_configs(&self.files) {
                    Ok((config, http1)) => {
                        tracing::info!("the certificate was read anew");
                        (held.config, held.http1, held.written) = (config, http1, written);
                    }
                    // One of the two may not have been written yet.
                    Err(error) => tracing::error!(%error, "the former certificate stays in use"),
                }
            }
        }
        TlsAcceptor::from(Arc::clone(if http2 { &held.config } else { &held.http1 }))
    }
}

/// When the files were last written, as far as the system says.
fn written(files: &TlsFiles) -> [Option<SystemTime>; 2] {
    [&files.certificate, &files.key].map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok())
}

/// What offers the certificate: with HTTP/2 and HTTP/1.1, and with HTTP/1.1 alone.
fn server_configs(files: &TlsFiles) -> Result<(Arc<ServerConfig>, Arc<ServerConfig>), ConfigError> {
    let certificate = |error: &dyn Display| {
        let shown = files.certificate.display();
        ConfigError::new(
            "tls.certificate",
            format!("cannot use {shown}: {error}; name a PEM file of the chain, leaf first"),
        )
    };
    let key = |error: &dyn Display| {
        ConfigError::new(
            "tls.key",
            format!("cannot use {}: {error}; name a PEM file of the key", files.key.display()),
        )
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.certificate)
        .map_err(|error| certificate(&error))?
        .collect::<Result<_, _>>()
        .map_err(|error| certificate(&error))?;
    if chain.is_empty() {
        return Err(certificate(&"it holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| key(&error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| certificate(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| key(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let http1 = Arc::new(config.clone());
    config.alpn_protocols.insert(0, b"h2".to_vec());
    Ok((Arc::new(config), http1))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Writes a certificate of its own, as old as is said.
    fn write(folder: &Path, seconds: u64) -> TlsFiles {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let files = TlsFiles { certificate: folder.join("tls.crt"), key: folder.join("tls.key") };
        for (path, text) in
            [(&files.certificate, made.cert.pem()), (&files.key, made.signing_key.serialize_pem())]
        {
            std::fs::write(path, text).unwrap();
            let file = std::fs::File::options().append(true).open(path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
        }
        files
    }

    #[test]
    fn a_renewed_certificate_is_offered_without_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let certificate = Certificate::looking_every(Duration::ZERO, &write(folder.path(), 1)).unwrap();
        let offered = || Arc::clone(certificate.acceptor(true).config());
        let first = offered();
        assert!(Arc::ptr_eq(&first, &offered()), "nothing has changed");
        write(folder.path(), 2);
        let second = offered();
        assert!(!Arc::ptr_eq(&first, &second));
        // A renewal that is half done.
        std::fs::write(folder.path().join("tls.key"), "nothing").unwrap();
        assert!(Arc::ptr_eq(&second, &offered()));
    }

    #[test]
    fn the_files_are_not_looked_at_for_every_connection() {
        let folder = tempfile::tempdir().unwrap();
        let certificate = Certificate::read(&write(folder.path(), 1)).unwrap();
        let first = Arc::clone(certificate.acceptor(true).config());
        write(folder.path(), 2);
        assert!(Arc::ptr_eq(&first, certificate.acceptor(true).config()));
    }
}
