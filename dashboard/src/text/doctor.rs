//! The connection doctor's steps and findings.

pub(crate) const CHECK: &str = "Check the connection";
pub(crate) const PAGE: &str = "This page";
pub(crate) const PAGE_GOOD: &str = "is running and has its configuration.";
pub(crate) const GATEWAY: &str = "Gateway";
pub(crate) const GATEWAY_GOOD: &str = "answers.";
pub(crate) const GATEWAY_BAD: &str = "does not answer. Check your network connection, and that the gateway this page came from is still running.";
pub(crate) const NO_GATEWAY: &str = "is not in between: this page was served by something that does not forward to the registry. Registries answer no browser \
     directly; open the page through acr-gateway.";
pub(crate) const NAME: &str = "DNS";
pub(crate) const REGISTRY: &str = "Registry";
pub(crate) const FIREWALL: &str = "Firewall";
pub(crate) const FIREWALL_GOOD: &str = "admits the gateway.";
pub(crate) const FIREWALL_BAD: &str = "refuses the gateway's address (403). Have it allowed in the registry's networking settings, or run the gateway inside the \
     registry's network.";
pub(crate) const CREDENTIAL: &str = "Credential";
pub(crate) const CREDENTIAL_GOOD: &str = "is accepted.";
pub(crate) const CREDENTIAL_ENDED: &str = "has expired. Sign in again with a fresh token.";
pub(crate) const CREDENTIAL_BAD: &str =
    "is refused: it is wrong or was revoked, or anonymous pull is not enabled here. Sign in.";
pub(crate) const BUDGET: &str = "Rate limit";
pub(crate) const BUDGET_GOOD: &str = "is not reached.";
pub(crate) const PERMISSION: &str = "Permission";
pub(crate) const CATALOG_GOOD: &str = "to list the repositories is there.";

pub(crate) fn catalog_refused(missing: &str) -> String {
    format!(
        "{missing} is missing, so repositories cannot be listed. Those you know by name open all the same."
    )
}

/// The gateway's own sentence.
pub(crate) fn reason(said: &str) -> String {
    format!("is where it ends: {said}.")
}

pub(crate) fn name_good(server: &str) -> String {
    format!("{server} has an address.")
}

pub(crate) fn registry_good(server: &str) -> String {
    format!("{server} answers as a registry does.")
}

pub(crate) fn registry_bad(server: &str) -> String {
    format!(
        "{server} does not answer the gateway: no such host, not reachable from there, or down. Check the login server's \
         spelling and the gateway's DNS and network."
    )
}

pub(crate) fn not_a_registry(server: &str) -> String {
    format!("what answers as {server} is not a container registry. Check the gateway's registry address.")
}
