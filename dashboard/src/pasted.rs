//! What a person pasted: references in any form that a tool prints, login servers, and tokens. Their parsers are a chunk of their own.

use acr_artifact::paste::{self, PastedReference, PastedToken, TokenError};

use leptos::prelude::*;

use crate::config::{Config, RegistryConfig};
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::route::{Route, Screen};
use crate::session::Session;
use crate::text::session as text;

/// The parsers.
#[derive(Clone, Copy)]
pub(crate) struct Parsers {
    /// Where a reference leads.
    pub(crate) route: fn(&str, Place<'_>) -> Result<Route, Problem>,
    /// The login server that a text names.
    pub(crate) login_server: fn(&str) -> Option<String>,
    /// The token in a text.
    pub(crate) token: fn(&str) -> Result<PastedToken, TokenError>,
}

/// Their chunk.
pub(crate) const PARSERS: Chunk<Parsers> = || lazy::load(parsers());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(paste, fallible))]
fn parsers() -> Result<Parsers, Failure> {
    Ok(Parsers { route, login_server: paste::login_server, token: PastedToken::parse })
}

/// Where a reference was pasted.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The registry on the screen, which a reference without a host means.
    pub(crate) registry: &'a RegistryConfig,
    /// What the gateway serves.
    pub(crate) config: &'a Config,
    /// Whether the registry is known to have a repository of this name: one may begin like a host, as `docker.io/library/nginx` does.
    pub(crate) has_repository: &'a dyn Fn(&str) -> bool,
}

/// Why a text leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It names a registry that the gateway does not serve. The sentence names both.
    NotServed(String),
    /// It is no reference. The sentence says why.
    Malformed(String),
}

impl Problem {
    /// The sentence.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::NotServed(text) | Self::Malformed(text) => text,
        }
    }
}

/// Where a reference leads: one's own login server is stripped, that of another registry of the gateway leads there, and any other is
/// refused by name.
pub(crate) fn route(pasted: &str, place: Place<'_>) -> Result<Route, Problem> {
    let found = PastedReference::parse(pasted).map_err(|error| Problem::Malformed(error.to_string()))?;
    let here = place.registry;
    let served = || place.config.registries.iter().find(|one| found.is_at(&one.login_server));
    let registry = if found.is_at(&here.login_server) { Some(here) } else { served() };
    let mut repository = found.repository.clone();
    let registry = match (registry, &found.registry) {
        (Some(registry), _) => registry,
        (None, None) => here,
        (None, Some(host)) => {
            let name = format!("{host}/{repository}");
            match name.parse() {
                Ok(own) if (place.has_repository)(&name) => repository = own,
                _ => return Err(Problem::NotServed(text::not_served(host, &place.config.login_servers()))),
            }
            here
        }
    };
    Ok(match found.reference() {
        Some(reference) => Route::manifest(&registry.name, &repository, reference),
        None => Route::repository(&registry.name, &repository),
    })
}

/// Where a reference leads that was pasted in a session.
pub(crate) fn route_in(
    parsers: Parsers,
    pasted: &str,
    session: &Session,
    config: &Config,
) -> Result<Route, Problem> {
    let catalog = session.catalog();
    let has_repository = |name: &str| {
        catalog.rows.try_with_untracked(|names| names.iter().any(|one| one == name)) == Some(true)
    };
    (parsers.route)(pasted, Place { registry: &session.config, config, has_repository: &has_repository })
}

/// Whether the path of a screen could be a pasted reference: it is no name at all, or it begins with a login server.
pub(crate) fn may_be_reference(screen: &Screen, config: &Config) -> bool {
    let host = |repository: &str| {
        let first = repository.split_once('/').map_or("", |(first, _)| first);
        first.contains(".azurecr.") || first.contains('.') && config.served(first).is_some()
    };
    match screen {
        Screen::Malformed { .. } => true,
        Screen::Repository { repository, .. } | Screen::Manifest { repository, .. } => {
            host(repository.as_str())
        }
        Screen::Home
        | Screen::Repositories { .. }
        | Screen::Compare { .. }
        | Screen::Storage { .. }
        | Screen::Cleanup { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let json = br#"{"registries":[
            {"name":"contoso","loginServer":"contoso.azurecr.io","endpoint":"/registries/contoso"},
            {"name":"fabrikam","loginServer":"fabrikam.azurecr.io","endpoint":"/registries/fabrikam"}]}"#;
        Config::parse(json).unwrap()
    }

    fn opened(pasted: &str) -> Result<String, Problem> {
        let config = config();
        let has_repository = |name: &str| name == "docker.io/library/nginx";
        let place =
            Place { registry: &config.registries[0], config: &config, has_repository: &has_repository };
        route(pasted, place).map(|route| route.print())
    }

    #[test]
    fn references_lead_to_their_registry_in_any_form() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (pasted, path) in [
            (format!("team/app:1.2@{digest}"), format!("contoso/team/app@{digest}")),
            ("contoso.azurecr.io/team/app:1.2".into(), "contoso/team/app:1.2".into()),
            ("CONTOSO.azurecr.io:443/team/app".into(), "contoso/team/app".into()),
            (format!("contoso.azurecr.io/team/app:1.2@{digest}"), format!("contoso/team/app@{digest}")),
            (" docker pull contoso.azurecr.io/team/app:1.2\n".into(), "contoso/team/app:1.2".into()),
            ("oci://contoso.azurecr.io/charts/web".into(), "contoso/charts/web".into()),
            ("fabrikam.azurecr.io/team/app:1.2".into(), "fabrikam/team/app:1.2".into()),
            ("docker.io/library/nginx".into(), "contoso/docker.io/library/nginx".into()),
        ] {
            assert_eq!(opened(&pasted), Ok(path), "{pasted}");
        }
    }

    #[test]
    fn a_registry_that_is_not_served_is_refused_by_name() {
        let Err(Problem::NotServed(why)) = opened("other.azurecr.io/team/app:1.2") else {
            panic!("it is not refused");
        };
        assert!(why.starts_with("This gateway does not serve other.azurecr.io."), "{why}");
        assert!(matches!(opened("Team/App"), Err(Problem::Malformed(_))));
    }

    #[test]
    fn a_path_that_begins_with_a_login_server_may_be_a_reference() {
        for (path, expected) in [
            ("contoso/team/app:1.2", false),
            ("contoso/docker.io/library/nginx", false),
            ("contoso/contoso.azurecr.io/team/app:1.2", true),
            ("contoso/other.azurecr.io/team/app", true),
            ("contoso/docker pull x", true),
        ] {
            assert_eq!(may_be_reference(&Route::parse(path, "").screen, &config()), expected, "{path}");
        }
    }
}
