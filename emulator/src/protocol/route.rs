//! Which resource a raw request path names. Paths are matched as sent, so a slash and `%2F` are the same name,
//! and the path's own spelling stays available for `Link`. No methods, no authentication, no state here.

use percent_encoding::percent_decode_str;

use crate::protocol::name::{Digest, Reference, RepositoryName, TagName};

/// A resource of the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/v2/`
    Support,
    /// `/acr/v1/_catalog`
    Catalog,
    /// `/v2/_catalog`
    V2Catalog,
    /// `/acr/v1/N`
    Repository(RepositoryName),
    /// `/acr/v1/N/_tags`
    Tags(RepositoryName),
    /// `/acr/v1/N/_tags/T`
    Tag(RepositoryName, TagName),
    /// `/acr/v1/N/_manifests`
    Manifests(RepositoryName),
    /// `/acr/v1/N/_manifests/D`
    ManifestAttributes(RepositoryName, Digest),
    /// `/v2/N/tags/list`
    V2Tags(RepositoryName),
    /// `/v2/N/manifests/REF`
    Manifest(RepositoryName, Reference),
    /// `/v2/N/blobs/D`
    Blob(RepositoryName, Digest),
    /// `/v2/N/blobs/uploads/`
    Uploads(RepositoryName),
    /// `/v2/N/blobs/uploads/UUID`
    Upload(RepositoryName, String),
    /// `/v2/N/referrers/D`
    Referrers(RepositoryName, Digest),
    /// `/oauth2/exchange`
    Exchange,
    /// `/oauth2/token`
    Token,
    /// `/healthz`, the emulator's own
    Health,
    /// A path below `/v2/` or `/acr/v1/` that names nothing: the registry's router answers it.
    Malformed,
    /// Any other path: the front in front of the registry answers it.
    Unknown,
}

impl Route {
    /// Parses the path of a request target (without its query).
    #[must_use]
    pub(crate) fn parse(path: &str) -> Self {
        match path {
            "/v2" | "/v2/" => Self::Support,
            "/oauth2/exchange" => Self::Exchange,
            "/oauth2/token" => Self::Token,
            "/healthz" => Self::Health,
            _ => {
                if let Some(rest) = path.strip_prefix("/v2/") {
                    decode(rest).and_then(|rest| parse_v2(&rest)).unwrap_or(Self::Malformed)
                } else if let Some(rest) = path.strip_prefix("/acr/v1/") {
                    decode(rest).and_then(|rest| parse_acr(&rest)).unwrap_or(Self::Malformed)
                } else {
                    Self::Unknown
                }
            }
        }
    }

    /// Whether answers carry the headers of the `/v2` plane.
    #[must_use]
    pub(crate) fn is_v2(&self) -> bool {
        matches!(
            self,
            Self::Support
                | Self::V2Catalog
                | Self::V2Tags(_)
                | Self::Manifest(..)
                | Self::Blob(..)
                | Self::Uploads(_)
                | Self::Upload(..)
                | Self::Referrers(..)
        )
    }
}

fn decode(rest: &str) -> Option<String> {
    percent_decode_str(rest).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn parse_v2(rest: &str) -> Option<Route> {
    if rest == "_catalog" {
        return Some(Route::V2Catalog);
    }
    if let Some(name) = rest.strip_suffix("/tags/list") {
        return RepositoryName::parse(name).map(Route::V2Tags);
    }
    if let Some(name) = rest.strip_suffix("/blobs/uploads/").or_else(|| rest.strip_suffix("/blobs/uploads")) {
        return RepositoryName::parse(name).map(Route::Uploads);
    }
    let (parent, last) = rest.rsplit_once('/')?;
    if let Some(name) = parent.strip_suffix("/manifests") {
        return Some(Route::Manifest(RepositoryName::parse(name)?, Reference::parse(last)?));
    }
    if let Some(name) = parent.strip_suffix("/blobs/uploads") {
        let is_id =
            !last.is_empty() && last.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.=".contains(&b));
        return RepositoryName::parse(name)
            .filter(|_| is_id)
            .map(|name| Route::Upload(name, last.to_owned()));
    }
    if let Some(name) = parent.strip_suffix("/blobs") {
        return Some(Route::Blob(RepositoryName::parse(name)?, Digest::parse(last)?));
    }
    let name = parent.strip_suffix("/referrers")?;
    Some(Route::Referrers(RepositoryName::parse(name)?, Digest::parse(last)?))
}

fn parse_acr(rest: &str) -> Option<Route> {
    if rest == "_catalog" {
        return Some(Route::Catalog);
    }
    if let Some(name) = rest.strip_suffix("/_tags") {
        return RepositoryName::parse(name).map(Route::Tags);
    }
    if let Some(name) = rest.strip_suffix("/_manifests") {
        return RepositoryName::parse(name).map(Route::Manifests);
    }
    if let Some((parent, last)) = rest.rsplit_once('/') {
        if let Some(name) = parent.strip_suffix("/_tags") {
            return Some(Route::Tag(RepositoryName::parse(name)?, TagName::parse(last)?));
        }
        if let Some(name) = parent.strip_suffix("/_manifests") {
            return Some(Route::ManifestAttributes(RepositoryName::parse(name)?, Digest::parse(last)?));
        }
    }
    RepositoryName::parse(rest).map(Route::Repository)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> RepositoryName {
        RepositoryName::parse(text).unwrap()
    }

    #[test]
    fn a_slash_and_its_escape_are_the_same_name() {
        let tags = Route::Tags(name("library/hello-world"));
        assert_eq!(Route::parse("/acr/v1/library/hello-world/_tags"), tags);
        assert_eq!(Route::parse("/acr/v1/library%2Fhello-world/_tags"), tags);
        assert_eq!(Route::parse("/acr/v1/library%2fhello-world/_tags"), tags);
    }

    #[test]
    fn a_colon_and_its_escape_are_the_same_digest() {
        let digest = Digest::of(b"x");
        let raw = Route::parse(&format!("/v2/a/blobs/{digest}"));
        assert_eq!(raw, Route::Blob(name("a"), digest.clone()));
        assert_eq!(Route::parse(&format!("/v2/a/blobs/sha256%3A{}", digest.hex())), raw);
    }

    #[test]
    fn repositories_may_be_called_like_the_words_of_the_path() {
        assert_eq!(Route::parse("/v2/a/tags/list/tags/list"), Route::V2Tags(name("a/tags/list")));
        assert_eq!(Route::parse("/acr/v1/manifests/blobs"), Route::Repository(name("manifests/blobs")));
    }

    #[test]
    fn malformed_paths_are_the_routers_and_foreign_ones_the_fronts() {
        for path in [
            "/v2/a/manifests/sha256:sha256:00",
            "/v2/A/tags/list",
            "/v2/a//tags/list",
            "/acr/v1/%FF",
            "/v2/x",
            "/acr/v1/a/_manifests/latest",
        ] {
            assert_eq!(Route::parse(path), Route::Malformed, "{path}");
        }
        for path in ["/", "/wrong%20location", "/acr/v2/x", "/v22/"] {
            assert_eq!(Route::parse(path), Route::Unknown, "{path}");
        }
    }
}
