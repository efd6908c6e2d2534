//! What may be done to what: the scope grammar of the Docker Registry token specification, with ACR's actions.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Actions on one resource, for instance `repository:alpine:pull,push`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Access {
    /// `repository`, `registry` or `artifact-repository`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The repository's name, or `catalog`.
    pub name: String,
    /// `pull`, `push`, `delete`, `metadata_read`, `metadata_write`, `deleted_read`, `deleted_restore` or `*`; sorted.
    #[serde(default)]
    pub actions: Vec<String>,
}

impl Access {
    /// `None` where a part is empty or holds what would end it in the scope's text.
    pub(crate) fn checked(kind: String, name: String, actions: Vec<String>) -> Option<Self> {
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
        if !plain(&kind)
            || !plain(&name)
            || !actions.iter().all(|action| plain(action) && !action.contains([':', ',']))
        {
            return None;
        }
        let actions = sorted(actions);
        (!actions.is_empty()).then_some(Self { kind, name, actions })
    }

    /// Parses `type:name:action,action`; the name may hold colons.
    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let (name, actions) = rest.rsplit_once(':')?;
        Self::checked(kind.to_owned(), name.to_owned(), actions.split(',').map(str::to_owned).collect())
    }

    /// Whether this grants everything that `wanted` names.
    #[must_use]
    pub fn covers(&self, wanted: &Self) -> bool {
        let grants = |action: &String| self.actions.iter().any(|own| own == "*" || own == action);
        self.kind == wanted.kind
            && (self.name == wanted.name || self.name == "*")
            && wanted.actions.iter().all(grants)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.name)?;
        for (index, action) in self.actions.iter().enumerate() {
            let separator = if index == 0 { ':' } else { ',' };
            write!(f, "{separator}{action}")?;
        }
        Ok(())
    }
}

/// In order and each once. There are seven actions at most, so each is put in its place.
fn sorted(actions: Vec<String>) -> Vec<String> {
    let mut sorted: Vec<String> = Vec::new();
    for action in actions {
        if let Err(place) = sorted.binary_search(&action) {
            sorted.insert(place, action);
        }
    }
    sorted
}

/// What one access token is asked for: nothing, one resource, or several. Two scopes that mean the same are equal.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(Vec<Access>);

impl Scope {
    pub(crate) fn new(accesses: Vec<Access>) -> Self {
        let mut merged: Vec<Access> = Vec::new();
        for access in accesses {
            match merged.iter_mut().find(|known| known.kind == access.kind && known.name == access.name) {
                Some(known) => {
                    known.actions.extend(access.actions);
                    known.actions = sorted(std::mem::take(&mut known.actions));
                }
                None => merged.push(access),
            }
        }
        Self(merged)
    }

    /// Actions on one repository.
    pub(crate) fn repository(name: &str, actions: &[&str]) -> Self {
        let actions = sorted(actions.iter().map(|&action| action.to_owned()).collect());
        Self(vec![Access { kind: "repository".to_owned(), name: name.to_owned(), actions }])
    }

    /// The same actions on several repositories.
    pub(crate) fn repositories(names: &[String], actions: &[String]) -> Self {
        let access = |name: &String| Access {
            kind: "repository".to_owned(),
            name: name.clone(),
            actions: actions.to_vec(),
        };
        Self(names.iter().map(access).collect())
    }

    /// Listing the registry's repositories.
    pub(crate) fn catalog() -> Self {
        Self(vec![Access {
            kind: "registry".to_owned(),
            name: "catalog".to_owned(),
            actions: vec!["*".to_owned()],
        }])
    }

    /// The same resources with every action a repository has: the registry grants of them what the identity may.
    pub(crate) fn with_all_actions(&self) -> Self {
        const ALL: [&str; 5] = ["delete", "metadata_read", "metadata_write", "pull", "push"];
        let widen = |access: &Access| match access.kind.as_str() {
            "repository" => {
                let mut access = access.clone();
                access.actions.extend(ALL.map(str::to_owned));
                access.actions = sorted(access.actions);
                access
            }
            _ => access.clone(),
        };
        Self(self.0.iter().map(widen).collect())
    }

    /// Both scopes in one.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::new(self.0.into_iter().chain(other.0).collect())
    }

    /// Parses the text of a challenge: accesses separated by spaces. What is malformed is left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::new(text.split_ascii_whitespace().filter_map(Access::parse).collect())
    }

    /// The accesses asked for.
    #[must_use]
    pub fn accesses(&self) -> &[Access] {
        &self.0
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, access) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { " " };
            write!(f, "{separator}{access}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_print_as_the_registry_writes_them() {
        assert_eq!(Scope::catalog().to_string(), "registry:catalog:*");
        let mount =
            Scope::repository("hello-world", &["pull", "push"]).and(Scope::repository("alpine", &["pull"]));
        assert_eq!(mount.to_string(), "repository:hello-world:pull,push repository:alpine:pull");
        assert_eq!(Scope::parse(&mount.to_string()), mount);
    }

    #[test]
    fn the_same_repository_twice_is_one_access() {
        let both = Scope::parse("repository:a:push repository:a:pull");
        assert_eq!(both, Scope::repository("a", &["pull", "push"]));
    }

    #[test]
    fn malformed_accesses_are_left_out() {
        assert!(Scope::parse("repository repository:a repository::pull repository:a:, \"").is_empty());
        assert_eq!(Scope::parse("repository:host:5000/a:pull").accesses()[0].name, "host:5000/a");
    }

    #[test]
    fn all_actions_widen_repositories_and_leave_the_catalog_alone() {
        let wide = Scope::repository("team/app", &["pull"]).with_all_actions();
        assert_eq!(wide.to_string(), "repository:team/app:delete,metadata_read,metadata_write,pull,push");
        assert_eq!(Scope::catalog().with_all_actions(), Scope::catalog());
    }

    #[test]
    fn an_access_covers_what_it_names_and_stars_cover_all() {
        let access = |text| Access::parse(text).unwrap();
        assert!(access("repository:*:*").covers(&access("repository:a:delete")));
        assert!(access("repository:a:delete,pull").covers(&access("repository:a:pull")));
        assert!(!access("repository:a:pull").covers(&access("repository:a:pull,push")));
        assert!(!access("repository:a:pull").covers(&access("repository:b:pull")));
    }
}
