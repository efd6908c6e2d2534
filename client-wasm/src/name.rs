//! Names a registry knows things by: repositories, tags, digests, media types. Each is a newtype parsed once, at the edge, so that
//! nothing behind it has to check again. No I/O and no knowledge of any endpoint here.

mod digest;
mod media_type;
mod reference;
mod repository;
mod tag;

pub use digest::{Digest, DigestHasher};
pub use media_type::MediaType;
pub use reference::Reference;
pub use repository::RepositoryName;
pub use tag::TagName;

/// Why a text is not the name it was meant to be. The text itself is quoted, cut to a readable length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{quoted} is not a valid {what}: {rule}")]
pub struct NameError {
    what: &'static str,
    rule: &'static str,
    quoted: String,
}

impl NameError {
    pub(crate) fn new(what: &'static str, text: &str, rule: &'static str) -> Self {
        const LONGEST_QUOTE: usize = 80;
        let mut quoted: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_QUOTE).collect();
        if quoted.len() < text.len() {
            quoted.push('…');
        }
        Self { what, rule, quoted: format!("\"{quoted}\"") }
    }

    /// What the text was meant to be, for instance "repository name".
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// The rule the text breaks, as a sentence for the person who typed it.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

/// The traits every name shares: a name prints as it was written, and is made by parsing alone.
macro_rules! name_traits {
    ($name:ident) => {
        impl $name {
            /// The name as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::name::NameError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $crate::name::NameError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }
    };
}
use name_traits;
