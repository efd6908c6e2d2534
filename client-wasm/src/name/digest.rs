//! Digests: the name of content by its hash, by the grammar of the OCI image specification ("Digests").

use sha2::Digest as _;

use super::name_error::NameError;
use super::name_traits::name_traits;

/// `algorithm:hex`, for instance `sha256:` and 64 hexadecimal digits. sha256 and sha512 are known; Azure Container Registry uses sha256.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

name_traits!(Digest);

impl Digest {
    /// The algorithm this client hashes with.
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
        let mut hasher = DigestHasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The part before the colon.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.0.split_once(':').map_or("", |(algorithm, _)| algorithm)
    }

    /// The part behind the colon.
    #[must_use]
    pub fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, hex)| hex)
    }

    /// The algorithm and the first 12 digits: enough for a person to tell digests apart.
    #[must_use]
    pub fn short(&self) -> String {
        let hex: String = self.hex().chars().take(12).collect();
        format!("{}:{hex}", self.algorithm())
    }
}

/// Hashes content as it passes and gives its sha256 digest at the end.
#[derive(Clone, Default)]
pub struct DigestHasher(sha2::Sha256);

impl DigestHasher {
    /// Takes the next bytes of the content.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        const HEX: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        let mut text = String::with_capacity(71);
        text.push_str("sha256:");
        for byte in self.0.finalize() {
            for nibble in [byte >> 4, byte & 0xf] {
                text.extend(HEX.get(usize::from(nibble)));
            }
        }
        Digest(text)
    }
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
    fn a_digest_shows_its_parts() {
        let digest: Digest = EMPTY.parse().unwrap();
        assert_eq!(digest.algorithm(), "sha256");
        assert_eq!(digest.hex().len(), 64);
        assert_eq!(digest.short(), "sha256:e3b0c44298fc");
        assert!(format!("sha512:{}", "0".repeat(128)).parse::<Digest>().is_ok());
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
