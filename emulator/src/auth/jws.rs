//! Signatures of schema 1 manifests: JSON web signatures with a key of this process (distribution, "Manifest v2, schema 1:
//! signed manifests").

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::Serialize;
use serde_json::json;

use super::key_id::key_id;
use crate::protocol::time::Time;

/// A key for as long as the process lives: clients do not know it, so that it need not be kept.
#[derive(Debug, Default)]
pub(crate) struct ManifestSigner {
    key: OnceLock<Option<EcdsaKeyPair>>,
}

/// The signature block of a signed manifest.
#[derive(Serialize)]
struct Signature {
    header: serde_json::Value,
    signature: String,
    protected: String,
}

/// What the signature protects: where the payload ends in the signed document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Protected {
    format_length: usize,
    format_tail: String,
    time: String,
}

impl ManifestSigner {
    /// The document with a signature over all of it put before its closing brace; `None` when `payload` does not end in
    /// one or no key can be made.
    pub(crate) fn sign(&self, payload: &str, now: Time) -> Option<String> {
        let key = self.key.get_or_init(new_key).as_ref()?;
        let head = payload.strip_suffix("\n}")?;
        let protected = Protected {
            format_length: head.len(),
            format_tail: URL_SAFE_NO_PAD.encode("\n}"),
            time: now.to_seconds_string(),
        };
        let protected = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&protected).ok()?);
        let signed = format!("{protected}.{}", URL_SAFE_NO_PAD.encode(payload));
        let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        let public = key.public_key().as_ref();
        // An uncompressed point: a byte that says so, then both coordinates.
        let (x, y) = public.get(1..)?.split_at_checked(32)?;
        let block = Signature {
            header: json!({
                "jwk": {
                    "crv": "P-256",
                    "kid": key_id(public),
                    "kty": "EC",
                    "x": URL_SAFE_NO_PAD.encode(x),
                    "y": URL_SAFE_NO_PAD.encode(y),
                },
                "alg": "ES256",
            }),
            signature: URL_SAFE_NO_PAD.encode(signature.as_ref()),
            protected,
        };
        let block = serde_json::to_string_pretty(&[block]).ok()?.replace('\n', "\n   ");
        Some(format!("{head},\n   \"signatures\": {block}\n}}"))
    }
}

fn new_key() -> Option<EcdsaKeyPair> {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).ok()?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_is_found_again_and_the_signature_is_valid() {
        let signer = ManifestSigner::default();
        let payload = "{\n   \"schemaVersion\": 1\n}";
        let signed = signer.sign(payload, Time::from_unix_seconds(1_678_416_483)).unwrap();
        let document: serde_json::Value = serde_json::from_str(&signed).unwrap();
        let block = &document["signatures"][0];
        let protected = block["protected"].as_str().unwrap();
        let read: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(protected).unwrap()).unwrap();
        assert_eq!(
            (&read["formatLength"], &read["formatTail"]),
            (&(payload.len() - 2).into(), &"Cn0".into())
        );
        let message = format!("{protected}.{}", URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.decode(block["signature"].as_str().unwrap()).unwrap();
        let public = signer.key.get().unwrap().as_ref().unwrap().public_key().as_ref();
        let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, public);
        assert!(key.verify(message.as_bytes(), &signature).is_ok());
        assert_eq!(signer.sign("{}", Time::default()), None);
    }
}
