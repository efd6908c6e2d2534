//! The admin endpoint: shows and changes the faults while the emulator runs. It has its own port, since the real service
//! has nothing like it.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::fault::{FaultPlan, FaultRule};
use crate::response::{Response, bytes, json};
use crate::service::Service;

const BODY_LIMIT: usize = 1024 * 1024;

/// `GET /faults` shows the plan, `PUT /faults` replaces it, `POST /faults` adds a rule, `DELETE /faults` ends all
/// faults, `POST /expire` removes expired uploads and blobs, `GET /healthz` answers `ok`.
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
        (&Method::POST, "/expire") => {
            service.expire().await;
            text(StatusCode::OK, "ok\n")
        }
        (_, "/faults" | "/expire" | "/healthz") => {
            text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n")
        }
        _ => text(StatusCode::NOT_FOUND, "there are /faults, /expire and /healthz\n"),
    }
}

async fn read<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Response> {
    let refuse = |status, reason: String| text(status, &format!("the faults cannot be read: {reason}\n"));
    let collected = Limited::new(body, BODY_LIMIT).collect().await.map_err(|error| {
        let too_large = error.is::<LengthLimitError>();
        let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
        refuse(status, error.to_string())
    })?;
    serde_json::from_slice(&collected.to_bytes())
        .map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()))
}

fn text(status: StatusCode, text: &str) -> Response {
    bytes(status, "text/plain; charset=utf-8", text.to_owned())
}
