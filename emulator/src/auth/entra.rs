//! Which Entra tokens the registry accepts, by their claims and, where keys are configured, by their signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::entra_keys::EntraKeys;
use super::jwt::foreign_claims;
use crate::protocol::time::Time;

/// The audience of tokens for registries.
const REGISTRY_AUDIENCE: &str = "https://containerregistry.azure.net";

/// The audiences of Azure Resource Manager, by cloud.
const ARM_AUDIENCES: [&str; 6] = [
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://management.chinacloudapi.cn",
    "https://management.core.chinacloudapi.cn",
    "https://management.usgovcloudapi.net",
    "https://management.core.usgovcloudapi.net",
];

/// A token of the form that Microsoft Entra ID issues for `audience`, good until 2100 and without a valid signature. An
/// emulator accepts it where its audience is accepted.
#[must_use]
pub fn unsigned_entra_token(audience: &str) -> String {
    let claims = json!({
        "aud": audience,
        "exp": 4_102_444_800_u64,
        "oid": "00000000-0000-0000-0000-000000000001",
        "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    });
    let parts = [r#"{"typ":"JWT","alg":"RS256"}"#, &claims.to_string(), "unsigned"];
    parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

/// Which tokens are accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntraPolicy<'a> {
    /// The keys that have signed them; none where signatures are not checked.
    pub(crate) keys: Option<&'a EntraKeys>,
    /// Who has issued them; any issuer where there is none.
    pub(crate) issuer: Option<&'a str>,
    /// Whether tokens for Azure Resource Manager are.
    pub(crate) arm_audience: bool,
    /// The message that refuses others.
    pub(crate) rejection: &'static str,
}

/// What of a token's claims becomes part of the registry's own tokens.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EntraClaims {
    pub(super) subject: Option<String>,
    pub(super) application: Option<String>,
}

impl EntraPolicy<'_> {
    /// The claims of a token for the registry that has not expired; `None` for every other text.
    pub(super) fn accept(self, token: &str, now: Time) -> Option<EntraClaims> {
        if self.keys.is_some_and(|keys| !keys.verify(token)) {
            return None;
        }
        let claims = foreign_claims(token)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let audience = text("aud")?;
        let audience = audience.trim_end_matches('/');
        let is_ours =
            audience == REGISTRY_AUDIENCE || (self.arm_audience && ARM_AUDIENCES.contains(&audience));
        if self.issuer.is_some_and(|issuer| text("iss").as_deref() != Some(issuer)) {
            return None;
        }
        let is_live = claims.get("exp").is_some_and(|expiry| is_after(expiry, now));
        (is_ours && is_live).then(|| EntraClaims {
            subject: text("oid").or_else(|| text("sub")),
            application: text("appid").or_else(|| text("azp")),
        })
    }
}

/// Whether a NumericDate, which may have a fraction (RFC 7519, section 2), is in the future.
#[allow(
    clippy::cast_precision_loss,
    reason = "seconds fit a double exactly for longer than there are clocks"
)]
fn is_after(date: &Value, now: Time) -> bool {
    date.as_f64().is_some_and(|date| date > now.unix_seconds() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_unix_seconds(1_700_000_000);
    const POLICY: EntraPolicy<'static> =
        EntraPolicy { keys: None, issuer: None, arm_audience: true, rejection: "token validation failed" };

    fn jwt(claims: &str) -> String {
        format!("{}.{}.x", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(claims))
    }

    fn accepts(claims: &str) -> bool {
        POLICY.accept(&jwt(claims), NOW).is_some()
    }

    #[test]
    fn tokens_for_the_registry_and_for_resource_manager_are_accepted() {
        for audience in ["https://containerregistry.azure.net", "https://management.azure.com/"] {
            assert!(accepts(&format!(r#"{{"aud":"{audience}","exp":1700000000.5}}"#)), "{audience}");
        }
        assert!(POLICY.accept(&unsigned_entra_token(REGISTRY_AUDIENCE), NOW).is_some());
        let arm = jwt(r#"{"aud":"https://management.azure.com","exp":1700000001}"#);
        let strict = EntraPolicy { arm_audience: false, ..POLICY };
        assert!(POLICY.accept(&arm, NOW).is_some() && strict.accept(&arm, NOW).is_none());
    }

    #[test]
    fn everything_else_is_rejected() {
        for claims in [
            r#"{"aud":"https://graph.microsoft.com","exp":1700000001}"#,
            r#"{"aud":"https://containerregistry.azure.net","exp":1700000000}"#,
            r#"{"aud":"https://containerregistry.azure.net","exp":-1}"#,
            r#"{"aud":"https://containerregistry.azure.net"}"#,
            r#"{"exp":1700000001}"#,
            "[]",
        ] {
            assert!(!accepts(claims), "{claims}");
        }
        for token in ["", "Sanitized", "a.b.c", "WRONGAUDIENCE"] {
            assert_eq!(POLICY.accept(token, NOW), None, "{token}");
        }
    }

    #[test]
    fn with_keys_only_what_they_have_signed_is_accepted() {
        let keys = crate::auth::entra_keys::tests::keys();
        let strict = EntraPolicy { keys: Some(&keys), ..POLICY };
        assert!(strict.accept(crate::auth::entra_keys::tests::TOKEN, NOW).is_some());
        assert_eq!(strict.accept(&unsigned_entra_token(REGISTRY_AUDIENCE), NOW), None);
    }

    #[test]
    fn a_token_of_another_issuer_is_rejected() {
        let strict = EntraPolicy { issuer: Some("https://sts.windows.net/a/"), ..POLICY };
        let accepts = |tenant: &str| {
            let claims = format!(
                r#"{{"aud":"{REGISTRY_AUDIENCE}","exp":1700000001,"iss":"https://sts.windows.net/{tenant}/"}}"#
            );
            strict.accept(&jwt(&claims), NOW).is_some()
        };
        assert!(accepts("a") && !accepts("b"));
    }

    #[test]
    fn object_and_application_are_read() {
        let claims = r#"{"aud":"https://containerregistry.azure.net","exp":1700000001,"oid":"o","sub":"s","appid":"a"}"#;
        let read = POLICY.accept(&jwt(claims), NOW);
        assert_eq!(read, Some(EntraClaims { subject: Some("o".into()), application: Some("a".into()) }));
    }
}
