//! The part of a registry that a screen is about.

use acr_client_wasm::RepositoryName;
use acr_inventory::{Inventory, RepositoryId};

/// A registry, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of it.
    Registry,
    /// The repositories below a prefix, and one of that very name.
    Namespace(String),
    /// One repository.
    Repository(RepositoryName),
}

impl Scope {
    /// The repositories that it contains, in the order of their names.
    pub(crate) fn repositories(&self, inventory: &Inventory) -> Vec<RepositoryId> {
        let contains = |id: &RepositoryId| self.contains(inventory.repository_name(*id));
        inventory.repositories().filter(contains).collect()
    }

    fn contains(&self, name: &str) -> bool {
        match self {
            Self::Registry => true,
            Self::Namespace(prefix) => name
                .strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Self::Repository(repository) => name == repository.as_str(),
        }
    }

    /// The repository, if it is one.
    pub(crate) fn repository(&self) -> Option<&RepositoryName> {
        if let Self::Repository(repository) = self { Some(repository) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_ends_at_a_slash() {
        let team = Scope::Namespace("team".to_owned());
        assert!(team.contains("team") && team.contains("team/app") && team.contains("team/a/b"));
        assert!(!team.contains("teams/app") && !team.contains("tea") && !team.contains("other/team"));
        let app = Scope::Repository("team/app".parse().unwrap());
        assert!(app.contains("team/app") && !app.contains("team/app/x") && Scope::Registry.contains("x"));
    }
}
