//! Why something failed, and what to do about it.

use std::time::Duration;

pub(crate) const NO_ANSWER: &str = "There was no answer.";
pub(crate) const CHECK_GATEWAY: &str =
    "Check your network connection and that the gateway is running, then try again.";
pub(crate) const PROXY_ENDED: &str = "The sign-in of the proxy in front of this page has ended.";
pub(crate) const RELOAD_PAGE_REMEDY: &str = "Reload the page to sign in to the proxy again. Your place is kept, and so is what is left of a running action.";
pub(crate) const RELOAD_PAGE: &str = "Reload page";
pub(crate) const REGISTRY_GONE: &str = "The gateway is running, but the registry did not answer it.";
pub(crate) const CHECK_REGISTRY: &str =
    "Check that the login server is correct and that the gateway can reach it, then try again.";
pub(crate) const NOT_A_REGISTRY: &str = "The answer did not come from a container registry.";
pub(crate) const CHECK_UPSTREAM: &str = "A proxy or a sign-in page may be answering in its place. Check the registry address in the gateway's configuration.";
pub(crate) const CHECK_INPUT: &str = "Correct it and try again.";
pub(crate) const CHECK_LOGIN_SERVER: &str =
    "Check the login server, or start the gateway with --registry for it.";
pub(crate) const FIREWALL: &str = "The registry's firewall blocks the address this request came from. Add that address to the registry's networking settings.";
pub(crate) const ASK_FOR_RIGHTS: &str = "Ask the registry's owner for the permission.";
pub(crate) const CHECK_NAME: &str =
    "Check the name. It may have been deleted: a repository is removed with its last manifest.";
pub(crate) const UNLOCK_FIRST: &str =
    "It is locked. Unlock it first under Attributes, at each level that is locked.";
pub(crate) const REFRESH: &str = "It has changed in the meantime. Refresh and try again.";
pub(crate) const DIGEST_MISMATCH: &str = "The content does not match its digest. Do not use it. Try again, and report it to the registry's owner if the problem persists.";
pub(crate) const TRY_AGAIN: &str =
    "Try again. If the problem persists, give the request ID to Azure support.";
pub(crate) const MISSING_RIGHT: &str = "This session is missing a permission.";
pub(crate) const TOO_MANY: &str = "The registry has received too many requests.";
pub(crate) const REFUSED: &str =
    "The registry refused the credentials of this session, or they have expired.";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again.";

pub(crate) const COPY_REQUEST_ID: &str = "Copy request ID";

pub(crate) fn needs(action: &str) -> String {
    let role = role(action).map(|role| format!(" (role {role})")).unwrap_or_default();
    format!(
        "The permission {action} is required{role}. Sign in with credentials that have it, or ask the registry's owner."
    )
}

/// The roles that give a permission: in a registry with registry permissions, and in one with repository permissions (ABAC).
fn role(action: &str) -> Option<&'static str> {
    let actions = action.rsplit(':').next().unwrap_or_default();
    Some(match actions {
        _ if action.starts_with("registry:catalog:") => {
            "AcrPull, or Container Registry Repository Catalog Lister"
        }
        _ if actions.contains("delete") => "AcrDelete, or Container Registry Repository Contributor",
        _ if actions.contains("push") || actions.contains("write") => {
            "AcrPush, or Container Registry Repository Writer"
        }
        _ if actions.contains("pull") || actions.contains("read") => {
            "AcrPull, or Container Registry Repository Reader"
        }
        _ => return None,
    })
}

pub(crate) fn wait(delay: Option<Duration>) -> String {
    match delay {
        Some(delay) => format!("The registry asks to wait {} s before trying again.", delay.as_secs().max(1)),
        None => "The registry has received too many requests. Wait a moment and try again.".to_owned(),
    }
}

pub(crate) fn request_id(id: &str) -> String {
    format!("Request ID {id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_permission_names_the_role_that_gives_it() {
        for (action, role) in [
            ("registry:catalog:*", "Catalog Lister"),
            ("repository:team/push:pull", "AcrPull"),
            ("repository:a:metadata_read", "Repository Reader"),
            ("repository:a:pull,push", "AcrPush"),
            ("repository:a:metadata_write", "Repository Writer"),
            ("repository:a:delete", "AcrDelete"),
        ] {
            assert!(needs(action).contains(role), "{}", needs(action));
        }
        assert!(!needs("registry:other:x").contains("role"));
    }
}
