//! The keys that Entra tokens are signed with: a JSON Web Key Set (RFC 7517) of RSA keys, and of keys of the curve P-256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// Public keys. With them only tokens that one of them verifies are accepted.
#[derive(Clone, Debug)]
pub struct EntraKeys {
    keys: Vec<Key>,
}

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    /// For RS256.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// For ES256: an uncompressed point of the curve P-256.
    P256 { point: Vec<u8> },
}

/// Why a key set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EntraKeysError {
    /// It is not a JSON Web Key Set.
    #[error("it is not a JSON Web Key Set: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It has no key that tokens can be signed with.
    #[error("it has neither an RSA key with a modulus and an exponent, nor a key of the curve P-256")]
    Empty,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<WireKey>,
}

#[derive(Deserialize)]
struct WireKey {
    kid: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

impl EntraKeys {
    /// Reads a key set. Keys of other kinds than RSA and P-256 are ignored.
    ///
    /// # Errors
    /// When it is not a key set, or has no key of these kinds.
    pub fn parse(json: &[u8]) -> Result<Self, EntraKeysError> {
        let set: KeySet = serde_json::from_slice(json)?;
        let keys: Vec<Key> = set.keys.into_iter().filter_map(Key::from_wire).collect();
        if keys.is_empty() { Err(EntraKeysError::Empty) } else { Ok(Self { keys }) }
    }

    /// The key of one point of the curve P-256.
    pub(super) fn of_point(id: String, point: Vec<u8>) -> Self {
        Self { keys: vec![Key { id: Some(id), material: Material::P256 { point } }] }
    }

    /// Whether one of the keys has signed the token, by RS256 or ES256 as its kind demands.
    pub(super) fn verify(&self, token: &str) -> bool {
        self.check(token).unwrap_or_default()
    }

    fn check(&self, token: &str) -> Option<bool> {
        let (signed, signature) = token.rsplit_once('.')?;
        let header = URL_SAFE_NO_PAD.decode(signed.split_once('.')?.0).ok()?;
        let header: Header = serde_json::from_slice(&header).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let named = |key: &&Key| key.id.is_none() || header.kid.is_none() || key.id == header.kid;
        let mut named = self.keys.iter().filter(named);
        Some(named.any(|key| key.material.verifies(&header.alg, signed.as_bytes(), &signature)))
    }
}

impl Key {
    fn from_wire(key: WireKey) -> Option<Self> {
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        let material = match (&key.n, &key.e, key.crv.as_deref(), &key.x, &key.y) {
            (Some(n), Some(e), ..) => Material::Rsa { modulus: decode(n)?, exponent: decode(e)? },
            (_, _, Some("P-256"), Some(x), Some(y)) => {
                Material::P256 { point: [vec![4], decode(x)?, decode(y)?].concat() }
            }
            _ => return None,
        };
        Some(Self { id: key.kid, material })
    }
}

impl Material {
    fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (Self::Rsa { modulus, exponent }, "RS256") => {
                let public = RsaPublicKeyComponents { n: modulus, e: exponent };
                public.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            (Self::P256 { point }, "ES256") => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
            _ => false,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The public half of a key that was made for this test and thrown away.
    const MODULUS: &str = "nNOeAceK467VriKO9KbJQo6gcgAzy-GutUF28Tv2e-scjh0H6CJdIVBZEMskw0_di2Ua8wnidjCbtc4R0H_rccl1RLt6TimT9bH6\
         3mvHMBg5FwkxLRb4FpiKLorghz0reoBFMbZYDGQCqvlVW1ty30e6WExLsFPIkZH5SBq_WJQKLk3C6DmWSb_8yUJccZNzYEbGSZLV\
         UXJOV_YBcXKaRxc3y8Vx8Mdkpbr2sEe1WHOIJbVVR-B9wuUzKPrPgJvrEAR44-J-fwLbjqx1EOV4I9dpQN2GvcH-GYLzNR7Uj8DL\
         27gy01DxSXOrlufVdpRDFzEJhHF-Ysy9PikHcHX2Ow";

    /// A token for the registry that the other half signed.
    pub(in crate::auth) const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJhdWQiOiJodHRwczovL2NvbnRhaW5lcnJlZ2lzdHJ5LmF6\
         dXJlLm5ldCIsImV4cCI6NDEwMjQ0NDgwMCwib2lkIjoibyJ9.Az-T1JbG4h4zLvbCtpdrOrZf7uQtRV0yIst8WzTeDbU-5F29hVb\
         HGPg_0nNjV7l_UZ3dczJ1db-IxKG2TabRCijoY8qH3k7Sv9QGsLo6WvHpncxGfX3yoybDvR0xDAWYfuXjzJ8g39RKHCNMzSWWlW6\
         IMFUJ-0ozSK6fvpGtmz4_XTYw13wr3wl9fK1Khxe6hPLHDKGmCcPTmoBsDNs-3Aus4HHWCmsXLIsv8PGP75sshIVRpr_RPbufEI7\
         IF2w5-PncuVXtgniKfSM_Xw7mZOVZ7-pmGP7d-M0A4qt-974rhvm9qhEXvZ-sH6HEXPywRl2jAI86aGdpGta8Bqj8rg";

    pub(in crate::auth) fn keys() -> EntraKeys {
        let json = format!(
            r#"{{"keys":[{{"kty":"EC","kid":"k0"}},{{"kty":"RSA","kid":"k1","n":"{MODULUS}","e":"AQAB"}}]}}"#
        );
        EntraKeys::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_token_that_a_key_signed_is_verified_and_no_other() {
        assert!(keys().verify(TOKEN));
        let (signed, signature) = TOKEN.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        for forged in
            [format!("{header}.e30.{signature}"), format!("{signed}."), format!("{none}.e30."), String::new()]
        {
            assert!(!keys().verify(&forged), "{forged}");
        }
    }

    #[test]
    fn a_set_without_a_usable_key_is_refused() {
        assert!(matches!(EntraKeys::parse(b"{}"), Err(EntraKeysError::Malformed(_))));
        assert!(matches!(EntraKeys::parse(br#"{"keys":[{"kty":"EC"}]}"#), Err(EntraKeysError::Empty)));
    }
}
