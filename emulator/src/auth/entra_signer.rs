//! The key that the emulator's authority signs its tokens with. Microsoft Entra ID signs with RS256; `ring` generates no RSA
//! keys, and a key that ships with the emulator would be known to everyone, so that this one is made anew for each process and is of the
//! curve P-256 (ES256, RFC 7518 section 3.4).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::entra_keys::EntraKeys;

/// Signs tokens, and publishes the key that verifies them.
#[derive(Debug)]
pub(crate) struct EntraSigner {
    key: EcdsaKeyPair,
    id: String,
    public: EntraKeys,
}

impl EntraSigner {
    /// A signer with a new key; `None` when the system has no random numbers.
    pub(crate) fn new() -> Option<Self> {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).ok()?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).ok()?;
        let point = key.public_key().as_ref().to_vec();
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(&point));
        let public = EntraKeys::of_point(id.clone(), point);
        Some(Self { key, id, public })
    }

    /// A signed JWT; `None` when the system has no random numbers.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({ "typ": "JWT", "alg": "ES256", "kid": self.id });
        let [header, claims] = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The key that verifies its signatures.
    pub(crate) fn keys(&self) -> &EntraKeys {
        &self.public
    }

    /// The same as a JSON Web Key Set (RFC 7517).
    pub(crate) fn key_set(&self) -> Value {
        // An uncompressed point: a byte that says so, then both coordinates.
        let point = self.key.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|both| both.split_at_checked(32)).unwrap_or_default();
        let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
        json!({ "keys": [{ "kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": self.id, "x": x, "y": y }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_signs_is_verified_by_its_published_keys_alone() {
        let signer = EntraSigner::new().unwrap();
        let token = signer.sign(&json!({ "aud": "x" })).unwrap();
        let published = EntraKeys::parse(signer.key_set().to_string().as_bytes()).unwrap();
        assert!(signer.keys().verify(&token) && published.verify(&token));
        assert!(!EntraSigner::new().unwrap().keys().verify(&token));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        assert!(!published.verify(&format!("{header}.e30.{signature}")));
    }
}
