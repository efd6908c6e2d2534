//! Digests: the name of content by its hash, by the grammar of the OCI image specification ("Digests").

use sha2::Digest as _;

use super::name_error::NameError;
use super::name_traits::name_traits;

/// `algorithm:hex`, for instance `sha256:` and 64 hexadecimal digits. sha256 and sha512 are known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

name_traits!(Digest);

impl Digest {
    /// The algorithm that content is hashed with before it is sent.
    pub const SHA256: &'static str = "sha256";

    pub(super) fn parse(text: &str) -> Result<Self, NameError> {
        let refuse = |rule| Err(NameError::new("digest", text, rule));
        let Some((algorithm, hex)) = text.split_once(':') else {
            return refuse("it has no colon between algorithm and hash");
        };
        let length = match algorithm {
            "sha256" => 64,
            "sha512" => 128,
            _ => return refuse("its algorithm is neither sha256 nor sha512"),
        };
        if hex.len() != length || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return refuse("its hash has the wrong length or characters other than 0-9 and a-f");
        }
        Ok(Self(text.to_owned()))
    }

    /// The sha256 digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        hashed(DigestHasher::default(), bytes)
    }

    /// The digest of `bytes` by the algorithm of this one: equal to it if the bytes are the content it names.
    #[must_use]
    pub fn recompute(&self, bytes: &[u8]) -> Self {
        hashed(DigestHasher::like(self), bytes)
    }

    /// The part before the colon.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.0.split_once(':').map_or("", |(algorithm, _)| algorithm)
    }

    /// The part after the colon.
    #[must_use]
    pub fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, hex)| hex)
    }

    /// The algorithm and the first 12 digits: enough for a person to distinguish digests.
    #[must_use]
    pub fn short(&self) -> String {
        let hex: String = self.hex().chars().take(12).collect();
        format!("{}:{hex}", self.algorithm())
    }

    /// The tag under which clients keep the referrers of what it names where a registry has no referrers API (OCI distribution
    /// specification, "Referrers Tag Schema"): at most 64 digits of it, so that the tag of a sha512 digest is not too long.
    #[must_use]
    pub fn referrers_tag(&self) -> String {
        let hex = self.hex();
        [self.algorithm(), "-", hex.get(..64).unwrap_or(hex)].concat()
    }
}

fn hashed(mut hasher: DigestHasher, bytes: &[u8]) -> Digest {
    hasher.update(bytes);
    hasher.finish()
}

/// Hashes content as it streams and returns its digest at the end. The default is sha256.
#[derive(Clone, Default)]
pub struct DigestHasher(Algorithm);

#[derive(Clone)]
enum Algorithm {
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
}

impl Default for Algorithm {
    fn default() -> Self {
        Self::Sha256(sha2::Sha256::default())
    }
}

impl DigestHasher {
    /// A hasher of the algorithm of a digest, to verify content against it.
    #[must_use]
    pub fn like(digest: &Digest) -> Self {
        Self(if digest.algorithm() == Digest::SHA256 {
            Algorithm::default()
        } else {
            Algorithm::Sha512(sha2::Sha512::default())
        })
    }

    /// Takes the next bytes of the content.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Algorithm::Sha256(hasher) => hasher.update(bytes),
            Algorithm::Sha512(hasher) => hasher.update(bytes),
        }
    }

    /// The digest of everything taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.0 {
            Algorithm::Sha256(hasher) => written("sha256:", &hasher.finalize()),
            Algorithm::Sha512(hasher) => written("sha512:", &hasher.finalize()),
        }
    }
}

fn written(algorithm: &str, hash: &[u8]) -> Digest {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(algorithm.len() + 2 * hash.len());
    text.push_str(algorithm);
    for byte in hash {
        for nibble in [byte >> 4, byte & 0xf] {
            text.extend(HEX.get(usize::from(nibble)));
        }
    }
    Digest(text)
}

impl std::fmt::Debug for DigestHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DigestHasher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_digest_of_nothing_is_the_known_one() {
        assert_eq!(Digest::of(b"").as_str(), EMPTY);
    }

    #[test]
    fn hashing_in_pieces_equals_hashing_at_once() {
        let mut hasher = DigestHasher::default();
        hasher.update(b"hello ");
        hasher.update(b"world");
        assert_eq!(hasher.finish(), Digest::of(b"hello world"));
    }

    #[test]
    fn content_is_verified_by_the_algorithm_of_its_digest() {
        let known = "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        let known: Digest = known.parse().unwrap();
        assert_eq!(known.recompute(b"abc"), known);
        assert_ne!(known.recompute(b"abd"), known);
        assert_eq!(Digest::of(b"abc").recompute(b"abc"), Digest::of(b"abc"));
    }

    #[test]
    fn a_digest_shows_its_parts() {
        let digest: Digest = EMPTY.parse().unwrap();
        assert_eq!(digest.algorithm(), "sha256");
        assert_eq!(digest.hex().len(), 64);
        assert_eq!(digest.short(), "sha256:e3b0c44298fc");
    }

    #[test]
    fn the_referrers_tag_of_every_digest_is_a_tag() {
        let digest: Digest = EMPTY.parse().unwrap();
        assert_eq!(digest.referrers_tag(), EMPTY.replace(':', "-"));
        let long: Digest = format!("sha512:{}", "0a".repeat(64)).parse().unwrap();
        assert_eq!(long.referrers_tag(), format!("sha512-{}", "0a".repeat(32)));
        assert!(long.referrers_tag().parse::<crate::TagName>().is_ok());
    }

    #[test]
    fn malformed_digests_are_refused() {
        let upper = EMPTY.to_uppercase();
        let twice = format!("sha256:{EMPTY}");
        for bad in
            ["", "sha256", "sha256:", "sha256:00", "md5:d41d8cd98f00b204e9800998ecf8427e", &upper, &twice]
        {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
    }
}
