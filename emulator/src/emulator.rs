//! The emulator as a library has it: built in one line, asked with a request, answering with a response.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Version, header};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use uuid::Uuid;

use crate::auth::{Account, Gate, ScopedToken, Secret};
use crate::client::ClientAddress;
use crate::clock::Clock;
use crate::config::{Config, MountMode};
use crate::error::Refusal;
use crate::fault::{Fault, FaultPlan, apply};
use crate::host::host;
use crate::operation::{Call, answer};
use crate::query::Query;
use crate::response::{Asked, Response, finish};
use crate::route::Route;
use crate::seed::{Scale, Seed, fill};
use crate::server::{self, ListenOptions, RunningEmulator};
use crate::service::Service;

/// How much of a body that was not wanted is read, so that its client gets to read the answer.
const DRAIN_LIMIT: usize = 8 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(5);
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

/// An Azure Container Registry in this process. Clones share the registry.
#[derive(Clone)]
pub struct Emulator {
    service: Arc<Service>,
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Emulator").finish_non_exhaustive()
    }
}

/// Why an emulator could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BuildError(String);

impl BuildError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Emulator {
    /// An emulator to set up.
    #[must_use]
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Starts an empty emulator that is open to all, on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> Result<RunningEmulator, BuildError> {
        Self::builder().start().await
    }

    pub(crate) fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// The faults as they stand.
    #[must_use]
    pub fn faults(&self) -> FaultPlan {
        self.service.faults.plan()
    }

    /// Replaces the faults.
    pub fn set_faults(&self, plan: FaultPlan) {
        self.service.faults.replace(plan);
    }

    /// Lets go of upload sessions, and of blobs no manifest names, that have outlived their time. A running emulator
    /// does so by itself.
    pub async fn expire(&self) {
        self.service.expire().await;
    }

    /// How many upload sessions are open.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        self.service.uploads.len()
    }

    /// Answers a request. Never fails: whatever is wrong with the request is in the answer.
    pub async fn respond(&self, request: Request<Body>) -> Response {
        let started = std::time::Instant::now();
        let (parts, mut body) = request.into_parts();
        let route = Route::parse(parts.uri.path());
        let correlation_id = Uuid::new_v4().to_string();
        let client = parts
            .extensions
            .get::<ClientAddress>()
            .map_or_else(|| "127.0.0.1".to_owned(), ToString::to_string);
        let decision = if route == Route::Health {
            Default::default()
        } else {
            self.service.faults.decide(parts.method.as_str(), parts.uri.path(), self.service.now())
        };
        if decision.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(decision.delay_ms)).await;
        }
        let instead = decision.fault.as_ref().and_then(|fault| apply::instead(fault, &client));
        let mut response = match instead {
            Some(response) => response,
            None => self.answer(&parts, &route, &mut body, decision.fault.as_ref()).await,
        };
        let asked = Asked {
            method: parts.method.clone(),
            keeps_alive: parts.version < Version::HTTP_2 && !closes(&parts.headers),
            client_request_id: parts.headers.get(CLIENT_REQUEST_ID).cloned(),
            correlation_id,
        };
        finish(&mut response, &route, &asked);
        if response.status().is_client_error() || response.status().is_server_error() {
            leave(body, &parts, &mut response);
        }
        if parts.method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        if let Some(fault) = &decision.fault {
            response = apply::spoil(response, fault).await;
        }
        tracing::info!(
            target: "acr_emulator::request",
            method = %parts.method,
            path = parts.uri.path(),
            status = response.status().as_u16(),
            milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            client,
            correlation_id = asked.correlation_id,
        );
        response
    }

    async fn answer(&self, parts: &Parts, route: &Route, body: &mut Body, fault: Option<&Fault>) -> Response {
        let Some(host) = host(parts) else {
            return Refusal::HostInvalid.into_response();
        };
        let gate = Gate {
            authority: &self.service.authority,
            signer: &self.service.signer,
            site: self.service.site(host),
            now: self.service.now(),
            tokens_expired: matches!(fault, Some(Fault::ExpiredToken)),
        };
        let call = Call {
            service: &self.service,
            gate,
            method: parts.method.clone(),
            path: parts.uri.path(),
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            headers: &parts.headers,
            host,
        };
        answer(&call, route, body).await.unwrap_or_else(Refusal::into_response)
    }
}

/// Whether the client ends the connection after this request.
fn closes(headers: &HeaderMap) -> bool {
    headers.get(header::CONNECTION).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// Leaves a body that was not wanted. It is read while the answer is on its way, so that a client which sends all of it
/// first gets to read the answer; a client that waits to be asked for it is not asked.
fn leave(body: Body, request: &Parts, response: &mut Response) {
    if body.is_end_stream() {
        return;
    }
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) if !request.headers.contains_key(header::EXPECT) => {
            runtime.spawn(drain(body));
        }
        _ if request.version < Version::HTTP_2 => {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
}

/// Reads what is left of a body, within bounds.
async fn drain(body: Body) {
    let limited = http_body_util::Limited::new(body, DRAIN_LIMIT);
    let mut data = Box::pin(limited);
    let read = async { while let Some(Ok(_)) = data.frame().await {} };
    let _ = tokio::time::timeout(DRAIN_TIME, read).await;
}

/// Sets up an emulator. Every setting has the default of [`Config`].
#[derive(Clone, Default)]
pub struct EmulatorBuilder {
    config: Config,
    listen: ListenOptions,
}

impl std::fmt::Debug for EmulatorBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmulatorBuilder").finish_non_exhaustive()
    }
}

impl EmulatorBuilder {
    /// Starts from settings that exist.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Where to listen, for `start`.
    #[must_use]
    pub fn listen(mut self, listen: ListenOptions) -> Self {
        self.listen = listen;
        self
    }

    /// The name the registry goes by, such as `contoso.azurecr.io`; else the request's `Host`.
    #[must_use]
    pub fn login_server(mut self, name: impl Into<String>) -> Self {
        self.config.login_server = Some(name.into());
        self
    }

    /// What an empty registry is filled with.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.config.seed = seed;
        self
    }

    /// How many repositories and tags there are on top of the seed.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.config.scale = scale;
        self
    }

    /// The admin user. From here on credentials are required. A second call gives it a second password.
    #[must_use]
    pub fn admin(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        let (username, password) = (username.into(), Secret::new(password));
        match &mut self.config.admin {
            Some(admin) if admin.username == username => admin.passwords.push(password),
            admin => *admin = Some(Account { username, passwords: vec![password] }),
        }
        self
    }

    /// A repository-scoped token. From here on credentials are required.
    #[must_use]
    pub fn token(mut self, token: ScopedToken) -> Self {
        self.config.tokens.push(token);
        self
    }

    /// Whether callers without credentials may read.
    #[must_use]
    pub fn anonymous_pull(mut self, on: bool) -> Self {
        self.config.anonymous_pull = on;
        self
    }

    /// How long access tokens live.
    #[must_use]
    pub fn access_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.access_token_lifetime = lifetime;
        self
    }

    /// How long refresh tokens live.
    #[must_use]
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.refresh_token_lifetime = lifetime;
        self
    }

    /// What a request to mount a blob does.
    #[must_use]
    pub fn mount(mut self, mode: MountMode) -> Self {
        self.config.mount = mode;
        self
    }

    /// Whether blobs are answered with a redirect to storage. Takes a running emulator: `respond` alone has no
    /// storage address to lead to, and answers with the bytes.
    #[must_use]
    pub fn blob_redirect(mut self, on: bool) -> Self {
        self.config.blob_redirect = on;
        self
    }

    /// How long a storage address is good.
    #[must_use]
    pub fn redirect_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.redirect_lifetime = lifetime;
        self
    }

    /// How long an upload session lives untouched.
    #[must_use]
    pub fn upload_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.upload_lifetime = lifetime;
        self
    }

    /// The largest blob, in bytes.
    #[must_use]
    pub fn max_blob_size(mut self, bytes: u64) -> Self {
        self.config.max_blob_size = bytes;
        self
    }

    /// The folder to keep the registry in.
    #[must_use]
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.data = Some(folder.into());
        self
    }

    /// The faults to begin with.
    #[must_use]
    pub fn faults(mut self, plan: FaultPlan) -> Self {
        self.config.faults = plan;
        self
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.config.clock = clock;
        self
    }

    /// Sets the emulator up, and fills it.
    ///
    /// # Errors
    /// When the data folder cannot be used.
    pub fn build(self) -> Result<Emulator, BuildError> {
        let service = Service::open(self.config).map_err(|error| BuildError(error.to_string()))?;
        fill(&service)?;
        Ok(Emulator { service: Arc::new(service) })
    }

    /// Sets the emulator up and lets it listen; it stops when the answer is dropped.
    ///
    /// # Errors
    /// When it cannot be set up, or a port cannot be had.
    pub async fn start(mut self) -> Result<RunningEmulator, BuildError> {
        self.config.tls |= self.listen.tls.is_some();
        let listen = std::mem::take(&mut self.listen);
        let emulator = self.build()?;
        if !emulator.service.journal_is_written().await {
            return Err(BuildError::new(
                "what the registry was filled with cannot be written to the data folder",
            ));
        }
        server::start(emulator, listen).await
    }
}
