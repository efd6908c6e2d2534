//! Scopes (`repository:library/hello-world:pull,push`) and the accesses tokens are made of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::protocol::name::RepositoryName;

/// One resource and the actions on it: requested by a scope, granted by a token's `access` claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Access {
    /// `repository` or `registry`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The repository's name, `catalog`, or `*`.
    pub name: String,
    /// The actions, such as `pull`; `*` is all of them.
    pub actions: Vec<String>,
}

impl Access {
    /// Actions on a repository.
    #[must_use]
    pub(crate) fn repository(name: &RepositoryName, actions: &[&str]) -> Self {
        Self {
            kind: "repository".to_owned(),
            name: name.to_string(),
            actions: actions.iter().map(|&action| action.to_owned()).collect(),
        }
    }

    /// Listing the catalog.
    #[must_use]
    pub(crate) fn catalog() -> Self {
        Self { kind: "registry".to_owned(), name: "catalog".to_owned(), actions: vec!["*".to_owned()] }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.kind, self.name, self.actions.join(","))
    }
}

/// The accesses a token request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope(pub(crate) Vec<Access>);

impl Scope {
    /// Parses one or more `scope` values, each with one or more scopes separated by spaces. What does not follow
    /// the grammar requests nothing.
    pub(crate) fn parse<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        Self(values.flat_map(str::split_whitespace).filter_map(parse_one).collect())
    }
}

fn parse_one(text: &str) -> Option<Access> {
    let (kind, rest) = text.split_once(':')?;
    let (name, actions) = rest.rsplit_once(':')?;
    let actions: Vec<String> = actions.split(',').filter(|a| !a.is_empty()).map(str::to_owned).collect();
    let complete = !kind.is_empty() && !name.is_empty() && !actions.is_empty();
    complete.then(|| Access { kind: kind.to_owned(), name: name.to_owned(), actions })
}

/// Whether `granted` holds every action of `needed`.
pub(crate) fn covers(granted: &[Access], needed: &Access) -> bool {
    needed.actions.iter().all(|action| {
        granted.iter().any(|access| {
            access.kind == needed.kind
                && (access.name == needed.name || access.name == "*")
                && access.actions.iter().any(|a| a == action || a == "*")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_scopes_come_in_one_value_or_in_many() {
        let one = Scope::parse(["repository:a/b:pull,push registry:catalog:*"].into_iter());
        let many = Scope::parse(["repository:a/b:pull,push", "registry:catalog:*"].into_iter());
        assert_eq!(one, many);
        assert_eq!(
            one.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            "repository:a/b:pull,push registry:catalog:*"
        );
    }

    #[test]
    fn invalid_scopes_request_nothing() {
        assert_eq!(
            Scope::parse(["", "x", "repository:a", "repository:a:", ":a:b"].into_iter()),
            Scope::default()
        );
    }

    #[test]
    fn a_star_covers_every_action_and_every_name() {
        let all = Scope::parse(["repository:*:*"].into_iter()).0;
        let name = RepositoryName::parse("a").unwrap();
        assert!(covers(&all, &Access::repository(&name, &["pull", "delete"])));
        assert!(!covers(&all, &Access::catalog()));
        let pull = [Access::repository(&name, &["pull"])];
        assert!(!covers(&pull, &Access::repository(&name, &["pull", "push"])));
    }
}
