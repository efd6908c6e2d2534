//! Which header fields can name a user. Pure.

use http::HeaderName;

/// Fields that belong to the request itself or to the network.
const OF_THE_REQUEST: [&str; 9] = [
    "connection",
    "content-length",
    "content-type",
    "forwarded",
    "host",
    "origin",
    "transfer-encoding",
    "x-forwarded-for",
    "x-ms-client-request-id",
];

/// Fields that hold a credential under a name that shows nothing of it.
const CREDENTIALS: [&str; 1] = ["x-amzn-oidc-data"];

/// Parts of words in the names of fields that hold a credential.
const CREDENTIAL_PARTS: [&str; 9] =
    ["assertion", "authorization", "cookie", "credential", "jwt", "passw", "secret", "signature", "token"];

/// Words in the names of fields that hold a credential.
const CREDENTIAL_WORDS: [&str; 10] =
    ["apikey", "bearer", "cert", "certificate", "dpop", "key", "pass", "pwd", "session", "sig"];

/// Words at the end of the names of fields that hold what a credential says of its user, such as `X-Jwt-Claim-Email`.
const PERSONAL: [&str; 9] = ["email", "login", "mail", "name", "sub", "subject", "upn", "user", "username"];

/// Checks that a field can name a user. What it holds is logged, so a field that carries a credential cannot.
///
/// # Errors
/// A sentence with a remedy.
pub(crate) fn check_user_header(name: &HeaderName) -> Result<(), String> {
    const REMEDY: &str =
        "write the header in which your authenticating proxy names the user, such as X-Forwarded-User";
    if OF_THE_REQUEST.contains(&name.as_str()) {
        return Err(format!("\"{name}\" does not name a user; {REMEDY}"));
    }
    if carries_a_credential(name.as_str()) {
        return Err(format!("\"{name}\" carries a credential, which would be logged; {REMEDY}"));
    }
    Ok(())
}

fn carries_a_credential(name: &str) -> bool {
    let words: Vec<&str> = name.split(['-', '_', '.']).collect();
    let last = words.last().copied().unwrap_or_default();
    if PERSONAL.contains(&last) {
        return false;
    }
    CREDENTIALS.contains(&name)
        || last == "auth"
        || CREDENTIAL_PARTS.iter().any(|part| name.contains(part))
        || words.iter().any(|word| CREDENTIAL_WORDS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str) -> Result<(), String> {
        check_user_header(&name.parse().unwrap())
    }

    #[test]
    fn a_field_that_carries_a_credential_does_not_name_a_user() {
        for name in [
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "X-Forwarded-Access-Token",
            "X-Auth-Request-Access-Token",
            "X-Ms-Token-Aad-Id-Token",
            "X-Ms-Token-Aad-Access-Token",
            "X-Ms-Token-Aad-Refresh-Token",
            "X-Ms-Authorization-Auxiliary",
            "X-Api-Key",
            "Ocp-Apim-Subscription-Key",
            "X-Functions-Key",
            "X-Registry-Auth",
            "X-Amzn-Oidc-Data",
            "X-Amzn-Oidc-Accesstoken",
            "X-Vouch-Idp-IdToken",
            "Cf-Access-Jwt-Assertion",
            "X-Goog-Iap-Jwt-Assertion",
            "X-Forwarded-Client-Cert",
            "X-Shib-Session-Id",
            "X-Amz-Security-Token",
            "X-Password",
            "DPoP",
        ] {
            let error = check(name).unwrap_err();
            assert!(error.contains("credential") && error.contains("X-Forwarded-User"), "{name}: {error}");
        }
        assert!(check("X-Forwarded-For").unwrap_err().contains("does not name a user"));
    }

    #[test]
    fn the_fields_of_authenticating_proxies_name_users() {
        for name in [
            "X-Forwarded-User",
            "X-Forwarded-Email",
            "X-Forwarded-Preferred-Username",
            "X-Auth-Request-User",
            "X-Auth-Request-Email",
            "X-Auth-Username",
            "Remote-User",
            "X-Webauth-User",
            "X-Ms-Client-Principal-Name",
            "X-Goog-Authenticated-User-Email",
            "Cf-Access-Authenticated-User-Email",
            "X-Amzn-Oidc-Identity",
            "X-Authentik-Username",
            "X-Jwt-Claim-Email",
            "Tailscale-User-Login",
            "Ssl-Client-S-Dn",
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }
}
