//! The listener of the Microsoft Entra authority: one request, its faults, and its answer.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};

use super::client_address::ClientAddress;
use super::host::host;
use crate::entra::{EntraCircumstances, public};
use crate::fault::Fault;
use crate::response::{Response, empty, fault as faulty};
use crate::service::Service;

/// Answers a request to the authority.
pub(crate) async fn answer(service: &Service, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Some(authority) = &service.entra else { return empty(StatusCode::NOT_FOUND) };
    let decision = service.faults.decide(parts.method.as_str(), parts.uri.path(), service.now());
    if decision.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(decision.delay_ms)).await;
    }
    let client = parts.extensions.get::<ClientAddress>().map(ToString::to_string).unwrap_or_default();
    let instead = decision.fault.as_ref().and_then(|fault| faulty::instead(fault, &client));
    if let Some(response) = instead {
        // Microsoft lets a page read its errors as well, so that they differ from no answer.
        return public(response);
    }
    let Some(host) = host(&parts) else { return empty(StatusCode::BAD_REQUEST) };
    let scheme = if service.config.tls { "https" } else { "http" };
    let origin = format!("{scheme}://{host}");
    let fault = match &decision.fault {
        Some(Fault::Entra { refusal }) => Some(*refusal),
        _ => None,
    };
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let around = EntraCircumstances { origin: &origin, fault, now: service.now() };
    let response = authority.respond(Request::from_parts(parts, body), around).await;
    tracing::info!(target: "acr_emulator::entra", %method, path, status = response.status().as_u16());
    match &decision.fault {
        Some(fault) => faulty::spoil(response, fault).await,
        None => response,
    }
}
