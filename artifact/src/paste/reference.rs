//! A reference as it was pasted, by the grammar of distribution's references.

use acr_client_wasm::{Digest, NameError, Reference, RepositoryName, TagName};

use super::text;
use crate::command::registry_name;

/// A reference as it was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedReference {
    /// The registry's host in lower case, without the default port 443; from a command of `az acr` the registry's name.
    pub registry: Option<String>,
    /// The repository.
    pub repository: RepositoryName,
    /// The tag.
    pub tag: Option<TagName>,
    /// The digest. It decides where there is a tag too.
    pub digest: Option<Digest>,
}

/// Why a text is no reference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasteError {
    /// Nothing was pasted.
    Empty,
    /// The text is longer than a reference can be.
    TooLong,
    /// There is no reference in the text.
    NoReference,
    /// The text names a registry, a tag or a digest, but no repository.
    NoRepository,
    /// The text names several, and only one can be opened.
    Several(usize),
    /// The address has a user name or a password in it.
    Credentials,
    /// The host is none.
    Registry,
    /// The repository's name breaks the grammar.
    Repository(NameError),
    /// The tag breaks the grammar.
    Tag(NameError),
    /// The digest breaks the grammar.
    Digest(NameError),
}

impl std::fmt::Display for PasteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("Nothing was entered."),
            Self::TooLong => f.write_str("This text is too long for an image reference."),
            Self::NoReference => f.write_str("There is no image reference in this text."),
            Self::NoRepository => f.write_str("This text names no repository."),
            Self::Several(count) => write!(f, "This text names {count} images. Enter one of them."),
            Self::Credentials => {
                f.write_str("This address contains a user name or a password. Enter it without.")
            }
            Self::Registry => f.write_str("The part before the first slash is not a valid login server."),
            Self::Repository(error) | Self::Tag(error) | Self::Digest(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for PasteError {}

impl PastedReference {
    /// What names the manifest: the digest where there is one, else the tag.
    #[must_use]
    pub fn reference(&self) -> Option<Reference> {
        let tag = || self.tag.clone().map(Reference::Tag);
        self.digest.clone().map(Reference::Digest).or_else(tag)
    }

    /// Whether the reference is one of this login server, or names no registry at all. Case and the default port do not matter; a name
    /// without a domain, as `az acr` takes it, is compared with the registry's name.
    #[must_use]
    pub fn is_at(&self, login_server: &str) -> bool {
        let Some(registry) = self.registry.as_deref() else { return true };
        let own = host(login_server).unwrap_or_default();
        host(registry).is_some_and(|registry| registry == own)
            || (!registry.contains(['.', ':']) && registry_name(&own).as_deref() == Some(registry))
    }

    /// Reads a single reference without anything around it but a scheme.
    pub(super) fn parse_word(word: &str) -> Result<Self, PasteError> {
        let word = text::trimmed(word);
        let (rest, is_address) = (without_scheme(word), is_address(word));
        if rest.len() < word.len() && !is_address {
            return module(rest);
        }
        let path = if is_address { address_path(rest)? } else { rest.to_owned() };
        Self::parse_path(&path, is_address)
    }

    fn parse_path(path: &str, is_address: bool) -> Result<Self, PasteError> {
        let (name, digest) = match path.split_once('@') {
            Some((name, digest)) => {
                if is_address && digest.contains('.') && !digest.contains("sha") {
                    return Err(PasteError::Credentials);
                }
                (name, Some(digest.to_ascii_lowercase().parse().map_err(PasteError::Digest)?))
            }
            None => (path, None),
        };
        if name.is_empty() || matches!(name, "sha256" | "sha512") || name.starts_with("sha256:") {
            return Err(PasteError::NoRepository);
        }
        let (registry, rest) = split_registry(name)?;
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
            _ => (rest, None),
        };
        if repository.is_empty() {
            return Err(PasteError::NoRepository);
        }
        Ok(Self {
            registry,
            repository: repository.trim_matches('/').parse().map_err(PasteError::Repository)?,
            // Helm writes a plus, which a tag cannot hold, as an underscore.
            tag: tag.map(|tag| tag.replace('+', "_").parse().map_err(PasteError::Tag)).transpose()?,
            digest,
        })
    }
}

impl std::fmt::Display for PastedReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        write!(f, "{}", self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// What registries have in front of a reference: the schemes of tools, and what Bicep and App Service write.
const PREFIXES: [&str; 9] =
    ["oci://", "docker://", "oras://", "registry://", "docker-image://", "br:", "ts:", "docker|", "compose|"];

/// A text without its scheme: one of [`PREFIXES`], or any other (`docker-pullable://`).
pub(super) fn without_scheme(text: &str) -> &str {
    if let Some(rest) = PREFIXES.iter().find_map(|prefix| strip_ignoring_case(text, prefix)) {
        return rest;
    }
    let Some((scheme, rest)) = text.split_once("://") else { return text };
    let valid = |b: u8| b.is_ascii_alphanumeric() || b"+.-".contains(&b);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(valid);
    if is_scheme { rest } else { text }
}

/// Whether a text is an address of the web.
pub(super) fn is_address(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| strip_ignoring_case(text, scheme).is_some())
}

/// Whether a text has a scheme that only references to what a registry holds have.
pub(super) fn has_registry_scheme(text: &str) -> bool {
    PREFIXES.iter().any(|prefix| strip_ignoring_case(text, prefix).is_some())
}

/// Reads what follows a scheme. OpenTofu writes a directory within the module after two slashes, and tag and digest as a query.
fn module(text: &str) -> Result<PastedReference, PasteError> {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let path = path.split_once("//").map_or(path, |(path, _)| path);
    let mut found = PastedReference::parse_path(path, false)?;
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let value = unescaped(value);
        match name {
            "tag" if found.tag.is_none() => {
                found.tag = Some(value.replace('+', "_").parse().map_err(PasteError::Tag)?);
            }
            "digest" if found.digest.is_none() => {
                found.digest = Some(value.parse().map_err(PasteError::Digest)?);
            }
            _ => {}
        }
    }
    Ok(found)
}

/// A text with the escapes of the characters that references have resolved.
fn unescaped(text: &str) -> String {
    [("%3A", ":"), ("%3a", ":"), ("%40", "@"), ("%2F", "/"), ("%2f", "/"), ("%2B", "+"), ("%2b", "+")]
        .iter()
        .fold(text.to_owned(), |text, (escape, c)| text.replace(escape, c))
}

fn strip_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let front = text.get(..prefix.len())?;
    if front.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// The reference in an address: without query and fragment, `/v2/NAME/manifests/REFERENCE` of the registry API taken apart.
fn address_path(address: &str) -> Result<String, PasteError> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = unescaped(path);
    let (host, rest) = path.split_once('/').unwrap_or((&path, ""));
    if host.contains('@') {
        return Err(PasteError::Credentials);
    }
    let rest = rest.trim_matches('/');
    if rest.is_empty() {
        return Err(PasteError::NoRepository);
    }
    let api = rest.strip_prefix("v2/").or_else(|| rest.strip_prefix("acr/v1/"));
    let Some(api) = api else { return Ok(format!("{host}/{rest}")) };
    for part in ["/manifests/", "/_manifests/", "/_tags/", "/blobs/", "/referrers/"] {
        if let Some((repository, reference)) = api.rsplit_once(part) {
            let mark = if reference.contains(':') { '@' } else { ':' };
            return Ok(format!("{host}/{repository}{mark}{reference}"));
        }
    }
    let repository = ["/tags/list", "/_tags", "/_manifests"].iter().find_map(|end| api.strip_suffix(end));
    Ok(format!("{host}/{}", repository.unwrap_or(api)))
}

/// Splits the host off, by the grammar of distribution's references: the first component is a host if it has a dot or a colon, or is
/// `localhost`. There a capital letter makes a host too; here it is taken for a mistake in the repository's name, which an error names.
fn split_registry(name: &str) -> Result<(Option<String>, &str), PasteError> {
    let Some((first, rest)) = name.split_once('/') else {
        let is_host = name.contains('.') && (name.ends_with(".azurecr.io") || name.contains(".azurecr."));
        return if is_host { Err(PasteError::NoRepository) } else { Ok((None, name)) };
    };
    if !is_registry(first) {
        return Ok((None, name));
    }
    if rest.is_empty() {
        return Err(PasteError::NoRepository);
    }
    let registry = host(first).ok_or(PasteError::Registry)?;
    // `registry:443` and `registry.` without what marks them as a registry would be read as the first part of a repository's name.
    let registry = if is_registry(&registry) { registry } else { format!("{registry}:443") };
    Ok((Some(registry), rest))
}

/// Whether the first part of a reference is a registry, by Docker's rule: only they have a dot or a colon.
fn is_registry(first: &str) -> bool {
    first.contains(['.', ':']) || first.eq_ignore_ascii_case("localhost")
}

/// A host in lower case and without the default port; none where it is no host.
pub(super) fn host(text: &str) -> Option<String> {
    let lower = without_scheme(text.trim()).trim_end_matches('/').to_ascii_lowercase();
    let (name, port) = lower.split_once(':').unwrap_or((&lower, ""));
    let name = name.trim_end_matches('.');
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let valid = name.len() <= 253 && name.split('.').all(label);
    let port_valid = port.is_empty() || port.parse::<u16>().is_ok();
    if !valid || !port_valid {
        return None;
    }
    Some(if port.is_empty() || port == "443" { name.to_owned() } else { format!("{name}:{port}") })
}
