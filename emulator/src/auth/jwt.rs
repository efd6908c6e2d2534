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
use super::key_id::key_id;
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
    pub(crate) appid: Option<String>,
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
    appid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<Permissions>,
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
        let is_access = access.is_some();
        let payload = Payload {
            jti: Uuid::new_v4().to_string(),
            sub: &identity.subject(),
            nbf: issued,
            exp: issued.saturating_add(lifetime.as_secs()),
            iat: issued,
            iss: "Azure Container Registry",
            aud: audience,
            version: if is_access && identity.is_entra() { "2.0" } else { "1.0" },
            rid: RID,
            access,
            grant_type: if is_access { ACCESS } else { REFRESH },
            appid: identity.application(),
            tenant: identity.tenant().filter(|_| !is_access),
            permissions: (!is_access)
                .then(|| Permissions { actions: identity.permissions(), not_actions: None }),
            roles: [],
        };
        // The service signs with RS256. Its clients cannot verify that, so that only the header's form matters to them.
        let header = format!(r#"{{"alg":"RS256","typ":"JWT","kid":"{}"}}"#, key_id(&self.key));
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

/// The claims of a JWT that another service has signed. Its signature is not checked.
pub(super) fn foreign_claims(token: &str) -> Option<Value> {
    payload_of(token.rsplit_once('.')?.0)
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
}
