//! `/config.json`: what the page needs to know of the gateway and its registries. Nothing secret is in it, nor anything it does not need.

use bytes::Bytes;
use serde::Serialize;

use crate::config::{AllowedActions, Config, EntraSignIn, Registry, SignIn};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: &'static str,
    base_path: &'a str,
    registries: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accent: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    frame_ancestors: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    name: &'a str,
    login_server: &'a str,
    endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    sign_in: Vec<SignIn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_actions: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pinned_repositories: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    entra: Option<Entra>,
}

/// How the page signs people in with Microsoft.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entra {
    client_id: String,
    /// The address of the tenant's authority.
    authority: String,
    scope: String,
    /// The scope to try when the registry refuses the audience of the first.
    other_scope: String,
}

impl From<EntraSignIn> for Entra {
    fn from(sign_in: EntraSignIn) -> Self {
        let authority = sign_in.url();
        Self {
            client_id: sign_in.client_id,
            authority,
            scope: sign_in.scope,
            other_scope: sign_in.other_scope,
        }
    }
}

/// The document, as bytes that never change while the gateway runs.
pub(crate) fn document(config: &Config) -> Bytes {
    let document = Document {
        version: env!("CARGO_PKG_VERSION"),
        base_path: config.base_path.as_str(),
        registries: config.registries.iter().map(|registry| entry(config, registry)).collect(),
        title: config.branding.title.as_deref(),
        theme: config.branding.theme.as_deref(),
        accent: config.branding.accent.as_deref(),
        // The framed page needs to know whose messages to believe.
        frame_ancestors: config.frame_ancestors.iter().map(|origin| origin.as_str()).collect(),
    };
    // Strings and lists only: there is nothing in it that could fail to serialise.
    Bytes::from(serde_json::to_vec(&document).unwrap_or_default())
}

fn entry<'a>(config: &'a Config, registry: &'a Registry) -> Entry<'a> {
    let allowed = registry.allowed_actions();
    Entry {
        name: registry.name(),
        login_server: registry.login_server(),
        endpoint: format!("{}registries/{}", config.base_path, registry.name()),
        display_name: registry.display_name.as_deref(),
        sign_in: if registry.identity.is_some() { vec![SignIn::Gateway] } else { registry.sign_in.clone() },
        allowed_actions: (allowed != AllowedActions::ALL)
            .then(|| allowed.iter().map(|a| a.as_str()).collect()),
        pinned_repositories: &registry.pinned_repositories,
        entra: registry.entra_sign_in(&config.entra).map(Entra::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::IdentityConfig;

    fn json(config: &Config) -> serde_json::Value {
        serde_json::from_slice(&document(config)).unwrap()
    }

    #[test]
    fn the_page_learns_of_every_registry_with_the_base_path_in_its_endpoint() {
        let mut config = Config::new(vec!["contoso.azurecr.io".parse().unwrap()]).unwrap();
        config.base_path = "/acr".parse().unwrap();
        assert_eq!(
            json(&config),
            serde_json::json!({
                "version": env!("CARGO_PKG_VERSION"),
                "basePath": "/acr/",
                "registries": [{
                    "name": "contoso",
                    "loginServer": "contoso.azurecr.io",
                    "endpoint": "/acr/registries/contoso",
                    "signIn": ["password", "refreshToken", "anonymous", "entra"],
                }],
            })
        );
    }

    #[test]
    fn the_page_learns_how_to_sign_in_with_microsoft_where_an_application_is_configured() {
        let mut config = Config::new(vec!["contoso.azurecr.io".parse().unwrap()]).unwrap();
        config.entra.client_id = Some("app".to_owned());
        assert_eq!(
            json(&config)["registries"][0]["entra"],
            serde_json::json!({
                "clientId": "app",
                "authority": "https://login.microsoftonline.com/organizations",
                "scope": "https://containerregistry.azure.net/.default",
                "otherScope": "https://management.azure.com/.default",
            })
        );
    }

    #[test]
    fn with_a_gateway_identity_the_page_asks_nothing_and_only_reads() {
        let mut config = Config::new(vec!["contoso.azurecr.io".parse().unwrap()]).unwrap();
        config.registries[0].identity = Some(IdentityConfig::Anonymous);
        let registry = &json(&config)["registries"][0];
        assert_eq!(registry["signIn"], serde_json::json!(["gateway"]));
        assert_eq!(registry["allowedActions"], serde_json::json!([]));
    }
}
