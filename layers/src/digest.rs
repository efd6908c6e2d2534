//! Digests of OCI content (`sha256:…`, `sha512:…`): parsing, and verification while bytes stream.

use sha2::Digest as _;

use crate::error::LayerError;

/// A digest of the algorithms that the OCI image specification registers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    /// Parses `algorithm:hex`.
    ///
    /// # Errors
    /// [`LayerError::UnsupportedDigest`] for another algorithm, or for characters or a length that it does not have.
    pub fn parse(text: &str) -> Result<Self, LayerError> {
        let unsupported = || LayerError::UnsupportedDigest(text.chars().take(200).collect());
        let (algorithm, hex) = text.split_once(':').ok_or_else(unsupported)?;
        let length = match algorithm {
            "sha256" => 64,
            "sha512" => 128,
            _ => return Err(unsupported()),
        };
        let valid = hex.len() == length && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if valid { Ok(Self(text.to_owned())) } else { Err(unsupported()) }
    }

    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether content was compared with its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// No digest was supplied, or the content did not end.
    Unchecked,
    /// The digest matches.
    Verified(Digest),
    /// The digest does not match: the content must not be presented as the manifest's.
    Mismatch {
        /// The expected digest.
        expected: Digest,
        /// The digest of the content.
        actual: String,
    },
}

/// Hashes bytes as they pass and compares the result with the expected digest.
pub(crate) struct Verifier {
    expected: Digest,
    hasher: Hasher,
}

enum Hasher {
    Sha256(Box<sha2::Sha256>),
    Sha512(Box<sha2::Sha512>),
}

impl Verifier {
    pub(crate) fn new(expected: Digest) -> Self {
        let hasher = if expected.0.starts_with("sha512:") {
            Hasher::Sha512(Box::default())
        } else {
            Hasher::Sha256(Box::default())
        };
        Self { expected, hasher }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Sha512(hasher) => hasher.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Verification {
        let actual = match self.hasher {
            Hasher::Sha256(hasher) => text("sha256", &hasher.finalize()),
            Hasher::Sha512(hasher) => text("sha512", &hasher.finalize()),
        };
        if actual == self.expected.0 {
            Verification::Verified(self.expected)
        } else {
            Verification::Mismatch { expected: self.expected, actual }
        }
    }
}

fn text(algorithm: &str, bytes: &[u8]) -> String {
    let mut text = format!("{algorithm}:");
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_checked() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let digest = Digest::parse(empty).unwrap();
        assert_eq!(Verifier::new(digest.clone()).finish(), Verification::Verified(digest.clone()));
        let mut verifier = Verifier::new(digest);
        verifier.update(b"a");
        assert!(matches!(verifier.finish(), Verification::Mismatch { actual, .. }
            if actual == "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"));
        for invalid in ["", "sha256", "sha256:", "md5:00", &empty.to_uppercase(), "sha256:e3b0"] {
            assert!(Digest::parse(invalid).is_err(), "{invalid}");
        }
    }
}
