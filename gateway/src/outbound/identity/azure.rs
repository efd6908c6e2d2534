//! Entra tokens for managed and workload identities, through `azure_identity`, over the gateway's own HTTP client.
//!
//! So there is one TLS stack, one set of trusted authorities and one set of time limits for everything the gateway sends.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body as HttpBody;
use azure_core::credentials::TokenCredential;
use azure_core::error::{Error, ErrorKind, Result};
use azure_core::http::headers::{HeaderName, HeaderValue, Headers};
use azure_core::http::{AsyncRawResponse, Body, ClientOptions, HttpClient, Request, Transport};
use azure_identity::{
    ClientAssertionCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use http_body_util::{BodyExt, Limited};

use crate::config::{IdentityConfig, Secret};
use crate::outbound::upstream::UpstreamClient;

/// The library repeats by itself, for longer than a page waits.
const PATIENCE: Duration = Duration::from_secs(30);

/// A token answer of Entra is a few KiB; more is not read.
const ANSWER_BYTES: usize = 256 << 10;

/// Where Entra tokens come from; nowhere for identities that need none.
pub(super) struct Source {
    credential: Option<Arc<dyn TokenCredential>>,
    /// What the tokens are to be for: an audience with `/.default`.
    scope: String,
}

impl Source {
    /// Sets up the credential; what it says when it cannot be is the environment's fault, and names no secret.
    pub(super) fn new(
        config: &IdentityConfig,
        scope: &str,
        client: &UpstreamClient,
    ) -> std::result::Result<Self, String> {
        Self::over(config, scope, Arc::new(HyperAdapter(client.clone())))
    }

    fn over(
        config: &IdentityConfig,
        scope: &str,
        client: Arc<dyn HttpClient>,
    ) -> std::result::Result<Self, String> {
        let scope = scope.to_owned();
        let client_options =
            || ClientOptions { transport: Some(Transport::new(Arc::clone(&client))), ..Default::default() };
        let credential: Result<Arc<dyn TokenCredential>> = match config {
            IdentityConfig::Managed { client_id } => {
                ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
                    user_assigned_id: client_id.clone().map(UserAssignedId::ClientId),
                    client_options: client_options(),
                }))
                .map(|credential| credential as _)
            }
            IdentityConfig::Workload { client_id, tenant_id } => {
                WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
                    credential_options: ClientAssertionCredentialOptions { client_options: client_options() },
                    client_id: client_id.clone(),
                    tenant_id: tenant_id.clone(),
                    ..Default::default()
                }))
                .map(|credential| credential as _)
            }
            _ => return Ok(Self { credential: None, scope }),
        };
        credential.map(|credential| Self { credential: Some(credential), scope }).map_err(|error| {
            format!("the identity is not available here: {error}; check the pod's or the machine's identity settings")
        })
    }

    /// What the tokens are requested for.
    pub(super) fn scope(&self) -> &str {
        &self.scope
    }

    /// A token for the registry service.
    pub(super) async fn entra_token(&self) -> std::result::Result<Secret, String> {
        let Some(credential) = &self.credential else {
            return Err("this identity has no Entra token".to_owned());
        };
        let scope = &self.scope;
        let token = tokio::time::timeout(PATIENCE, credential.get_token(&[scope], None))
            .await
            .map_err(|_| format!("Entra issued no token for {scope} within {} s", PATIENCE.as_secs()))?
            .map_err(|error| {
                format!("Entra issued no token for {scope}: {error}; entra.scope sets another audience")
            })?;
        Ok(Secret::new(token.token.secret()))
    }
}

/// The gateway's client as `azure_core` wants one.
struct HyperAdapter(UpstreamClient);

impl fmt::Debug for HyperAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the gateway's client")
    }
}

#[async_trait::async_trait]
impl HttpClient for HyperAdapter {
    async fn execute_request(&self, request: &Request) -> Result<AsyncRawResponse> {
        let mut builder =
            http::Request::builder().method(request.method().as_str()).uri(request.url().as_str());
        for (name, value) in request.headers().iter() {
            builder = builder.header(name.as_str(), value.as_str());
        }
        let body = match request.body() {
            Body::Bytes(bytes) => HttpBody::from(bytes.clone()),
            _ => return Err(Error::with_message(ErrorKind::Other, "a token request has no streamed body")),
        };
        let request = builder.body(body).map_err(|error| Error::new(ErrorKind::DataConversion, error))?;
        let answer = self.0.request(request).await.map_err(|error| Error::new(ErrorKind::Io, error))?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| Error::new(ErrorKind::Io, error))?.to_bytes();
        Ok(AsyncRawResponse::from_bytes(parts.status.as_u16().into(), headers(&parts.headers), body))
    }
}

fn headers(from: &http::HeaderMap) -> Headers {
    let pairs = from.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?.to_owned();
        Some((HeaderName::from(name.as_str().to_owned()), HeaderValue::from(value)))
    });
    Headers::from(pairs.collect::<HashMap<_, _>>())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const SCOPE: &str = "https://containerregistry.azure.net/.default";

    /// The metadata service of a virtual machine or an AKS node. Its address is fixed, so no test can listen there.
    #[derive(Debug, Default)]
    struct MetadataService(Mutex<Vec<(String, Option<String>)>>);

    #[async_trait::async_trait]
    impl HttpClient for MetadataService {
        async fn execute_request(&self, request: &Request) -> Result<AsyncRawResponse> {
            let metadata = request.headers().get_optional_string(&HeaderName::from_static("metadata"));
            self.0.lock().unwrap().push((request.url().to_string(), metadata));
            let token =
                r#"{"access_token":"entra","expires_on":"4102444800","token_type":"Bearer","resource":"r"}"#;
            Ok(AsyncRawResponse::from_bytes(200.into(), Headers::new(), token.as_bytes()))
        }
    }

    #[tokio::test]
    async fn a_managed_identity_asks_the_metadata_service_for_a_token_of_the_registry_service() {
        let endpoint = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2019-08-01\
                        &resource=https%3A%2F%2Fcontainerregistry.azure.net";
        for (client_id, expected) in
            [(None, endpoint.to_owned()), (Some("mine".to_owned()), format!("{endpoint}&client_id=mine"))]
        {
            let service = Arc::new(MetadataService::default());
            let source =
                Source::over(&IdentityConfig::Managed { client_id }, SCOPE, service.clone()).unwrap();
            assert_eq!(source.entra_token().await.unwrap().expose(), "entra");
            assert_eq!(*service.0.lock().unwrap(), [(expected, Some("true".to_owned()))]);
        }
    }

    #[tokio::test]
    async fn other_identities_ask_entra_for_nothing() {
        let service = Arc::new(MetadataService::default());
        let source = Source::over(&IdentityConfig::Anonymous, SCOPE, service.clone()).unwrap();
        assert!(source.entra_token().await.is_err());
        assert!(service.0.lock().unwrap().is_empty());
    }
}
