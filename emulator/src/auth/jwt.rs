//! The registry's own tokens: JWTs with the claims of the real service, signed with HS256 and a key of this registry.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;
use uuid::Uuid;

use super::identity::Identity;
use super::scope::Access;
use crate::protocol::time::Time;

const REFRESH: &str = "refresh_token";
const ACCESS: &str = "access_token";

/// Signs and verifies.
#[derive(Clone)]
pub(crate) struct Signer {
    key: [u8; 32],
}

/// What of a token the registry reads back.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Claims {
    pub(crate) exp: u64,
    pub(crate) grant_type: String,
    /// The identity, as `Identity::subject` spells it.
    pub(crate) sub: String,
    #[serde(default)]
    pub(crate) access: Vec<Access>,
}

#[derive(Serialize)]
struct Payload<'a> {
    jti: String,
    sub: &'a str,
    nbf: u64,
    exp: u64,
    iat: u64,
    iss: &'static str,
    aud: &'a str,
    version: &'static str,
    rid: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<&'a [Access]>,
    grant_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    appid: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    permissions: Permissions,
    roles: [(); 0],
}

#[derive(Serialize)]
struct Permissions {
    #[serde(rename = "Actions")]
    actions: Vec<&'static str>,
    #[serde(rename = "NotActions")]
    not_actions: Option<()>,
}

const RID: &str = "0b5c1c1b7d9e4e1c9a2f3c5d7e9f1a2b";

impl Signer {
    /// A signer with an existing key.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A new random key.
    pub(crate) fn random_key() -> [u8; 32] {
        let mut key = [0; 32];
        let halves = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        key.copy_from_slice(&halves);
        key
    }

    /// A signer with a key of its own.
    #[cfg(test)]
    pub(crate) fn random() -> Self {
        Self::new(Self::random_key())
    }

    /// The MAC of `message`.
    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        self.hmac(message).finalize().into_bytes().into()
    }

    /// Whether `tag` is the MAC of `message`, in constant time.
    pub(crate) fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        self.hmac(message).verify_slice(tag).is_ok()
    }

    fn hmac(&self, message: &[u8]) -> Hmac<Sha256> {
        // A key of 32 bytes is always taken; the fallback only keeps this total.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(message);
        mac
    }

    /// A refresh token for `identity`.
    pub(crate) fn refresh(
        &self,
        identity: &Identity,
        audience: &str,
        now: Time,
        lifetime: Duration,
    ) -> String {
        self.mint(identity, audience, now, lifetime, None)
    }

    /// An access token for `identity` with what it was granted.
    pub(crate) fn access(
        &self,
        identity: &Identity,
        audience: &str,
        now: Time,
        lifetime: Duration,
        access: &[Access],
    ) -> String {
        self.mint(identity, audience, now, lifetime, Some(access))
    }

    fn mint(
        &self,
        identity: &Identity,
        audience: &str,
        now: Time,
        lifetime: Duration,
        access: Option<&[Access]>,
    ) -> String {
        let issued = now.unix_seconds();
        let entra = identity.is_entra();
        let payload = Payload {
            jti: Uuid::new_v4().to_string(),
            sub: &identity.subject(),
            nbf: issued,
            exp: issued.saturating_add(lifetime.as_secs()),
            iat: issued,
            iss: "Azure Container Registry",
            aud: audience,
            version: "1.0",
            rid: RID,
            access,
            grant_type: if access.is_some() { ACCESS } else { REFRESH },
            appid: entra.then_some("04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
            tenant: identity.tenant(),
            permissions: Permissions { actions: identity.permissions(), not_actions: None },
            roles: [],
        };
        let header = br#"{"typ":"JWT","alg":"HS256","kid":"EMULATOR"}"#;
        let payload = serde_json::to_vec(&payload).unwrap_or_default();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.mac(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The claims of an access token that is ours and has not expired.
    pub(crate) fn verify_access(&self, token: &str, now: Time) -> Option<Claims> {
        self.claims(token, now).filter(|claims| claims.grant_type == ACCESS)
    }

    /// The identity of a refresh token that is ours and has not expired.
    pub(crate) fn verify_refresh(&self, token: &str, now: Time) -> Option<Claims> {
        self.claims(token, now).filter(|claims| claims.grant_type == REFRESH)
    }

    fn claims(&self, token: &str, now: Time) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !self.verify(signed.as_bytes(), &signature) {
            return None;
        }
        let claims: Claims = payload_of(signed)?;
        (claims.exp > now.unix_seconds()).then_some(claims)
    }
}

/// Whether `token` looks like a JWT whose `exp` has passed: the only reason to doubt a foreign token.
#[allow(
    clippy::cast_precision_loss,
    reason = "seconds fit a double exactly for longer than there are clocks"
)]
pub(crate) fn is_expired_jwt(token: &str, now: Time) -> bool {
    let now = now.unix_seconds() as f64;
    let expiry = token.rsplit_once('.').and_then(|(signed, _)| payload_of::<Value>(signed));
    // RFC 7519, section 2: a date may have a fraction.
    expiry.and_then(|claims| claims.get("exp")?.as_f64()).is_some_and(|exp| exp <= now)
}

/// A claim of a foreign JWT, as text.
pub(crate) fn foreign_claim(token: &str, name: &str) -> Option<String> {
    let claims: Value = payload_of(token.rsplit_once('.')?.0)?;
    claims.get(name)?.as_str().map(str::to_owned)
}

fn payload_of<T: serde::de::DeserializeOwned>(signed: &str) -> Option<T> {
    let (_, payload) = signed.split_once('.')?;
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_unix_seconds(1_700_000_000);

    #[test]
    fn a_token_is_good_for_its_lifetime_and_its_kind_only() {
        let signer = Signer::random();
        let token = signer.refresh(
            &Identity::Admin("contoso".into()),
            "contoso.azurecr.io",
            NOW,
            Duration::from_secs(60),
        );
        assert_eq!(
            signer.verify_refresh(&token, NOW).unwrap().sub,
            Identity::Admin("contoso".into()).subject()
        );
        assert!(signer.verify_access(&token, NOW).is_none());
        assert!(signer.verify_refresh(&token, NOW.after(Duration::from_secs(60))).is_none());
        assert!(Signer::random().verify_refresh(&token, NOW).is_none());
    }

    #[test]
    fn malformed_tokens_are_refused() {
        let signer = Signer::random();
        for bad in ["", ".", "..", "a.b.c", "Sanitized"] {
            assert!(signer.verify_access(bad, NOW).is_none(), "{bad}");
        }
    }

    #[test]
    fn only_a_jwt_that_has_expired_is_doubted() {
        let jwt = |exp: &str| {
            format!(
                "{}.{}.x",
                URL_SAFE_NO_PAD.encode("{}"),
                URL_SAFE_NO_PAD.encode(format!("{{\"exp\":{exp}}}"))
            )
        };
        assert!(is_expired_jwt(&jwt("1699999999"), NOW));
        assert!(is_expired_jwt(&jwt("100.5"), NOW));
        assert!(is_expired_jwt(&jwt("-1"), NOW));
        assert!(!is_expired_jwt(&jwt("1700000001"), NOW));
        assert!(!is_expired_jwt(&jwt("1700000001.5"), NOW));
        assert!(!is_expired_jwt("Sanitized", NOW));
    }
}
