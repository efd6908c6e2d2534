//! The names of the registry (repository, tag, digest, reference), parsed once where a request comes in.
//! Grammar: OCI distribution specification, "Pulling manifests", and the reference grammar of Docker.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256, Sha512};

const REPOSITORY_MAX: usize = 255;
const TAG_MAX: usize = 128;
const SHA256: &str = "sha256";
pub(crate) const SHA512: &str = "sha512";

macro_rules! name_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(Arc<str>);

        impl $name {
            /// The name's text.
            #[must_use]
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| D::Error::custom(concat!("not a ", stringify!($name))))
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name_type! {
    /// A repository's name, such as `library/hello-world`: lower-case components joined by slashes, 255 bytes at most.
    RepositoryName
}
name_type! {
    /// A tag: a word character, then up to 127 word characters, dots and dashes.
    TagName
}
name_type! {
    /// A content digest: `sha256:` and 64 lower-case hex digits, or `sha512:` and 128.
    Digest
}

impl RepositoryName {
    /// Parses a name; `None` when it does not follow the grammar.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= REPOSITORY_MAX;
        (fits && text.split('/').all(is_component)).then(|| Self(text.into()))
    }
}

impl TagName {
    /// Parses a tag; `None` when it does not follow the grammar.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let (first, rest) = text.as_bytes().split_first()?;
        let fits = text.len() <= TAG_MAX
            && word(*first)
            && rest.iter().all(|b| word(*b) || matches!(b, b'.' | b'-'));
        fits.then(|| Self(text.into()))
    }
}

impl Digest {
    /// Parses a digest; `None` when its algorithm is unknown or its hex digits are not lower-case or too few or many.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (algorithm, hex) = text.split_once(':')?;
        let length = match algorithm {
            SHA256 => 64,
            SHA512 => 128,
            _ => return None,
        };
        let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (hex.len() == length && hex.bytes().all(is_hex)).then(|| Self(text.into()))
    }

    /// The SHA-256 digest of `bytes`.
    #[must_use]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::from_hash(Sha256::new_with_prefix(bytes))
    }

    /// The digest of `bytes` by the algorithm of this digest.
    #[must_use]
    pub(crate) fn same_algorithm_of(&self, bytes: &[u8]) -> Self {
        if self.algorithm() == SHA512 {
            Self::from_sha512(Sha512::new_with_prefix(bytes))
        } else {
            Self::of(bytes)
        }
    }

    /// The digest that `hash` has arrived at.
    #[must_use]
    pub(crate) fn from_hash(hash: Sha256) -> Self {
        Self::from_bytes(SHA256, &hash.finalize())
    }

    /// The digest that `hash` has arrived at.
    #[must_use]
    pub(crate) fn from_sha512(hash: Sha512) -> Self {
        Self::from_bytes(SHA512, &hash.finalize())
    }

    fn from_bytes(algorithm: &str, bytes: &[u8]) -> Self {
        let mut text = format!("{algorithm}:");
        for byte in bytes {
            text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
            text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        }
        Self(text.into())
    }

    /// `sha256` or `sha512`.
    #[must_use]
    pub(crate) fn algorithm(&self) -> &str {
        self.0.split_once(':').map_or("", |(algorithm, _)| algorithm)
    }

    /// The hex digits after the colon.
    #[must_use]
    pub(crate) fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, hex)| hex)
    }
}

/// What a path names in a repository: a tag or a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// By tag.
    Tag(TagName),
    /// By digest.
    Digest(Digest),
}

impl Reference {
    /// Parses a tag or a digest; `None` when it is neither.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.contains(':') {
            Digest::parse(text).map(Self::Digest)
        } else {
            TagName::parse(text).map(Self::Tag)
        }
    }
}

/// `[a-z0-9]+` runs joined by one dot, one or two underscores, or any number of dashes.
fn is_component(text: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let mut separator = String::new();
    let mut seen = false;
    for byte in text.bytes() {
        if alphanumeric(byte) {
            let joins =
                matches!(separator.as_str(), "" | "." | "_" | "__") || separator.bytes().all(|b| b == b'-');
            if !joins || (!seen && !separator.is_empty()) {
                return false;
            }
            separator.clear();
            seen = true;
        } else {
            separator.push(char::from(byte));
        }
    }
    seen && separator.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repository_names_follow_the_grammar() {
        for good in ["alpine", "library/hello-world", "not_real_repo", "a__b", "a--b", "a.b/c", "0"] {
            assert!(RepositoryName::parse(good).is_some(), "{good}");
        }
        let long = "a".repeat(256);
        for bad in ["", "Alpine", "/a", "a/", "a//b", "a..b", "a___b", "-a", "a-", "a._b", "a b", "é", &long]
        {
            assert!(RepositoryName::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn references_are_tags_or_digests() {
        let digest = Digest::of(b"");
        assert_eq!(
            digest.as_str(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(Reference::parse(digest.as_str()), Some(Reference::Digest(digest.clone())));
        assert!(matches!(Reference::parse("v1.0_x-y"), Some(Reference::Tag(_))));
        let long = Digest::parse(&format!("sha512:{}", "0".repeat(128))).unwrap();
        assert_eq!(long.same_algorithm_of(b"").hex().get(..8), Some("cf83e135"));
        for bad in [
            "",
            ".a",
            "-a",
            "sha256:00",
            "sha512:00",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            "sha256:sha256:00",
            "a:b",
            "a/b",
            &"t".repeat(129),
        ] {
            assert!(Reference::parse(bad).is_none(), "{bad}");
        }
    }
}
