//! What names a manifest inside a repository: a tag or a digest.

use std::fmt;
use std::str::FromStr;

use super::digest::Digest;
use super::name_error::NameError;
use super::tag::TagName;

/// A tag or a digest. A text with a colon is a digest, since no tag may hold one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// A name that can be moved to another manifest.
    Tag(TagName),
    /// A hash that names one manifest for good.
    Digest(Digest),
}

impl Reference {
    /// The reference as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Tag(tag) => tag.as_str(),
            Self::Digest(digest) => digest.as_str(),
        }
    }
}

impl FromStr for Reference {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.contains(':') {
            Digest::parse(text).map(Self::Digest)
        } else {
            TagName::parse(text).map(Self::Tag)
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AsRef<str> for Reference {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<TagName> for Reference {
    fn from(tag: TagName) -> Self {
        Self::Tag(tag)
    }
}

impl From<Digest> for Reference {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_makes_a_digest_and_its_absence_a_tag() {
        assert!(matches!("latest".parse(), Ok(Reference::Tag(_))));
        assert!(matches!(Digest::of(b"").as_str().parse(), Ok(Reference::Digest(_))));
        assert!("sha256:nope".parse::<Reference>().is_err());
        assert!("".parse::<Reference>().is_err());
    }
}
