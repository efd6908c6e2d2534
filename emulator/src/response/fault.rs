//! Carrying a fault out on an answer.

use std::io;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt as _;

use super::build::Response;
use crate::fault::Fault;
use crate::protocol::error::ApiError;

/// Marks an answer whose connection is to break before anything is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DropConnection;

/// The answer of a fault that takes the place of the real one; `None` for those that only spoil it.
pub(crate) fn instead(fault: &Fault, client_ip: &str) -> Option<Response> {
    match fault {
        Fault::Status { status } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Some(ApiError::server(status).into_response())
        }
        Fault::Throttle { retry_after } => {
            let mut response = ApiError::too_many_requests().into_response();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*retry_after));
            Some(response)
        }
        Fault::Firewall => Some(ApiError::firewall(client_ip).into_response()),
        _ => None,
    }
}

/// Spoils an answer.
pub(crate) async fn spoil(response: Response, fault: &Fault) -> Response {
    match fault {
        Fault::Drop { after: 0 } => {
            let mut response = response;
            response.extensions_mut().insert(DropConnection);
            response
        }
        Fault::Drop { after } => drop_after(response, *after),
        Fault::TruncateJson { after } => truncate(response, *after).await,
        Fault::SlowBody { bytes_per_second } => slow(response, *bytes_per_second),
        _ => response,
    }
}

fn drop_after(response: Response, after: u64) -> Response {
    let (parts, body) = response.into_parts();
    let broken = stream::unfold((body.into_data_stream(), after), |(mut data, left)| async move {
        if left == 0 {
            // What came before gets out before the connection goes.
            tokio::task::yield_now().await;
            return Some((Err(io::Error::other("the connection was dropped on demand")), (data, 0)));
        }
        match data.next().await? {
            Ok(piece) => {
                let end = usize::try_from(left).unwrap_or(piece.len()).min(piece.len());
                Some((Ok(piece.slice(..end)), (data, left - end as u64)))
            }
            Err(error) => Some((Err(io::Error::other(error)), (data, 0))),
        }
    });
    Response::from_parts(parts, Body::from_stream(broken))
}

async fn truncate(response: Response, after: u64) -> Response {
    let is_json =
        response.headers().get(CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let full = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let end = usize::try_from(after).unwrap_or(full.len()).min(full.len());
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(end));
    Response::from_parts(parts, Body::from(full.slice(..end)))
}

/// Ten pieces a second.
fn slow(response: Response, bytes_per_second: u64) -> Response {
    const TICK: Duration = Duration::from_millis(100);
    let size = usize::try_from(bytes_per_second / 10).unwrap_or(usize::MAX).max(1);
    let (parts, body) = response.into_parts();
    let pieces = body.into_data_stream().flat_map(move |piece| {
        let pieces: Vec<Result<Bytes, axum::Error>> = match piece {
            Ok(piece) => {
                let starts = (0..piece.len()).step_by(size);
                starts
                    .map(|start| Ok(piece.slice(start..piece.len().min(start.saturating_add(size)))))
                    .collect()
            }
            Err(error) => vec![Err(error)],
        };
        stream::iter(pieces)
    });
    let paced = pieces.then(|piece| async move {
        tokio::time::sleep(TICK).await;
        piece
    });
    Response::from_parts(parts, Body::from_stream(paced))
}
