//! Where the dashboard is: a screen and its query parameters, parsed from and printed to a path.
//!
//! A path reads like an image reference: `/contoso/team/app:1.2`, `/contoso/team/app@sha256:…`. Everything here is pure
//! and total: any text is some route, and what is wrong with a malformed one is part of it. Nothing here touches the
//! browser (see `navigation.rs`) or decides what a screen shows (see `page/`).

use acr_client_wasm::{Reference, RepositoryName, TagName};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Characters to escape in a path, in addition to those that no name contains.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`');
/// What has to be escaped in a query value; `/`, `:`, `@`, `*` and `,` stay readable.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'@')
    .remove(b'*')
    .remove(b',');

/// The parameter that names the row whose details are open.
pub(crate) const ROW: &str = "row";

/// The path of the comparison below a registry.
const COMPARE: &str = "-/compare";
/// The parameter of a comparison that names the platform of the first image, where that is an index.
pub(crate) const LEFT_PLATFORM: &str = "left-platform";
/// The parameter of a comparison that names the platform of the second image, where that is an index.
pub(crate) const RIGHT_PLATFORM: &str = "right-platform";
/// The parameter that names the namespace whose storage is shown.
pub(crate) const NAMESPACE: &str = "namespace";
/// The parameter that names the repository whose storage is shown: of a snapshot, which may contain repositories that the registry lacks.
pub(crate) const REPOSITORY: &str = "repository";

/// The path of Storage below a registry. No repository is called `-`.
const STORAGE: &str = "-/storage";
/// The path of Cleanup below a registry.
const CLEANUP: &str = "-/cleanup";

/// One screen of the dashboard, named by the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// `/`: goes on to the first registry.
    Home,
    /// `/{registry}`: the repositories of a registry.
    Repositories { registry: String },
    /// `/{registry}/{repository}`.
    Repository { registry: String, repository: RepositoryName },
    /// `/{registry}/{repository}:{tag}` or `/{registry}/{repository}@{digest}`.
    Manifest { registry: String, repository: RepositoryName, reference: Reference },
    /// `/{registry}/-/compare`: two images, named by the parameters `left` and `right`. No repository is called `-`.
    Compare { registry: String },
    /// `/{registry}/-/storage`: what takes the space of a registry, or of the namespace that a parameter names.
    Storage { registry: String },
    /// `/{registry}/-/cleanup`: a rule, what it deletes, and the deletion.
    Cleanup { registry: String },
    /// A path that names no possible resource, with the reason.
    Malformed { registry: String, text: String, problem: String },
}

impl Screen {
    /// The registry named by the path, if there is one.
    pub(crate) fn registry(&self) -> Option<&str> {
        match self {
            Self::Home => None,
            Self::Repositories { registry }
            | Self::Repository { registry, .. }
            | Self::Manifest { registry, .. }
            | Self::Compare { registry }
            | Self::Storage { registry }
            | Self::Cleanup { registry }
            | Self::Malformed { registry, .. } => Some(registry),
        }
    }

    /// The repository named by the path, if there is one.
    pub(crate) fn repository(&self) -> Option<&RepositoryName> {
        match self {
            Self::Repository { repository, .. } | Self::Manifest { repository, .. } => Some(repository),
            _ => None,
        }
    }

    fn parse(path: &str) -> Self {
        let path = path.trim_matches('/');
        if path.is_empty() {
            return Self::Home;
        }
        let decoded = percent_decode_str(path).decode_utf8_lossy().into_owned();
        let (registry, rest) = match decoded.split_once('/') {
            None => return Self::Repositories { registry: decoded },
            Some((registry, rest)) => (registry.to_owned(), rest.trim_matches('/')),
        };
        if rest.is_empty() {
            return Self::Repositories { registry };
        }
        if rest == COMPARE {
            return Self::Compare { registry };
        }
        if rest == STORAGE {
            return Self::Storage { registry };
        }
        if rest == CLEANUP {
            return Self::Cleanup { registry };
        }
        Self::parse_image(registry.clone(), rest).unwrap_or_else(|problem| Self::Malformed {
            registry,
            text: rest.to_owned(),
            problem,
        })
    }

    fn parse_image(registry: String, text: &str) -> Result<Self, String> {
        // A digest holds a colon, so the `@` is looked for first; a repository name holds neither. Next to a digest a tag decides nothing.
        let (name, reference) = match text.split_once('@') {
            Some((name, digest)) => {
                let name = match name.rsplit_once(':') {
                    Some((repository, tag)) if tag.parse::<TagName>().is_ok() => repository,
                    _ => name,
                };
                (name, Some(digest.parse().map(Reference::Digest)))
            }
            None => match text.rsplit_once(':') {
                Some((name, tag)) => (name, Some(tag.parse().map(Reference::Tag))),
                None => (text, None),
            },
        };
        let repository: RepositoryName =
            name.parse().map_err(|e: acr_client_wasm::NameError| e.to_string())?;
        match reference {
            None => Ok(Self::Repository { registry, repository }),
            Some(Ok(reference)) => Ok(Self::Manifest { registry, repository, reference }),
            Some(Err(problem)) => Err(problem.to_string()),
        }
    }

    fn print(&self) -> String {
        let escape = |text: &str| utf8_percent_encode(text, PATH).to_string();
        match self {
            Self::Home => String::new(),
            Self::Repositories { registry } => escape(registry),
            Self::Compare { registry } => format!("{}/{COMPARE}", escape(registry)),
            Self::Storage { registry } => format!("{}/{STORAGE}", escape(registry)),
            Self::Cleanup { registry } => format!("{}/{CLEANUP}", escape(registry)),
            Self::Repository { registry, repository } => format!("{}/{repository}", escape(registry)),
            Self::Manifest { registry, repository, reference } => match reference {
                Reference::Tag(tag) => format!("{}/{repository}:{tag}", escape(registry)),
                Reference::Digest(digest) => format!("{}/{repository}@{digest}", escape(registry)),
            },
            Self::Malformed { registry, text, .. } => format!("{}/{}", escape(registry), escape(text)),
        }
    }
}

/// A screen with its query parameters: which tab is open, what a list is filtered and sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) screen: Screen,
    params: Vec<(String, String)>,
}

impl From<Screen> for Route {
    fn from(screen: Screen) -> Self {
        Self { screen, params: Vec::new() }
    }
}

impl Route {
    /// The repositories of a registry.
    pub(crate) fn repositories(registry: &str) -> Self {
        Screen::Repositories { registry: registry.to_owned() }.into()
    }

    /// One repository.
    pub(crate) fn repository(registry: &str, repository: &RepositoryName) -> Self {
        Screen::Repository { registry: registry.to_owned(), repository: repository.clone() }.into()
    }

    /// One manifest, by tag or digest.
    pub(crate) fn manifest(registry: &str, repository: &RepositoryName, reference: Reference) -> Self {
        Screen::Manifest { registry: registry.to_owned(), repository: repository.clone(), reference }.into()
    }

    /// The comparison of two images, each named as `team/app:1.2`; empty for one that is still to be chosen.
    pub(crate) fn compare(registry: &str, left: &str, right: &str) -> Self {
        let screen = Screen::Compare { registry: registry.to_owned() };
        Self::from(screen).with("left", left).with("right", right)
    }

    /// The storage of a registry.
    pub(crate) fn storage(registry: &str) -> Self {
        Screen::Storage { registry: registry.to_owned() }.into()
    }

    /// The cleanup of a registry.
    pub(crate) fn cleanup(registry: &str) -> Self {
        Screen::Cleanup { registry: registry.to_owned() }.into()
    }

    /// Parses a path relative to the base path (with or without the leading slash) and a query (with or without `?`).
    pub(crate) fn parse(path: &str, query: &str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        let decode =
            |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let params = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decode(name), decode(value)))
            .collect();
        Self { screen: Screen::parse(path), params }
    }

    /// The path and query relative to the base path, without a leading slash.
    pub(crate) fn print(&self) -> String {
        let mut text = self.screen.print();
        for (position, (name, value)) in self.params.iter().enumerate() {
            text.push(if position == 0 { '?' } else { '&' });
            text.extend(utf8_percent_encode(name, QUERY));
            text.push('=');
            text.extend(utf8_percent_encode(value, QUERY));
        }
        text
    }

    /// What [`Route::within_registry`] printed, in a registry. Any text is some route.
    pub(crate) fn within(registry: &str, text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let registry = utf8_percent_encode(registry, PATH);
        Self::parse(&format!("{registry}/{}", path.trim_start_matches('/')), query)
    }

    /// The path and query without the registry's name: how a screen is named to those who show one registry.
    pub(crate) fn within_registry(&self) -> String {
        let text = self.print();
        let path_end = text.find('?').unwrap_or(text.len());
        let (path, query) = text.split_at(path_end);
        match path.split_once('/') {
            Some((_, path)) => format!("{path}{query}"),
            None => query.to_owned(),
        }
    }

    /// A query parameter's value.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same route with a parameter set, or removed when the value is empty. The others stay.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.params.retain(|(key, _)| key != name);
        if !value.is_empty() {
            self.params.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(path: &str) -> Screen {
        let route = Route::parse(path, "");
        assert_eq!(route.print(), path.trim_matches('/'), "printing what was parsed");
        route.screen
    }

    #[test]
    fn the_root_is_home() {
        assert_eq!(round_trip("/"), Screen::Home);
        assert_eq!(round_trip(""), Screen::Home);
    }

    #[test]
    fn a_registry_shows_its_repositories() {
        assert_eq!(round_trip("/contoso/"), Screen::Repositories { registry: "contoso".into() });
    }

    #[test]
    fn a_path_reads_like_an_image_reference() {
        let digest = format!("sha256:{}", "a".repeat(64));
        assert!(
            matches!(round_trip("contoso/team/app"), Screen::Repository { repository, .. } if repository.as_str() == "team/app")
        );
        assert!(
            matches!(round_trip("contoso/team/app:1.2"), Screen::Manifest { reference: Reference::Tag(tag), .. } if tag.as_str() == "1.2")
        );
        assert!(
            matches!(round_trip(&format!("contoso/app@{digest}")), Screen::Manifest { reference: Reference::Digest(found), .. } if found.as_str() == digest)
        );
    }

    #[test]
    fn next_to_a_digest_a_tag_decides_nothing() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let route = Route::parse(&format!("contoso/team/app:1.2@{digest}"), "");
        assert_eq!(route.print(), format!("contoso/team/app@{digest}"));
    }

    #[test]
    fn two_images_are_compared_below_a_name_that_no_repository_has() {
        assert_eq!(round_trip("contoso/-/compare"), Screen::Compare { registry: "contoso".into() });
        let route = Route::compare("contoso", "team/app:1", "team/app:2");
        assert_eq!(route.print(), "contoso/-/compare?left=team/app:1&right=team/app:2");
    }

    #[test]
    fn storage_and_cleanup_are_below_a_name_that_no_repository_has() {
        assert_eq!(round_trip("contoso/-/cleanup"), Screen::Cleanup { registry: "contoso".into() });
        assert_eq!(round_trip("contoso/-/storage"), Screen::Storage { registry: "contoso".into() });
        assert!(matches!(Route::parse("contoso/-/other", "").screen, Screen::Malformed { .. }));
    }

    #[test]
    fn an_escaped_slash_is_a_slash() {
        assert!(
            matches!(Route::parse("/demo/team%2Fapp", "").screen, Screen::Repository { repository, .. } if repository.as_str() == "team/app")
        );
    }

    #[test]
    fn malformed_names_say_what_is_wrong() {
        for path in ["demo/UPPER CASE", "demo/app:", "demo/app@sha256:12", "demo/app:-x", "demo/a//b"] {
            let Screen::Malformed { problem, .. } = Route::parse(path, "").screen else {
                panic!("{path} is not malformed");
            };
            assert!(!problem.is_empty(), "{path}");
        }
    }

    #[test]
    fn parameters_survive_printing_and_parsing() {
        let route = Route::repositories("demo").with("q", "a b&c=ü/*").with("sort", "-name");
        let printed = route.print();
        let (path, query) = printed.split_once('?').unwrap();
        assert_eq!(Route::parse(path, query), route);
    }

    #[test]
    fn a_route_within_a_registry_is_printed_without_it() {
        for text in ["", "?q=x/y", "team/app", "team/app:1.2?tab=layers"] {
            let route = Route::within("contoso", text);
            assert_eq!(route.screen.registry(), Some("contoso"), "{text}");
            assert_eq!(route.within_registry(), text);
        }
        assert_eq!(Route::within("contoso", "/team/app"), Route::within("contoso", "team/app"));
    }

    #[test]
    fn an_empty_value_removes_a_parameter() {
        let route = Route::parse("demo", "?q=x&tab=tags").with("q", "");
        assert_eq!(route.print(), "demo?tab=tags");
        assert_eq!(route.param("q"), None);
    }
}
