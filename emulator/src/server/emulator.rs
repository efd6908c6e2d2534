//! One request and its answer.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Version, header};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use uuid::Uuid;

use super::client_address::ClientAddress;
use super::host::host;
use crate::auth::{EntraPolicy, Gate};
use crate::entra::EntraAuthority;
use crate::fault::{Fault, FaultPlan};
use crate::operation::{Call, answer};
use crate::protocol::query::Query;
use crate::protocol::route::Route;
use crate::response::{Circumstances, Refusal, Response, fault as faulty, finish, without_closing_newline};
use crate::service::Service;

/// How much of an unneeded body is read, so that its client can read the answer.
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

impl Emulator {
    pub(super) fn new(service: Service) -> Self {
        Self { service: Arc::new(service) }
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

    /// Removes expired upload sessions, and expired blobs that no manifest names. A running emulator does so
    /// periodically.
    pub async fn expire(&self) {
        self.service.expire().await;
    }

    /// How many upload sessions are open.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        self.service.uploads.len()
    }

    /// Bytes that the registry stores: every blob and every manifest once, however many repositories have it.
    #[must_use]
    pub fn stored_bytes(&self) -> u64 {
        self.service.registry().stored_bytes()
    }

    /// Registers a redirect URI with the registry's Microsoft Entra tenant; without one nothing happens.
    pub fn register_redirect_uri(&self, redirect_uri: &str) {
        if let Some(authority) = &self.service.entra {
            authority.register(redirect_uri);
        }
    }

    /// Answers a request. Never fails: an invalid request gets an error response.
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
        let instead = decision.fault.as_ref().and_then(|fault| faulty::instead(fault, &client));
        let mut response = match instead {
            Some(response) => response,
            None => self.answer(&parts, &route, &mut body, decision.fault.as_ref()).await,
        };
        let circumstances = Circumstances {
            keeps_alive: parts.version < Version::HTTP_2 && !closes(&parts.headers),
            client_request_id: parts.headers.get(CLIENT_REQUEST_ID).cloned(),
            correlation_id,
            server: self.service.config.behaviour.server,
            remaining_calls: self.count(&parts.method, &route, response.status()),
        };
        finish(&mut response, &route, &circumstances);
        if !self.service.config.behaviour.closing_newline {
            response = without_closing_newline(response).await;
        }
        if response.status().is_client_error() || response.status().is_server_error() {
            discard(body, &parts, &mut response);
        }
        if parts.method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        if let Some(fault) = &decision.fault {
            response = faulty::spoil(response, fault).await;
        }
        tracing::info!(
            target: "acr_emulator::request",
            method = %parts.method,
            path = parts.uri.path(),
            status = response.status().as_u16(),
            milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            client,
            correlation_id = circumstances.correlation_id,
        );
        response
    }

    /// Counts a call of the token service or an authorised deletion; answers what is left of the tier's budget.
    fn count(&self, method: &Method, route: &Route, status: StatusCode) -> Option<String> {
        let (budget, sku, now) = (&self.service.budget, self.service.config.sku, self.service.now());
        match route {
            Route::Exchange | Route::Token => Some(budget.count_token_call(sku, now)),
            Route::Malformed | Route::Unknown | Route::Health => None,
            _ if *method == Method::DELETE && status != StatusCode::UNAUTHORIZED => {
                Some(budget.count_delete(sku, now))
            }
            _ => None,
        }
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
            entra: EntraPolicy {
                keys: match &self.service.entra {
                    Some(authority) => Some(authority.keys()),
                    None => self.service.config.entra_keys.as_ref(),
                },
                issuer: self.service.entra.as_ref().map(EntraAuthority::issuer),
                arm_audience: self.service.config.arm_audience,
                rejection: self.service.config.behaviour.rejected_audience,
            },
            several_scopes: self.service.config.several_scopes,
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

/// Discards a body that was not needed. It is read while the answer is on its way, so that a client which sends all of it
/// first can still read the answer; a client that sent `Expect: 100-continue` is not asked to continue.
fn discard(body: Body, request: &Parts, response: &mut Response) {
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

/// Reads the rest of a body, within bounds.
async fn drain(body: Body) {
    let limited = http_body_util::Limited::new(body, DRAIN_LIMIT);
    let mut data = Box::pin(limited);
    let read = async { while let Some(Ok(_)) = data.frame().await {} };
    let _ = tokio::time::timeout(DRAIN_TIME, read).await;
}
