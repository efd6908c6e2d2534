//! Image references as container runtimes write them: `registry/repository:tag@digest`.

use std::fmt;

use acr_client_wasm::{Digest, RepositoryName, TagName};

/// An image reference with a registry (the reference grammar of Docker's distribution).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageReference {
    /// The registry's host, and its port where it has one; lower-case.
    pub registry: String,
    /// The repository.
    pub repository: String,
    /// The tag, where one is named.
    pub tag: Option<String>,
    /// The digest, where one is named.
    pub digest: Option<String>,
}

impl ImageReference {
    /// Reads a reference that names its registry; `None` for anything else, Docker Hub's short names included. A scheme in front, such as
    /// `docker://`, and the default port are left out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, text) = match text.split_once("://") {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
            _ => ("", text),
        };
        let (registry, rest) = text.split_once('/')?;
        let registry = host(registry, scheme)?;
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.parse::<Digest>().ok()?)),
            None => (rest, None),
        };
        let (repository, tag) = match rest.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag.parse::<TagName>().ok()?)),
            None => (rest, None),
        };
        let repository = repository.parse::<RepositoryName>().ok()?;
        Some(Self {
            registry,
            repository: repository.as_str().to_owned(),
            tag: tag.map(|tag| tag.as_str().to_owned()),
            digest: digest.map(|digest| digest.as_str().to_owned()),
        })
    }

    /// The tag that is pulled: `latest` where neither tag nor digest is named.
    #[must_use]
    pub fn pulled_tag(&self) -> Option<&str> {
        self.tag.as_deref().or_else(|| self.digest.is_none().then_some("latest"))
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// A registry's host in one form: lower-case, and without the port of HTTPS, or that of HTTP where the scheme says so. `None` for what is no
/// host, or may be a part of a name as well.
pub(super) fn host(text: &str, scheme: &str) -> Option<String> {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let is_label = |label: &str| !label.starts_with('-') && !label.ends_with('-');
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if name.is_empty()
        || !name.bytes().all(allowed)
        || !name.split('.').all(is_label)
        || !port.is_none_or(is_port)
    {
        return None;
    }
    if port.is_none() && !name.contains('.') && !name.eq_ignore_ascii_case("localhost") {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(match port {
        None | Some("443") => name,
        Some("80") if scheme == "http" => name,
        Some(port) => format!("{name}:{port}"),
    })
}

fn is_scheme(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(allowed)
}
