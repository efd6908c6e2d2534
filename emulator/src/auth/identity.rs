//! The identities that a registry knows: the admin user, repository-scoped tokens with their scope maps, Entra
//! identities and anonymous callers. What each of them may do is decided here and nowhere else.

use serde::Deserialize;

use super::scope::Access;
use super::secret::Secret;

/// The user name that means "the password is a refresh token".
pub(super) const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";

/// The `sub` claim of anonymous callers.
pub(super) const ANONYMOUS_SUBJECT: &str = "acr_anon_pull";

/// The application of an Entra identity whose token names none: the Azure command line's.
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// All actions on a repository, in the service's order.
const REPOSITORY_ACTIONS: [&str; 7] =
    ["pull", "push", "delete", "metadata_read", "metadata_write", "deleted_read", "deleted_restore"];

/// The admin user: all rights, up to two passwords.
#[derive(Clone, Debug)]
pub struct Account {
    /// User name.
    pub username: String,
    /// The passwords, each of which is good.
    pub passwords: Vec<Secret>,
}

/// A repository-scoped token.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScopedToken {
    /// The token's name, its user name.
    pub name: String,
    /// The passwords, each of which is good.
    pub passwords: Vec<Secret>,
    /// When the passwords expire, in seconds since the Unix epoch; never when absent.
    #[serde(default)]
    pub expires: Option<u64>,
    /// What the token may do.
    pub scope_map: ScopeMap,
}

/// A scope map: action strings such as `repositories/library/hello-world/content/read`, where the repository may be
/// `*` or end in `/*`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeMap {
    /// The action strings.
    pub actions: Vec<String>,
}

impl ScopeMap {
    /// The first invalid action string, if any.
    #[must_use]
    pub fn first_invalid(&self) -> Option<&str> {
        self.actions.iter().map(String::as_str).find(|action| split_action(action).is_none())
    }

    fn allows(&self, repository: &str, action: &str) -> bool {
        self.actions.iter().filter_map(|text| split_action(text)).any(|(pattern, granted)| {
            granted == action
                && match pattern.strip_suffix('*') {
                    Some(prefix) => repository.starts_with(prefix),
                    None => pattern == repository,
                }
        })
    }

    /// A map over all repositories also lists the catalog.
    fn is_registry_wide(&self) -> bool {
        self.actions
            .iter()
            .filter_map(|text| split_action(text))
            .any(|(pattern, action)| pattern == "*" && action == "metadata_read")
    }
}

fn split_action(text: &str) -> Option<(&str, &'static str)> {
    let rest = text.strip_prefix("repositories/")?;
    let words = [
        ("/content/read", "pull"),
        ("/content/write", "push"),
        ("/content/delete", "delete"),
        ("/metadata/read", "metadata_read"),
        ("/metadata/write", "metadata_write"),
    ];
    words.iter().find_map(|(suffix, action)| Some((rest.strip_suffix(suffix)?, *action)))
}

/// Who a call is made by.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    /// An anonymous caller of a registry that is open to all.
    Open,
    /// An anonymous caller, where anonymous pull is on.
    Anonymous,
    /// The admin user.
    Admin(String),
    /// A repository-scoped token.
    Scoped(ScopedToken),
    /// An Entra identity.
    Entra {
        subject: String,
        /// The application that asked for the token.
        application: Option<String>,
        /// The tenant that the exchange named.
        tenant: Option<String>,
        /// What its roles let it do; everything where there is none.
        scope_map: Option<ScopeMap>,
    },
}

impl Identity {
    /// The `sub` claim; also how a refresh token leads back to its identity.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::Open | Self::Anonymous => ANONYMOUS_SUBJECT.to_owned(),
            Self::Admin(name) => format!("admin:{name}"),
            Self::Scoped(token) => format!("token:{}", token.name),
            Self::Entra { subject, .. } => subject.clone(),
        }
    }

    pub(crate) fn is_entra(&self) -> bool {
        matches!(self, Self::Entra { .. })
    }

    pub(crate) fn tenant(&self) -> Option<&str> {
        match self {
            Self::Entra { tenant, .. } => tenant.as_deref(),
            _ => None,
        }
    }

    /// The `appid` claim.
    pub(crate) fn application(&self) -> Option<&str> {
        match self {
            Self::Entra { application, .. } => Some(application.as_deref().unwrap_or(AZURE_CLI)),
            _ => None,
        }
    }

    /// The `permissions.Actions` claim.
    pub(crate) fn permissions(&self) -> Vec<&'static str> {
        match self {
            Self::Anonymous | Self::Scoped(_) => vec!["read"],
            _ => vec!["read", "write", "delete", "deleted/read", "deleted/restore/action"],
        }
    }

    /// The part of an access that this identity has; `None` when it has nothing of it.
    pub(crate) fn grant(&self, asked: &Access) -> Option<Access> {
        let everything = matches!(self, Self::Open | Self::Admin(_) | Self::Entra { scope_map: None, .. });
        if everything {
            return Some(asked.clone());
        }
        let may = |action: &str| match asked.kind.as_str() {
            "registry" => asked.name == "catalog" && action == "*" && self.may_list_catalog(),
            "repository" => self.may(&asked.name, action),
            _ => false,
        };
        let wants_all = asked.kind == "repository" && asked.actions.iter().any(|action| action == "*");
        let actions: Vec<String> = if wants_all {
            REPOSITORY_ACTIONS.iter().filter(|action| may(action)).map(|&action| action.to_owned()).collect()
        } else {
            asked.actions.iter().filter(|action| may(action)).cloned().collect()
        };
        (!actions.is_empty()).then(|| Access { actions, ..asked.clone() })
    }

    fn may(&self, repository: &str, action: &str) -> bool {
        match self {
            Self::Anonymous => matches!(action, "pull" | "metadata_read"),
            Self::Scoped(token) => token.scope_map.allows(repository, action),
            Self::Entra { scope_map: Some(map), .. } => map.allows(repository, action),
            _ => true,
        }
    }

    fn may_list_catalog(&self) -> bool {
        match self {
            Self::Scoped(token) => token.scope_map.is_registry_wide(),
            Self::Entra { scope_map: Some(map), .. } => map.is_registry_wide(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::name::RepositoryName;

    fn scoped(actions: &[&str]) -> Identity {
        let scope_map = ScopeMap { actions: actions.iter().map(|&a| a.to_owned()).collect() };
        Identity::Scoped(ScopedToken { name: "ci".into(), passwords: vec![], expires: None, scope_map })
    }

    fn asked(name: &str, actions: &[&str]) -> Access {
        Access::repository(&RepositoryName::parse(name).unwrap(), actions)
    }

    #[test]
    fn a_scope_map_grants_its_repositories_and_not_the_catalog() {
        let identity = scoped(&["repositories/team/app/content/read", "repositories/base/*/metadata/read"]);
        assert_eq!(identity.grant(&asked("team/app", &["pull", "push"])), Some(asked("team/app", &["pull"])));
        assert_eq!(
            identity.grant(&asked("base/debian", &["*"])),
            Some(asked("base/debian", &["metadata_read"]))
        );
        assert_eq!(identity.grant(&asked("other", &["pull"])), None);
        assert_eq!(identity.grant(&Access::catalog()), None);
        assert!(scoped(&["repositories/*/metadata/read"]).grant(&Access::catalog()).is_some());
    }

    #[test]
    fn anonymous_reads_and_lists_and_writes_nothing() {
        let granted = Identity::Anonymous.grant(&asked("a", &["pull", "push", "metadata_read", "delete"]));
        assert_eq!(granted, Some(asked("a", &["pull", "metadata_read"])));
        assert!(Identity::Anonymous.grant(&Access::catalog()).is_some());
        assert_eq!(Identity::Anonymous.grant(&asked("a", &["metadata_write"])), None);
    }

    #[test]
    fn invalid_action_strings_are_found() {
        let map =
            ScopeMap { actions: vec!["repositories/a/content/read".into(), "repositories/a/pull".into()] };
        assert_eq!(map.first_invalid(), Some("repositories/a/pull"));
    }
}
