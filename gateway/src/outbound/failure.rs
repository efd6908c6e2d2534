//! The problem that a failed exchange with a registry is answered with: a status, a code and a sentence. Names the registry, nothing inside.

use std::error::Error;
use std::io;
use std::time::Duration;

use hyper_util::client::legacy;

use super::body::BodyFault;
use crate::problem::Problem;

/// The problem that a failed exchange is answered with.
pub(crate) fn of(error: &legacy::Error, server: &str) -> Problem {
    match BodyFault::among(error) {
        Some(BodyFault::TooLarge(limit)) => {
            return Problem::too_large(format!("the body passes the limit of {limit} bytes"));
        }
        Some(BodyFault::Stalled) => {
            let message = "the body of the request stopped arriving";
            return Problem::new(http::StatusCode::REQUEST_TIMEOUT, "GATEWAY_CLIENT_TIMEOUT", message);
        }
        Some(BodyFault::BrokenOff) => {
            return Problem::bad_request("the body of the request is malformed or broke off");
        }
        None => {}
    }
    if !error.is_connect() {
        let message = format!(
            "the connection to {server} broke before it answered in full, or its answer is no HTTP; try again"
        );
        return Problem::bad_upstream("GATEWAY_UPSTREAM_BROKEN", message);
    }
    match connect_failure(error) {
        ConnectFailure::Proxy(why) => {
            let message = format!(
                "the outgoing proxy (HTTPS_PROXY, ALL_PROXY) does not connect to {server}: {why}; check the proxy's address and \
                 credentials, or name the host in NO_PROXY"
            );
            Problem::bad_upstream("GATEWAY_UPSTREAM_PROXY", message)
        }
        ConnectFailure::Name => Problem::bad_upstream(
            "GATEWAY_UPSTREAM_NAME",
            format!(
                "the name of {server} does not resolve to a usable address; check it, and the gateway's DNS"
            ),
        ),
        ConnectFailure::Tls => Problem::bad_upstream(
            "GATEWAY_UPSTREAM_TLS",
            format!("TLS with {server} failed; check its certificate, or name its CA with ca_file"),
        ),
        ConnectFailure::Timeout => Problem::upstream_timeout(format!(
            "{server} cannot be reached in time; check the gateway's network and the firewalls between"
        )),
        ConnectFailure::Refused => Problem::bad_upstream(
            "GATEWAY_UPSTREAM_UNREACHABLE",
            format!("{server} cannot be reached; check that it runs and that the gateway may connect to it"),
        ),
    }
}

/// An answer whose body broke before its first bytes.
pub(super) fn of_answer(fault: BodyFault, server: &str) -> Problem {
    match fault {
        BodyFault::Stalled => Problem::upstream_timeout(format!(
            "{server} began an answer and sent nothing of its body; try again"
        )),
        BodyFault::TooLarge(limit) => {
            let message =
                format!("the answer of {server} passes the limit of {limit} bytes (limits.response_bytes)");
            Problem::bad_upstream("GATEWAY_UPSTREAM_TOO_LARGE", message)
        }
        BodyFault::BrokenOff => {
            let message = format!("the answer of {server} broke off before its first bytes; try again");
            Problem::bad_upstream("GATEWAY_UPSTREAM_BROKEN", message)
        }
    }
}

/// A registry that accepted the request and did not answer in time.
pub(super) fn silent(server: &str, waited: Duration) -> Problem {
    Problem::upstream_timeout(format!("{server} did not answer within {} s; try again", waited.as_secs_f64()))
}

enum ConnectFailure {
    /// The outgoing proxy, and what it said.
    Proxy(String),
    Name,
    Tls,
    Timeout,
    Refused,
}

fn connect_failure(error: &legacy::Error) -> ConnectFailure {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(why) = error.to_string().strip_prefix("tunnel error: ") {
            return ConnectFailure::Proxy(why.to_owned());
        }
        // The connector's own error type is private; its text is what it has to say which step failed.
        if error.to_string().starts_with("dns error") {
            return ConnectFailure::Name;
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            if io.kind() == io::ErrorKind::TimedOut {
                return ConnectFailure::Timeout;
            }
            if is_tls(io) {
                return ConnectFailure::Tls;
            }
        }
        cause = error.source();
    }
    ConnectFailure::Refused
}

/// Whether a TLS error is inside, however often it was wrapped.
fn is_tls(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(|inner| inner.is::<rustls::Error>() || inner.downcast_ref().is_some_and(is_tls))
}
