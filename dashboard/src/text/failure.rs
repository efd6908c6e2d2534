//! Why something failed, and what to do about it.

use std::time::Duration;

pub(crate) const NO_ANSWER: &str = "No answer came.";
pub(crate) const CHECK_GATEWAY: &str =
    "Check your network connection and that the gateway behind this page is running, then try again.";
pub(crate) const REGISTRY_GONE: &str = "The gateway is there, but the registry behind it did not answer.";
pub(crate) const CHECK_REGISTRY: &str =
    "Check that the registry's login server is right and reachable from the gateway, then try again.";
pub(crate) const NOT_A_REGISTRY: &str = "The answer is not what a container registry sends.";
pub(crate) const CHECK_UPSTREAM: &str = "Something else may be answering in the registry's place (a proxy, a sign-in page). Check the gateway's registry address.";
pub(crate) const CHECK_INPUT: &str = "Correct it and try again.";
pub(crate) const CHECK_LOGIN_SERVER: &str =
    "Check the login server, or have the gateway started with --registry for it.";
pub(crate) const FIREWALL: &str = "The registry's firewall does not admit the address this request came from. Have that address allowed in the registry's \
     networking settings.";
pub(crate) const ASK_FOR_RIGHTS: &str = "Ask the registry's owner for the permission.";
pub(crate) const CHECK_NAME: &str =
    "Check the name. It may have been deleted or renamed: a repository goes with its last manifest.";
pub(crate) const UNLOCK_FIRST: &str =
    "It is locked. Unlock it first under Attributes, at each level that forbids this.";
pub(crate) const REFRESH: &str = "It changed meanwhile. Refresh and look again.";
pub(crate) const DIGEST_MISMATCH: &str = "The bytes are not those the digest names. Do not use them; try again, and tell the registry's owner if it stays.";
pub(crate) const TRY_AGAIN: &str = "Try again. If it stays, give the request id to the registry's support.";
pub(crate) const MISSING_RIGHT: &str = "This session lacks a permission.";
pub(crate) const TOO_MANY: &str = "The registry has had too many requests.";
pub(crate) const REFUSED: &str = "The registry refused this session's credential, or it has expired.";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again.";

pub(crate) const COPY_REQUEST_ID: &str = "Copy request id";

pub(crate) fn needs(action: &str) -> String {
    format!("It takes {action}. Sign in with a credential that has it, or ask the registry's owner.")
}

pub(crate) fn wait(delay: Option<Duration>) -> String {
    match delay {
        Some(delay) => format!("The registry asks to wait {} s before trying again.", delay.as_secs().max(1)),
        None => "The registry has had too many requests. Wait a little and try again.".to_owned(),
    }
}

pub(crate) fn request_id(id: &str) -> String {
    format!("Request id {id}")
}
