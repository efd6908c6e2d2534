//! The storage address that a blob's redirect leads to: signed, short-lived, of its own origin, and shaped like the
//! shared access signatures of Azure storage.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::auth::Signer;
use crate::protocol::name::Digest;
use crate::protocol::query::{Query, encode};
use crate::protocol::time::Time;

const ACCOUNT: &str = "1a631763db8f41758cb3bd3d6279a0dd";
const CONTAINER: &str = "1a631763db8f41758cb3bd3d6279a0dd-rv6ulcos1a";
const VERSION: &str = "2016-05-31";

/// A signed address of a blob.
pub(crate) struct StorageAddress {
    scheme: &'static str,
    host: String,
    path: String,
    expires: String,
    signature: String,
}

impl StorageAddress {
    /// The address of a blob on `host`, which has its port, good until `expires`.
    pub(crate) fn sign(
        signer: &Signer,
        scheme: &'static str,
        host: String,
        digest: &Digest,
        expires: Time,
    ) -> Self {
        let path = path_of(digest);
        let expires = expires.to_seconds_string();
        let signature = STANDARD.encode(signer.mac(signed_text(&path, &expires).as_bytes()));
        Self { scheme, host, path, expires, signature }
    }
}

impl fmt::Display for StorageAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, path, expires, signature } = self;
        let (expires, signature) = (encode(expires), encode(signature));
        write!(
            f,
            "{scheme}://{host}{path}?se={expires}&sig={signature}&sp=r&spr={scheme}&sr=b&sv={VERSION}&regid={ACCOUNT}"
        )
    }
}

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressError {
    /// Nothing lies there.
    NoSuchPath,
    /// The signature is not ours.
    Signature,
    /// Its time is over.
    Expired,
}

/// The digest that an address was signed for.
pub(crate) fn verify(signer: &Signer, path: &str, query: &Query, now: Time) -> Result<Digest, AddressError> {
    let digest = digest_of(path).ok_or(AddressError::NoSuchPath)?;
    let expires = query.get("se").unwrap_or_default();
    let signature =
        STANDARD.decode(query.get("sig").unwrap_or_default()).map_err(|_| AddressError::Signature)?;
    if path != path_of(&digest) || !signer.verify(signed_text(path, expires).as_bytes(), &signature) {
        return Err(AddressError::Signature);
    }
    // The spelling has fixed places, so the order of texts is the order of times.
    if *expires <= *now.to_seconds_string() { Err(AddressError::Expired) } else { Ok(digest) }
}

fn path_of(digest: &Digest) -> String {
    let hex = digest.hex();
    let shard = hex.get(..2).unwrap_or_default();
    format!("/{CONTAINER}//docker/registry/v2/blobs/{}/{shard}/{hex}/data", digest.algorithm())
}

/// The digest that a path of `path_of` names.
fn digest_of(path: &str) -> Option<Digest> {
    let mut parts = path.strip_suffix("/data")?.rsplit('/');
    let (hex, _shard, algorithm) = (parts.next()?, parts.next()?, parts.next()?);
    Digest::parse(&format!("{algorithm}:{hex}"))
}

fn signed_text(path: &str, expires: &str) -> String {
    format!("storage\n{path}\n{expires}")
}

/// A host without its port, an IPv6 address with its brackets.
fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// The host of storage for a client that reached the registry at `host`: another name of this machine where there is
/// one, since clients drop their credentials on the way to another host only.
pub(crate) fn other_host(host: &str) -> &str {
    match host_name(host) {
        "localhost" => "127.0.0.1",
        "127.0.0.1" | "[::1]" => "localhost",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_good_for_its_blob_and_its_time_only() {
        let signer = Signer::random();
        let digest = Digest::of(b"blob");
        let path = path_of(&digest);
        let expires = "2024-01-24T06:18:09Z";
        let signature = STANDARD.encode(signer.mac(signed_text(&path, expires).as_bytes()));
        let query =
            |expires: &str| Query::parse(&format!("se={}&sig={}", encode(expires), encode(&signature)));
        let before = Time::from_unix_seconds(1_706_077_088);
        let after = Time::from_unix_seconds(1_706_077_089);
        assert_eq!(verify(&signer, &path, &query(expires), before), Ok(digest.clone()));
        assert_eq!(verify(&signer, &path, &query(expires), after), Err(AddressError::Expired));
        let later = query("2034-01-24T06:18:09Z");
        assert_eq!(verify(&signer, &path, &later, before), Err(AddressError::Signature));
        let other = path_of(&Digest::of(b"other"));
        assert_eq!(verify(&signer, &other, &query(expires), before), Err(AddressError::Signature));
        assert_eq!(verify(&signer, "/", &query(expires), before), Err(AddressError::NoSuchPath));
        assert_eq!(verify(&Signer::random(), &path, &query(expires), before), Err(AddressError::Signature));
    }

    #[test]
    fn storage_is_another_host_where_this_machine_has_two_names() {
        assert_eq!(other_host("localhost:5000"), "127.0.0.1");
        assert_eq!(other_host("127.0.0.1:5000"), "localhost");
        assert_eq!(other_host("[::1]:5000"), "localhost");
        assert_eq!(other_host("registry.test:5000"), "registry.test");
    }

    #[test]
    fn hosts_lose_their_port_only() {
        assert_eq!(host_name("localhost:5000"), "localhost");
        assert_eq!(host_name("[::1]:5000"), "[::1]");
        assert_eq!(host_name("contoso.azurecr.io"), "contoso.azurecr.io");
    }
}
