//! Whether a request is of a shape the gateway takes: target form, Host, method, length. Judged before anything is routed.

use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, Method, Version, header};

use crate::config::{HostPolicy, Limits};
use crate::inbound::framing::Ambiguous;
use crate::problem::Problem;

/// Refuses targets in any form but the origin's, and over their limit.
pub(crate) fn check_target(parts: &Parts, limits: &Limits) -> Result<(), Problem> {
    let absolute = parts.uri.authority().is_some() || parts.uri.scheme().is_some();
    if absolute && parts.version < Version::HTTP_2 {
        return Err(Problem::bad_request("this gateway is not a proxy: request a path, not a URL"));
    }
    if !parts.uri.path().starts_with('/') {
        return Err(Problem::bad_request("request a path that begins with a slash"));
    }
    let length = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if length > limits.target_bytes {
        let message = format!("path and query pass the limit of {} bytes", limits.target_bytes);
        return Err(Problem::new(http::StatusCode::URI_TOO_LONG, "GATEWAY_TARGET_TOO_LONG", message));
    }
    Ok(())
}

/// Refuses more header fields than the limit. Over HTTP/1.1 the parser has done so before; over HTTP/2 it bounds their size alone.
pub(crate) fn check_fields(headers: &HeaderMap, limits: &Limits) -> Result<(), Problem> {
    if headers.len() <= limits.headers {
        return Ok(());
    }
    let message = format!("the request has more than {} header fields (limits.headers)", limits.headers);
    let status = http::StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    Err(Problem::new(status, "GATEWAY_TOO_MANY_FIELDS", message))
}

/// The methods of a registry's routes, as `Allow` lists them. OPTIONS is only taken as a preflight.
pub(crate) const EVERY_METHOD: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";

/// Refuses methods no route takes.
pub(crate) fn check_method(method: &Method) -> Result<(), Problem> {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => Ok(()),
        _ => Err(Problem::method_not_allowed(EVERY_METHOD, "use GET, HEAD, POST, PUT, PATCH or DELETE")),
    }
}

/// Refuses a body whose length two parties could read differently.
///
/// hyper has refused the worst before, and dropped the length next to chunks, which is why `framing` reads along; a request from another
/// server's router may still hold both.
pub(crate) fn check_framing(parts: &Parts) -> Result<(), Problem> {
    let headers = &parts.headers;
    let encoded = headers.contains_key(header::TRANSFER_ENCODING);
    let lengths = headers.get_all(header::CONTENT_LENGTH).iter().count();
    if parts.extensions.get::<Ambiguous>().is_some() {
        return Err(Problem::bad_request(
            "the request states its length in two ways, or its target holds a #",
        ));
    }
    if lengths > 1 || (encoded && lengths > 0) {
        return Err(Problem::bad_request("the request states its length in two ways"));
    }
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).iter();
    if let Some(first) = encodings.next()
        && (encodings.next().is_some() || !first.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked"))
    {
        return Err(Problem::bad_request("the request has a transfer coding other than chunked"));
    }
    Ok(())
}

/// Refuses a request that is not addressed to this gateway: how a page of a rebound name is kept out.
pub(crate) fn check_host(parts: &Parts, policy: &HostPolicy) -> Result<(), Problem> {
    let authority = authority(parts)?;
    if policy.permits(&authority) {
        return Ok(());
    }
    let message =
        "this gateway does not answer to this host name; its operator can allow it with allowed_hosts";
    Err(Problem::new(http::StatusCode::MISDIRECTED_REQUEST, "GATEWAY_UNKNOWN_HOST", message))
}

/// The one host a request names, in HTTP/1.1's field or HTTP/2's pseudo field; both when they agree.
pub(crate) fn authority(parts: &Parts) -> Result<Authority, Problem> {
    let mut fields = parts.headers.get_all(header::HOST).iter();
    let (field, second) = (fields.next(), fields.next());
    if second.is_some() {
        return Err(Problem::bad_request("the request names two hosts"));
    }
    let parsed = match field {
        Some(value) => Some(parse_host(value.as_bytes())?),
        None => None,
    };
    match (parts.uri.authority(), parsed) {
        (Some(pseudo), Some(field)) if *pseudo != field => {
            Err(Problem::bad_request("the request names two hosts"))
        }
        (Some(pseudo), _) if pseudo.as_str().contains('@') => {
            Err(Problem::bad_request("the request's host is malformed"))
        }
        (Some(pseudo), _) => Ok(pseudo.clone()),
        (None, Some(field)) => Ok(field),
        (None, None) => Err(Problem::bad_request("the request names no host")),
    }
}

fn parse_host(bytes: &[u8]) -> Result<Authority, Problem> {
    Authority::try_from(bytes)
        .ok()
        .filter(|authority| !authority.as_str().contains('@') && !authority.host().is_empty())
        .ok_or_else(|| Problem::bad_request("the request's host is malformed"))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(fields: &[(&str, &str)]) -> Parts {
        let mut request = Request::get("/");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn exactly_one_well_formed_host_is_taken() {
        assert_eq!(authority(&parts(&[("host", "a:80")])).unwrap(), "a:80");
        for fields in [
            &[][..],
            &[("host", "")],
            &[("host", "a"), ("host", "a")],
            &[("host", "u@a")],
            &[("host", "a/b")],
            &[("host", "a, b")],
        ] {
            assert!(authority(&parts(fields)).is_err(), "{fields:?}");
        }
    }

    #[test]
    fn a_length_said_twice_is_refused() {
        assert!(check_framing(&parts(&[("content-length", "5")])).is_ok());
        assert!(check_framing(&parts(&[("transfer-encoding", "chunked")])).is_ok());
        for fields in [
            &[("content-length", "5"), ("content-length", "5")][..],
            &[("content-length", "5"), ("transfer-encoding", "chunked")],
            &[("transfer-encoding", "gzip, chunked")],
            &[("transfer-encoding", "chunked"), ("transfer-encoding", "identity")],
        ] {
            assert!(check_framing(&parts(fields)).is_err(), "{fields:?}");
        }
    }
}
