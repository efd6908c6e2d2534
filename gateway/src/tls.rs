//! The gateway's own certificate: reading it and offering it. rustls alone.

use std::fmt::Display;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::{ConfigError, TlsFiles};

/// An acceptor for the certificate, offering HTTP/2 and HTTP/1.1.
pub(crate) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, ConfigError> {
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
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
