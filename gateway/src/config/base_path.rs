//! Where below its origin the gateway is reached: `/` or `/acr/`. Parsing and stripping only.

use std::fmt;
use std::str::FromStr;

/// A path that starts and ends with a slash and holds only plain segments; decided at run time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasePath(String);

impl BasePath {
    /// The path with both slashes, `/` or `/acr/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rest of a request's path below this base, with its leading slash; `None` when it lies elsewhere.
    ///
    /// The base without its closing slash (`/acr`) is the base itself.
    pub(crate) fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let without_slash = self.0.strip_suffix('/').unwrap_or(&self.0);
        match path.strip_prefix(without_slash)? {
            "" => Some("/"),
            rest if rest.starts_with('/') => Some(rest),
            _ => None,
        }
    }
}

impl Default for BasePath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl fmt::Display for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BasePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim_matches('/');
        if trimmed.is_empty() {
            return Ok(Self::default());
        }
        let plain = |segment: &str| {
            !segment.is_empty()
                && segment
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~'))
                && !matches!(segment, "." | "..")
        };
        if !trimmed.split('/').all(plain) {
            return Err(format!(
                "{text:?} is not a base path; write one such as /acr/ of letters, digits and - _ . ~"
            ));
        }
        let first = trimmed.split('/').next().unwrap_or(trimmed);
        if trimmed == first && matches!(first, "healthz" | "readyz" | "metrics") {
            return Err(format!("{text:?} is the gateway's own; choose another path, such as /acr/"));
        }
        Ok(Self(format!("/{trimmed}/")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_the_same_with_and_without_its_slashes() {
        for text in ["acr", "/acr", "acr/", "/acr/"] {
            assert_eq!(text.parse::<BasePath>().unwrap().as_str(), "/acr/", "{text}");
        }
        for text in ["", "/"] {
            assert_eq!(text.parse::<BasePath>().unwrap().as_str(), "/");
        }
    }

    #[test]
    fn a_base_path_with_anything_but_plain_segments_is_refused() {
        for text in ["/a//b/", "/../", "/healthz/", "/metrics", "/a b/", "/a\"b/", "/%2F/", "/a?b/"] {
            assert!(text.parse::<BasePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn stripping_needs_a_whole_segment() {
        let base: BasePath = "/acr/".parse().unwrap();
        assert_eq!(base.strip("/acr"), Some("/"));
        assert_eq!(base.strip("/acr/"), Some("/"));
        assert_eq!(base.strip("/acr/config.json"), Some("/config.json"));
        assert_eq!(base.strip("/acrobat"), None);
        assert_eq!(base.strip("/"), None);
        assert_eq!(BasePath::default().strip("/demo/x"), Some("/demo/x"));
    }
}
