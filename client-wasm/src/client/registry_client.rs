//! The client of a registry, and how it is put together. Its operations are in the handles of the other files, one a resource.

use std::fmt;
use std::sync::Arc;

use super::blobs::Blobs;
use super::manifests::Manifests;
use super::repositories::Repositories;
use super::tags::Tags;
use super::tokens::Tokens;
use crate::error::Error;
use crate::name::RepositoryName;
use crate::operation::support;
use crate::pipeline::{
    self, Credential, Endpoint, Environment, Governor, Pipeline, RateLimit, RetryPolicy, Sender, SessionInfo,
    Transport,
};

const OPERATION: &str = "RegistryClient";

/// A registry, as seen through one credential. Cheap to clone; clones share tokens and limits.
#[derive(Clone)]
pub struct RegistryClient {
    pipeline: Arc<Pipeline>,
}

impl RegistryClient {
    /// Begins a client for the registry that answers at `endpoint`: an absolute URL, or a path on the page's own origin.
    pub fn builder(endpoint: impl AsRef<str>) -> RegistryClientBuilder {
        RegistryClientBuilder::new(endpoint.as_ref())
    }

    /// Where requests go.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.pipeline.sender.endpoint.as_str()
    }

    /// The registry's login server: the `service` of token requests.
    #[must_use]
    pub fn login_server(&self) -> &str {
        self.pipeline.tokens.service()
    }

    /// Repositories: list, attributes, deletion.
    #[must_use]
    pub fn repositories(&self) -> Repositories {
        Repositories::new(self.pipeline.clone())
    }

    /// Manifests: list, attributes, content, referrers.
    #[must_use]
    pub fn manifests(&self) -> Manifests {
        Manifests::new(self.pipeline.clone())
    }

    /// Tags: list, attributes, deletion.
    #[must_use]
    pub fn tags(&self) -> Tags {
        Tags::new(self.pipeline.clone())
    }

    /// Announces that these repositories will be asked about together, so that one token serves them: the token service takes several
    /// scopes at once. Nothing is sent yet. Where the registry refuses such a token, or grants less of it, each repository has its own.
    pub fn share_tokens(&self, repositories: &[RepositoryName]) {
        self.pipeline.tokens.share(repositories, self.pipeline.sender.now());
    }

    /// Blobs: download, upload, deletion.
    #[must_use]
    pub fn blobs(&self) -> Blobs {
        Blobs::new(self.pipeline.clone())
    }

    /// The token service, for those who want its tokens themselves. No other operation needs it called.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.pipeline.clone())
    }

    /// V2Support_Check: whether a Registry V2 answers at the endpoint.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] where it does and refuses the credential, [`ErrorKind::Network`] where nothing answers; an answer that
    /// is not one of a Registry V2 is not an error but `false`.
    pub async fn check_support(&self) -> Result<bool, Error> {
        support::supported(self.pipeline.answer(&support::check_support()).await)
    }

    /// Who this client is to the registry and what it may do, by the tokens it holds now.
    #[must_use]
    pub fn session(&self) -> SessionInfo {
        self.pipeline.tokens.session()
    }

    /// What the registry last said about its limits, `None` where it said nothing.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        let limit = self.pipeline.sender.rate_limit();
        (limit != RateLimit::default()).then_some(limit)
    }
}

impl fmt::Debug for RegistryClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryClient")
            .field("endpoint", &self.endpoint())
            .field("login_server", &self.login_server())
            .finish_non_exhaustive()
    }
}

/// Collects what a client is made of. In a browser the endpoint is enough.
pub struct RegistryClientBuilder {
    endpoint: String,
    login_server: Option<String>,
    credential: Credential,
    transport: Option<Arc<dyn Transport>>,
    environment: Option<Arc<dyn Environment>>,
    retry: RetryPolicy,
    governor: Governor,
    one_token_a_repository: bool,
}

impl RegistryClientBuilder {
    fn new(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            login_server: None,
            credential: Credential::Anonymous,
            transport: None,
            environment: None,
            retry: RetryPolicy::default(),
            governor: Governor::new(),
            one_token_a_repository: false,
        }
    }

    /// The registry's login server, for instance `contoso.azurecr.io`. Default: the endpoint's host.
    #[must_use]
    pub fn login_server(mut self, login_server: impl Into<String>) -> Self {
        self.login_server = Some(login_server.into());
        self
    }

    /// What to sign in with. Default: [`Credential::Anonymous`].
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// What sends the requests. Default in a browser: `FetchTransport`; elsewhere there is none.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The same, where several clients share one.
    #[must_use]
    pub fn shared_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Time and chance. Default in a browser: `BrowserEnvironment`; elsewhere there is none.
    #[must_use]
    pub fn environment(mut self, environment: impl Environment + 'static) -> Self {
        self.environment = Some(Arc::new(environment));
        self
    }

    /// How to repeat what is safe to repeat. Default: [`RetryPolicy::default`].
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Decides when to wait. Default: one of its own; clients of one registry with clones of the same governor wait together.
    #[must_use]
    pub fn governor(mut self, governor: Governor) -> Self {
        self.governor = governor;
        self
    }

    /// Asks for every action on a repository with its first token, in the place of a token for each kind of call. That saves requests,
    /// and [`RegistryClient::session`] then says all that the sign-in may do there. Default: off, a token asks for what its call needs.
    #[must_use]
    pub fn one_token_a_repository(mut self, on: bool) -> Self {
        self.one_token_a_repository = on;
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] where the endpoint is invalid, the login server is unknown, a user name holds a colon, or
    /// transport or environment are missing outside a browser.
    pub fn build(self) -> Result<RegistryClient, Error> {
        let endpoint = Endpoint::parse(&self.endpoint)?;
        let login_server = match self.login_server.filter(|server| !server.trim().is_empty()) {
            Some(server) => checked_login_server(server.trim())?,
            None => endpoint.host().map(str::to_owned).or_else(default_host).ok_or_else(|| {
                Error::invalid_input(OPERATION, "an endpoint without a host needs a login server")
            })?,
        };
        if matches!(&self.credential, Credential::Password { username, .. } if username.contains(':')) {
            return Err(Error::invalid_input(OPERATION, "a user name cannot hold a colon"));
        }
        let missing =
            |what| Error::invalid_input(OPERATION, format!("outside a browser a client needs a {what}"));
        let transport = self.transport.or_else(default_transport).ok_or_else(|| missing("transport"))?;
        let environment =
            self.environment.or_else(default_environment).ok_or_else(|| missing("environment"))?;
        let sender = Sender::new(endpoint, transport, environment, self.retry, self.governor);
        let tokens = pipeline::Tokens::new(self.credential, login_server);
        Ok(RegistryClient {
            pipeline: Arc::new(Pipeline {
                sender,
                tokens,
                one_token_a_repository: self.one_token_a_repository,
            }),
        })
    }
}

fn checked_login_server(server: &str) -> Result<String, Error> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_');
    if server.bytes().all(plain) {
        return Ok(server.to_owned());
    }
    Err(Error::invalid_input(
        OPERATION,
        "a login server is a host name such as contoso.azurecr.io, without https:// and without a path",
    ))
}

#[cfg(target_arch = "wasm32")]
fn default_transport() -> Option<Arc<dyn Transport>> {
    Some(Arc::new(crate::browser::FetchTransport::new()))
}

#[cfg(target_arch = "wasm32")]
fn default_environment() -> Option<Arc<dyn Environment>> {
    Some(Arc::new(crate::browser::BrowserEnvironment::new()))
}

#[cfg(target_arch = "wasm32")]
fn default_host() -> Option<String> {
    crate::browser::page_host()
}

#[cfg(not(target_arch = "wasm32"))]
fn default_transport() -> Option<Arc<dyn Transport>> {
    None
}

#[cfg(not(target_arch = "wasm32"))]
fn default_environment() -> Option<Arc<dyn Environment>> {
    None
}

#[cfg(not(target_arch = "wasm32"))]
fn default_host() -> Option<String> {
    None
}

impl fmt::Debug for RegistryClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryClientBuilder")
            .field("endpoint", &self.endpoint)
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}
