//! Whether the configuration lets a call through. Pure; what the registry permits is the registry's own answer.

use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};

use super::operation::{Call, Operation};
use crate::config::{Config, Registry};
use crate::inbound::caller::Caller;
use crate::inbound::shape;
use crate::problem::Problem;

/// Refuses what the configuration does not allow.
pub(crate) fn check(
    config: &Config,
    registry: &Registry,
    call: &Call,
    parts: &Parts,
    caller: &Caller,
    listed_origin: bool,
) -> Result<(), Problem> {
    if registry.identity.is_some() {
        check_identity_use(config, call, parts, caller, listed_origin)?;
    }
    check_action(registry, call, &parts.method)
}

/// With the gateway's identity every request is powerful by itself, so who makes it and from where matters.
fn check_identity_use(
    config: &Config,
    call: &Call,
    parts: &Parts,
    caller: &Caller,
    listed_origin: bool,
) -> Result<(), Problem> {
    if call.operation.is_token_call() {
        let message = "the gateway holds this registry's identity and hands out no tokens; call without one";
        return Err(Problem::not_found(message));
    }
    if let Some(name) = config.user_header.as_ref().filter(|_| caller.user.is_none()) {
        let message =
            format!("no trusted proxy named the user in {name}; come through the authenticating proxy");
        return Err(Problem::new(StatusCode::FORBIDDEN, "GATEWAY_NO_USER", message));
    }
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if !reads && !listed_origin && is_foreign(parts) {
        return Err(Problem::forbidden("a page of another origin may not write with the gateway's identity"));
    }
    Ok(())
}

/// Whether a browser says that another site's page makes the request.
fn is_foreign(parts: &Parts) -> bool {
    let text = |headers: &HeaderMap, name: &str| {
        headers.get(name).and_then(|value| value.to_str().ok().map(str::to_owned))
    };
    if text(&parts.headers, "sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return true;
    }
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return false };
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    let own = shape::authority(parts).ok();
    // The scheme is the TLS terminator's to know.
    host.zip(own).is_none_or(|(host, own)| !own.as_str().eq_ignore_ascii_case(host))
}

fn check_action(registry: &Registry, call: &Call, method: &Method) -> Result<(), Problem> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let restricted = registry.identity.is_some() || registry.allow.is_some();
    let Some(action) = call.operation.action() else {
        // A call without a name is not known to write; where writes are restricted it must be known not to.
        let harmless = reads || call.operation.is_token_call();
        return if restricted && !harmless { Err(unknown()) } else { check_unknown(registry, call) };
    };
    if registry.allowed_actions().contains(action) {
        return Ok(());
    }
    let (word, name) = (action.as_str(), registry.name());
    Err(Problem::forbidden(format!(
        "this gateway does not allow {word} on {name}; its operator can, with allow = [{word:?}]"
    )))
}

/// With the gateway's identity even reading is limited to what is known.
fn check_unknown(registry: &Registry, call: &Call) -> Result<(), Problem> {
    let hidden = registry.identity.is_some() && call.operation == Operation::Other;
    if hidden { Err(unknown()) } else { Ok(()) }
}

fn unknown() -> Problem {
    Problem::forbidden("the gateway does not know this call and so does not make it here")
}
