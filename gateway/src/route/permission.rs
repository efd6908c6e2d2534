//! Whether the configuration lets a call through. Pure; what the registry permits is the registry's own answer.

use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};

use super::operation::{Call, Operation};
use crate::config::{Config, Registry, is_repository_name};
use crate::inbound::caller::{Caller, is_from_trusted_proxy};
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
        check_identity_use(config, call, caller)?;
    }
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if !reads && !listed_origin && is_foreign(parts, config) {
        return Err(Problem::forbidden(
            "a page of another origin may not write through this gateway; its operator can allow its origin with cors_origins",
        ));
    }
    check_action(registry, call, &parts.method)
}

/// With the gateway's identity every request is powerful by itself, so what it names and who makes it matters.
fn check_identity_use(config: &Config, call: &Call, caller: &Caller) -> Result<(), Problem> {
    // The name goes into the scope of a token, in which a space or a colon would begin something else.
    let names = [&call.repository, &call.from].into_iter().flatten();
    if let Some(name) = names.into_iter().find(|name| !is_repository_name(name)) {
        return Err(Problem::bad_request(format!("{name:?} is not the name of a repository")));
    }
    if call.operation.is_token_call() {
        let message = "the gateway holds this registry's identity and hands out no tokens; call without one";
        return Err(Problem::not_found(message));
    }
    if let Some(name) = config.user_header.as_ref().filter(|_| caller.user.is_none()) {
        let message =
            format!("no trusted proxy named the user in {name}; come through the authenticating proxy");
        return Err(Problem::new(StatusCode::FORBIDDEN, "GATEWAY_NO_USER", message));
    }
    Ok(())
}

/// Whether a browser reports that a page of another origin makes the request. `Sec-Fetch-Site` is the browser's own judgement; where
/// there is none (over plain HTTP), the origin is compared with the host that was asked for.
fn is_foreign(parts: &Parts, config: &Config) -> bool {
    if let Some(site) = parts.headers.get("sec-fetch-site") {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return false };
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    // A proxy that passes on another Host says what it was asked for in X-Forwarded-Host. The scheme is the TLS terminator's to know.
    let asked_of_proxy =
        parts.headers.get("x-forwarded-host").filter(|_| is_from_trusted_proxy(parts, config));
    let own = shape::authority(parts).ok();
    let own = [own.as_ref().map(|own| own.as_str().as_bytes()), asked_of_proxy.map(HeaderValue::as_bytes)];
    !host.is_some_and(|host| own.into_iter().flatten().any(|own| own.eq_ignore_ascii_case(host.as_bytes())))
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
    Problem::forbidden("the gateway does not forward calls that it does not know")
}
