//! The admin endpoint: shows and changes the faults while the emulator runs, and what the Microsoft Entra tenant knows. It has its
//! own port, since the real service has nothing like it.

use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::entra::EntraAuthority;
use crate::fault::{FaultPlan, FaultRule};
use crate::response::{Response, bytes, json};
use crate::service::Service;

const BODY_LIMIT: usize = 1024 * 1024;

/// `GET /faults` shows the plan, `PUT /faults` replaces it, `POST /faults` adds a rule, `DELETE /faults` ends all
/// faults, `POST /entra/redirect-uris` registers a redirect URI, `DELETE /entra/sessions` signs every browser out of the tenant,
/// `POST /expire` removes expired uploads and blobs, `GET /healthz` answers `ok`.
pub(crate) async fn answer(service: &Service, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    match (&parts.method, parts.uri.path()) {
        (&Method::GET, "/healthz") => text(StatusCode::OK, "ok\n"),
        (&Method::GET, "/faults") => json(StatusCode::OK, &service.faults.plan()),
        (&Method::DELETE, "/faults") => {
            service.faults.replace(FaultPlan::default());
            json(StatusCode::OK, &service.faults.plan())
        }
        (&Method::PUT, "/faults") => match read::<FaultPlan>(body).await {
            Ok(plan) => {
                service.faults.replace(plan);
                json(StatusCode::OK, &service.faults.plan())
            }
            Err(refusal) => refusal,
        },
        (&Method::POST, "/faults") => match read::<FaultRule>(body).await {
            Ok(rule) => {
                service.faults.add(rule);
                json(StatusCode::OK, &service.faults.plan())
            }
            Err(refusal) => refusal,
        },
        (&Method::POST, "/entra/redirect-uris") => match read_bytes(body).await {
            Ok(bytes) => change_tenant(service, |tenant| {
                tenant.register(String::from_utf8_lossy(&bytes).trim());
            }),
            Err(refusal) => refusal,
        },
        (&Method::DELETE, "/entra/sessions") => change_tenant(service, EntraAuthority::end_sessions),
        (&Method::POST, "/expire") => {
            service.expire().await;
            text(StatusCode::OK, "ok\n")
        }
        (_, "/faults" | "/expire" | "/healthz" | "/entra/redirect-uris" | "/entra/sessions") => {
            text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n")
        }
        _ => text(
            StatusCode::NOT_FOUND,
            "there are /faults, /entra/redirect-uris, /entra/sessions, /expire and /healthz\n",
        ),
    }
}

/// Changes the Microsoft Entra tenant, where the registry has one.
fn change_tenant(service: &Service, change: impl FnOnce(&EntraAuthority)) -> Response {
    match &service.entra {
        Some(tenant) => {
            change(tenant);
            text(StatusCode::OK, "ok\n")
        }
        None => text(StatusCode::NOT_FOUND, "there is no tenant; start with --entra\n"),
    }
}

async fn read<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Response> {
    let bytes = read_bytes(body).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| text(StatusCode::BAD_REQUEST, &format!("the faults cannot be read: {error}\n")))
}

async fn read_bytes(body: Body) -> Result<Bytes, Response> {
    let collected = Limited::new(body, BODY_LIMIT).collect().await.map_err(|error| {
        let too_large = error.is::<LengthLimitError>();
        let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
        text(status, &format!("the body cannot be read: {error}\n"))
    })?;
    Ok(collected.to_bytes())
}

fn text(status: StatusCode, text: &str) -> Response {
    bytes(status, "text/plain; charset=utf-8", text.to_owned())
}
