//! The connection doctor's steps and findings.

pub(crate) const CHECK: &str = "Check connection";
pub(crate) const PAGE: &str = "This page";
pub(crate) const PAGE_GOOD: &str = "is running and has read its configuration.";
pub(crate) const GATEWAY: &str = "Gateway";
pub(crate) const GATEWAY_GOOD: &str = "answers.";
pub(crate) const GATEWAY_BAD: &str =
    "does not answer. Check your network connection and that the gateway that serves this page is running.";
pub(crate) const NO_GATEWAY: &str = "is missing: this page was served by a server that does not forward requests to the registry. Registries do not answer browsers directly. Open the page through acr-gateway.";
pub(crate) const NAME: &str = "DNS";
pub(crate) const REGISTRY: &str = "Registry";
pub(crate) const FIREWALL: &str = "Firewall";
pub(crate) const FIREWALL_GOOD: &str = "allows the gateway.";
pub(crate) const FIREWALL_BAD: &str = "blocks the gateway's address (403). Add the address to the registry's networking settings, or run the gateway inside the registry's network.";
pub(crate) const CREDENTIAL: &str = "Credential";
pub(crate) const CREDENTIAL_GOOD: &str = "is accepted.";
pub(crate) const CREDENTIAL_ENDED: &str = "has expired. Sign in again with a new token.";
pub(crate) const CREDENTIAL_BAD: &str =
    "is refused: it is wrong or was revoked, or anonymous pull is not enabled for this registry. Sign in.";
pub(crate) const BUDGET: &str = "Rate limit";
pub(crate) const BUDGET_GOOD: &str = "has not been reached.";
pub(crate) const PERMISSION: &str = "Permission";
pub(crate) const CATALOG_GOOD: &str = "to list repositories is granted.";

pub(crate) fn catalog_refused(missing: &str) -> String {
    format!(
        "{missing} is missing, so repositories cannot be listed. You can still open a repository by its name."
    )
}

/// The gateway's own sentence.
pub(crate) fn reason(said: &str) -> String {
    format!("failed: {said}.")
}

pub(crate) fn name_good(server: &str) -> String {
    format!("{server} was resolved.")
}

pub(crate) fn registry_good(server: &str) -> String {
    format!("{server} answers as a registry.")
}

pub(crate) fn registry_bad(server: &str) -> String {
    format!(
        "{server} does not answer the gateway: the host does not exist, cannot be reached, or is down. Check the login server and \
         the gateway's DNS and network."
    )
}

pub(crate) fn not_a_registry(server: &str) -> String {
    format!(
        "{server} is not a container registry. Check the registry address in the gateway's configuration."
    )
}
