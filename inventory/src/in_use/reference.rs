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
    /// Reads a reference that names its registry; `None` for anything else, Docker Hub's short names included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = ["docker-pullable://", "docker://", "oci://", "https://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(text);
        let (registry, rest) = text.split_once('/')?;
        let is_host = registry.contains(['.', ':']) || registry == "localhost";
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
        if !is_host || !registry.bytes().all(allowed) {
            return None;
        }
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
            registry: registry.to_ascii_lowercase(),
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

/// The references in a line of text, whatever surrounds them.
pub(super) fn references_in(text: &str) -> impl Iterator<Item = ImageReference> + '_ {
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '@');
    text.split(move |c: char| !joins(c)).filter(|word| word.contains('/')).filter_map(|word| {
        // A sentence may end after a reference, and a YAML key before one.
        let word =
            word.trim_end_matches(['.', ':', '-', '/', '@']).trim_start_matches(['.', '-', ':', '/', '@']);
        ImageReference::parse(word)
    })
}

/// A reference in the parts that charts keep apart: `repository` with or without its registry, `tag` and `digest`.
pub(super) fn of_parts(
    registry: Option<&str>,
    repository: &str,
    tag: Option<&str>,
    digest: Option<&str>,
) -> Option<ImageReference> {
    let mut text = String::new();
    if let Some(registry) = registry.filter(|registry| !registry.is_empty()) {
        text.push_str(registry.trim_end_matches('/'));
        text.push('/');
    }
    text.push_str(repository);
    if let Some(tag) = tag.filter(|tag| !tag.is_empty()) {
        text.push(':');
        text.push_str(tag);
    }
    if let Some(digest) = digest.filter(|digest| !digest.is_empty()) {
        text.push('@');
        text.push_str(digest);
    }
    ImageReference::parse(&text)
}
