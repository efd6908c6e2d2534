//! TLS on both sides: the gateway's own certificate, and registries with a private authority.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use acr_gateway::config::TlsFiles;
use acr_gateway::{Gateway, Server};
use axum::body::Body;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::support::{assets, config, gateway, get};

/// A certificate for localhost that is its own authority.
pub fn certificate(folder: &Path) -> TlsFiles {
    certificate_for(folder, &["localhost", "127.0.0.1"])
}

/// A certificate for these names that is its own authority.
pub fn certificate_for(folder: &Path, names: &[&str]) -> TlsFiles {
    let key = rcgen::KeyPair::generate().unwrap();
    let names = names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let certificate = rcgen::CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    let files = TlsFiles { certificate: folder.join("tls.crt"), key: folder.join("tls.key") };
    std::fs::write(&files.certificate, certificate.pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    files
}

/// An acceptor with the certificate of these files.
pub fn acceptor(files: &TlsFiles) -> tokio_rustls::TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_file(&files.certificate).unwrap()];
    let key = rustls::pki_types::PrivateKeyDer::from_pem_file(&files.key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    tokio_rustls::TlsAcceptor::from(Arc::new(server))
}

#[tokio::test]
async fn the_gateway_serves_https_over_http_1_and_2_with_its_own_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config("http://127.0.0.1:1");
    let files = certificate(folder.path());
    config.tls = Some(files.clone());
    let server = gateway(config).await;
    assert!(server.url().starts_with("https://"));
    for (version, http2) in [(http::Version::HTTP_2, true), (http::Version::HTTP_11, false)] {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(&files.certificate).unwrap()).unwrap();
        let tls =
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        let builder = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls).https_only();
        let connector = if http2 { builder.enable_http2().build() } else { builder.enable_http1().build() };
        let client = Client::builder(TokioExecutor::new()).build::<_, Body>(connector);
        let uri = format!("https://localhost:{}/config.json", server.address().port()).parse().unwrap();
        let answer = client.get(uri).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.version()), (200, version));
        assert!(!answer.into_body().collect().await.unwrap().to_bytes().is_empty());
    }
}

#[tokio::test]
async fn a_registry_with_a_private_authority_is_reached_once_the_authority_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificate(folder.path());
    let mut upstream = config("http://127.0.0.1:1");
    upstream.tls = Some(files.clone());
    let upstream = gateway(upstream).await;
    let url = format!("https://127.0.0.1:{}", upstream.address().port());
    let mut trusting = config(&url);
    trusting.ca_file = Some(files.certificate);
    let server = gateway(trusting).await;
    // The upstream is a gateway too, which has no /v2/ of its own at its root but answers.
    assert_eq!(get(&server, "/registries/demo/v2/").await.status, 200);
    let server = gateway(config(&url)).await;
    let answer = get(&server, "/registries/demo/v2/").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_UPSTREAM_TLS"));
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_named_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificate(folder.path());
    let nothing = folder.path().join("empty.pem");
    std::fs::write(&nothing, "nothing").unwrap();
    for (certificate, key, named) in [
        (PathBuf::from("/nowhere.crt"), files.key.clone(), "/nowhere.crt"),
        (nothing.clone(), files.key.clone(), "empty.pem"),
        (files.certificate.clone(), nothing.clone(), "empty.pem"),
    ] {
        let mut config = config("http://127.0.0.1:1");
        config.tls = Some(TlsFiles { certificate, key });
        let error =
            Server::bind(Gateway::with_assets(config, assets()).unwrap()).await.err().unwrap().to_string();
        assert!(error.contains(named), "{error}");
    }
    let mut config = config("http://127.0.0.1:1");
    config.ca_file = Some(nothing);
    assert!(
        Gateway::with_assets(config, assets()).err().unwrap().to_string().contains("holds no certificate")
    );
}
