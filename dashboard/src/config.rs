//! The configuration that the gateway serves as `config.json`: its registries and how to sign in to them.

use serde::Deserialize;

use crate::failure::{Failure, FailureKind};
use crate::surface::fetch;
use crate::text::shell as text;
use crate::theme::Theme;

/// `config.json`. Fields this version does not know are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Config {
    /// The gateway's version.
    pub(crate) version: String,
    /// The registries it serves.
    pub(crate) registries: Vec<RegistryConfig>,
    /// What the dashboard is called here; its own name where this is absent.
    pub(crate) title: Option<String>,
    /// The theme for users who have chosen none.
    pub(crate) theme: Theme,
    /// The one accent colour, as `#rrggbb`.
    pub(crate) accent: Option<String>,
    /// The origins of the pages that may frame it.
    pub(crate) frame_ancestors: Vec<String>,
}

/// One registry of the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistryConfig {
    /// The first label of its login server; the first part of its paths here.
    pub(crate) name: String,
    /// Its host name, as `docker login` takes it.
    pub(crate) login_server: String,
    /// Where the gateway answers for it: an absolute path on this origin.
    pub(crate) endpoint: String,
    /// What people call it.
    #[serde(default)]
    pub(crate) display_name: Option<String>,
    /// The ways to sign in that can work there.
    #[serde(default)]
    pub(crate) sign_in: Vec<SignInMethod>,
    /// Repositories to offer where the catalog may not be listed.
    #[serde(default)]
    pub(crate) pinned_repositories: Vec<String>,
    /// What the gateway lets through, when it holds the identity: `untag`, `delete`, `lock`, `push`. Absent: everything.
    #[serde(default)]
    pub(crate) allowed_actions: Option<Vec<String>>,
    /// How people sign in there with Microsoft, where the gateway has an application for that.
    #[serde(default)]
    pub(crate) entra: Option<MicrosoftConfig>,
}

/// The application that signs people in with Microsoft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MicrosoftConfig {
    /// Its id.
    pub(crate) client_id: String,
    /// The address of the tenant's authority.
    pub(crate) authority: String,
    /// The scope of tokens for the registry.
    pub(crate) scope: String,
    /// The scope to try when the registry refuses the audience of the first; empty where there is none.
    pub(crate) other_scope: String,
    /// The address that Microsoft redirects to; empty for the page's own.
    #[serde(skip)]
    pub(crate) redirect_uri: String,
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SignInMethod {
    Anonymous,
    Password,
    RefreshToken,
    Entra,
    /// A Microsoft account, which the page signs in.
    Microsoft,
    /// The gateway holds the identity; the page has nothing to ask.
    Gateway,
    /// The embedding page supplies the credential.
    Host,
    /// A method of a later version.
    #[serde(other)]
    Unknown,
}

impl MicrosoftConfig {
    /// What makes it the same application for other registries: its id, and where people sign in to it.
    pub(crate) fn identity(&self) -> (&str, &str) {
        (&self.client_id, &self.authority)
    }
}

impl RegistryConfig {
    /// Whether the page opens the registry without asking anything.
    pub(crate) fn opens_by_itself(&self) -> bool {
        matches!(self.sign_in.as_slice(), [SignInMethod::Anonymous] | [SignInMethod::Gateway])
    }

    /// What people call it: its display name, else its login server.
    pub(crate) fn title(&self) -> &str {
        self.display_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.login_server)
    }
}

impl Config {
    /// The registry of a name.
    pub(crate) fn registry(&self, name: &str) -> Option<&RegistryConfig> {
        self.registries.iter().find(|registry| registry.name == name)
    }

    /// The registry of a name or a login server, in any case and with or without the default port.
    pub(crate) fn served(&self, host: &str) -> Option<&RegistryConfig> {
        let same = |own: &str| {
            let bare = |host: &str| host.strip_suffix(":443").unwrap_or(host).to_ascii_lowercase();
            bare(own) == bare(host)
        };
        self.registry(host).or_else(|| self.registries.iter().find(|registry| same(&registry.login_server)))
    }

    /// The login servers of all registries, for a sentence.
    pub(crate) fn login_servers(&self) -> String {
        let all: Vec<_> = self.registries.iter().map(|registry| registry.login_server.as_str()).collect();
        all.join(", ")
    }

    /// Parses the body of `config.json`.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Failure> {
        serde_json::from_slice(body).map_err(|error| failure(&format!("{} ({error})", text::CONFIG_NOT_JSON)))
    }

    /// Fetches `config.json` from next to the page.
    ///
    /// # Errors
    ///
    /// Where no answer comes, where its status is not a success, and where it is not a configuration.
    pub(crate) async fn fetch() -> Result<Self, Failure> {
        match fetch::get("config.json").await {
            Some(answer) if (200..300).contains(&answer.status) => Self::parse(&answer.body),
            Some(answer) => Err(failure(&text::config_status(answer.status))),
            None => Err(failure(text::CONFIG_NO_ANSWER)),
        }
    }
}

fn failure(why: &str) -> Failure {
    Failure {
        kind: FailureKind::Unreachable,
        ..Failure::local(text::CONFIG_FAILED, why, text::CONFIG_REMEDY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_of_a_later_version_is_understood() {
        let config = Config::parse(
            br#"{"version":"9","basePath":"/","theme":"dark","registries":[{"name":"demo","loginServer":"demo.azurecr.io",
                "endpoint":"/registries/demo","signIn":["anonymous"],"colour":"green"},
                {"name":"b","loginServer":"b.azurecr.io","endpoint":"/registries/b","displayName":"B","signIn":["telepathy","password"]}]}"#,
        )
        .unwrap();
        assert_eq!((config.theme, config.title.as_deref()), (Theme::Dark, None));
        assert!(config.registry("demo").unwrap().opens_by_itself());
        let second = config.registry("b").unwrap();
        assert_eq!(second.sign_in, [SignInMethod::Unknown, SignInMethod::Password]);
        assert!(!second.opens_by_itself());
        assert_eq!((second.title(), config.registry("demo").unwrap().title()), ("B", "demo.azurecr.io"));
    }

    #[test]
    fn what_is_not_json_is_said_to_be_not_json() {
        let failure = Config::parse(b"<!doctype html>").unwrap_err();
        assert!(failure.why.contains("config.json"), "{failure:?}");
        assert!(!failure.remedy.is_empty());
    }
}
