//! Where the registry answers: an absolute URL, or a path on the page's own origin. Everything that is called lies below it; what the
//! registry names itself (`Link`, `Location`) is rewritten to be below it, and no other host is ever called.

use crate::error::Error;
use crate::http::url::has_dot_segments;

/// The prefix of every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Without a slash at its end: `https://host:port/prefix`, `/prefix` or nothing.
    base: String,
    /// Host and port, where the endpoint names one.
    host: Option<String>,
    /// The path of the base, without a slash at its end.
    prefix: String,
}

impl Endpoint {
    const OPERATION: &'static str = "RegistryClient";

    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Err(Error::invalid_input(
                Self::OPERATION,
                format!("{why}: an endpoint is https://HOST, http://HOST or a path such as /registries/NAME"),
            ))
        };
        let text = text.trim();
        if text.contains(['?', '#', '\\', '@']) || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return refuse("the endpoint holds a query, a fragment, a user name or white space");
        }
        let base = text.trim_end_matches('/');
        if let Some(rest) = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://")) {
            let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
            if host.is_empty() || has_dot_segments(path) {
                return refuse("the endpoint names no host, or climbs out of its path");
            }
            let prefix = if path.is_empty() { String::new() } else { format!("/{path}") };
            return Ok(Self { base: base.to_owned(), host: Some(host.to_owned()), prefix });
        }
        if !text.starts_with('/') || text.starts_with("//") {
            return refuse("the endpoint is neither an absolute URL nor an absolute path");
        }
        if has_dot_segments(base) {
            return refuse("the endpoint climbs out of its path");
        }
        Ok(Self { base: base.to_owned(), host: None, prefix: base.to_owned() })
    }

    pub(crate) fn as_str(&self) -> &str {
        if self.base.is_empty() { "/" } else { &self.base }
    }

    /// Host and port, where the endpoint names one.
    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The URL of a path (with its query) below the endpoint.
    pub(crate) fn url(&self, path_and_query: &str) -> String {
        [self.base.as_str(), path_and_query].concat()
    }

    /// Path and query of a URL that the registry gave, relative to the endpoint: the host is dropped, and so is the endpoint's own
    /// prefix where a gateway has put it in front. `None` where it is not a URL with a path, or climbs out of it.
    pub(crate) fn rebase<'a>(&self, location: &'a str) -> Option<(&'a str, &'a str)> {
        let after_scheme = location.split_once(':').filter(|(scheme, rest)| {
            scheme.bytes().all(|b| b.is_ascii_alphanumeric()) && rest.starts_with("//")
        });
        let path_and_query = match after_scheme.and_then(|(_, rest)| rest.get(2..)) {
            Some(authority) => authority.get(authority.find('/')?..)?,
            None if location.starts_with("//") => return None,
            None => location,
        };
        if !path_and_query
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'#' | b'"' | b'<' | b'>'))
        {
            return None;
        }
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let below =
            path.strip_prefix(self.prefix.as_str()).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        (below.starts_with('/') && !has_dot_segments(below)).then_some((below, query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(text: &str) -> Endpoint {
        Endpoint::parse(text).unwrap()
    }

    #[test]
    fn urls_and_paths_with_and_without_prefix_are_endpoints() {
        assert_eq!(endpoint("https://contoso.azurecr.io/").url("/v2/"), "https://contoso.azurecr.io/v2/");
        assert_eq!(endpoint("http://127.0.0.1:5000").host(), Some("127.0.0.1:5000"));
        assert_eq!(endpoint("/registries/demo/").url("/v2/"), "/registries/demo/v2/");
        assert_eq!(endpoint("/").url("/v2/"), "/v2/");
        assert_eq!(endpoint("/").as_str(), "/");
        assert_eq!(
            endpoint("https://portal/registries/demo").url("/acr/v1/_catalog"),
            "https://portal/registries/demo/acr/v1/_catalog"
        );
    }

    #[test]
    fn what_is_no_endpoint_is_refused() {
        for bad in [
            "",
            "contoso.azurecr.io",
            "ftp://host",
            "https://",
            "//host",
            "https://h?x",
            "https://u:p@h",
            "/a/../b",
            "/%2e%2e/b",
            "java script:",
        ] {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_the_registry_names_comes_back_below_the_endpoint() {
        let here = endpoint("/registries/demo");
        assert_eq!(
            here.rebase("/v2/a/blobs/uploads/1?_state=x%3D"),
            Some(("/v2/a/blobs/uploads/1", "_state=x%3D"))
        );
        assert_eq!(here.rebase("https://evil.example/v2/a?b"), Some(("/v2/a", "b")));
        assert_eq!(here.rebase("/registries/demo/v2/a"), Some(("/v2/a", "")));
        for bad in [
            "//evil.example/v2/",
            "https://evil.example",
            "v2/a",
            "/v2/../../x",
            "/v2/%2E%2e/x",
            "/a b",
            "",
            "/a\\..\\b",
        ] {
            assert_eq!(here.rebase(bad), None, "{bad}");
        }
    }
}
