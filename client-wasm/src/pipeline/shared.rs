//! Which repositories share an access token: those that a screen shows together, or that a batch of work is about to read. The token
//! service takes several scopes at once, so that one token serves all of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::token_slot::Slot;
use crate::name::Scope;

/// How many repositories share a token at most.
const MOST_REPOSITORIES: usize = 32;
/// Bytes that the repositories of one token take up in its claims at most. In base64 that is less than 6 KiB, and servers commonly accept
/// 8 KiB of a header field.
const MOST_BYTES: usize = 4096;
/// Bytes of a repository's claim apart from its name, with every action granted.
const CLAIM_BYTES: usize = 100;

/// Repositories that share their tokens.
struct Group {
    names: Vec<String>,
    /// A token for each set of actions that calls have asked for.
    tokens: Vec<(Arc<Scope>, Arc<Slot>)>,
}

/// The groups of one client.
#[derive(Default)]
pub(crate) struct SharedTokens {
    groups: Vec<Group>,
    group_of: HashMap<String, usize>,
    /// Set once the registry has refused a scope of several repositories, or granted less of it than it grants of each.
    refused: bool,
}

impl SharedTokens {
    /// Lets these repositories share tokens, but for those that share one with others already.
    pub(crate) fn share<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let mut group: Vec<String> = Vec::new();
        let mut bytes = 0;
        for name in names {
            if self.group_of.contains_key(name) || group.iter().any(|known| known == name) {
                continue;
            }
            let claim = CLAIM_BYTES + name.len();
            if group.len() == MOST_REPOSITORIES || bytes + claim > MOST_BYTES {
                self.add(std::mem::take(&mut group));
                bytes = 0;
            }
            bytes += claim;
            group.push(name.to_owned());
        }
        self.add(group);
    }

    fn add(&mut self, names: Vec<String>) {
        // A token for a single repository is shared with none.
        if names.len() < 2 {
            return;
        }
        let number = self.groups.len();
        self.group_of.extend(names.iter().map(|name| (name.clone(), number)));
        self.groups.push(Group { names, tokens: Vec::new() });
    }

    /// What to ask for in place of a scope of one repository: the same actions on all that share tokens with it, and where that token is
    /// kept. `None` where it shares none.
    pub(crate) fn find(&mut self, scope: &Scope) -> Option<(Arc<Scope>, Arc<Slot>)> {
        let [access] = scope.accesses() else { return None };
        if self.refused || access.kind != "repository" {
            return None;
        }
        let group = self.groups.get_mut(*self.group_of.get(&access.name)?)?;
        let same_actions = |(known, _): &&(Arc<Scope>, Arc<Slot>)| {
            known.accesses().iter().all(|a| a.actions == access.actions)
        };
        if let Some((scope, slot)) = group.tokens.iter().find(same_actions) {
            return Some((scope.clone(), slot.clone()));
        }
        let scope = Arc::new(Scope::repositories(&group.names, &access.actions));
        let slot = Arc::<Slot>::default();
        group.tokens.push((scope.clone(), slot.clone()));
        Some((scope, slot))
    }

    /// Gives every repository tokens of its own from now on.
    pub(crate) fn stop(&mut self) {
        self.refused = true;
    }

    /// Every shared token.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Arc<Slot>> {
        self.groups.iter().flat_map(|group| &group.tokens).map(|(_, slot)| slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(name: &str) -> Scope {
        Scope::repository(name, &["pull"])
    }

    #[test]
    fn repositories_that_were_named_together_share_a_token_for_each_set_of_actions() {
        let mut shared = SharedTokens::default();
        shared.share(["a", "b", "a"].into_iter());
        let (scope, slot) = shared.find(&pull("a")).unwrap();
        assert_eq!(scope.to_string(), "repository:a:pull repository:b:pull");
        assert!(Arc::ptr_eq(&shared.find(&pull("b")).unwrap().1, &slot));
        let (other, _) = shared.find(&Scope::repository("b", &["delete"])).unwrap();
        assert_eq!(other.to_string(), "repository:a:delete repository:b:delete");
        assert!(shared.find(&pull("c")).is_none());
        assert!(shared.find(&pull("a").and(pull("b"))).is_none(), "a mount has a token of its own");
        assert!(shared.find(&Scope::catalog()).is_none());
        assert_eq!(shared.slots().count(), 2);
        shared.stop();
        assert!(shared.find(&pull("a")).is_none());
    }

    #[test]
    fn a_repository_alone_and_one_that_shares_already_make_no_group() {
        let mut shared = SharedTokens::default();
        shared.share(["a"].into_iter());
        assert!(shared.find(&pull("a")).is_none());
        shared.share(["a", "b"].into_iter());
        shared.share(["a", "b", "c", "d"].into_iter());
        assert_eq!(shared.find(&pull("d")).unwrap().0.to_string(), "repository:c:pull repository:d:pull");
    }

    #[test]
    fn a_token_stays_short_enough_for_a_header() {
        let mut shared = SharedTokens::default();
        let short: Vec<String> = (0..100).map(|number| format!("team/app-{number}")).collect();
        let long: Vec<String> = (0..100).map(|number| format!("{number:0>256}")).collect();
        shared.share(short.iter().chain(&long).map(String::as_str));
        for name in short.iter().chain(&long) {
            let (scope, _) = shared.find(&pull(name)).unwrap();
            assert!((2..=MOST_REPOSITORIES).contains(&scope.accesses().len()));
            let claims: usize = scope.accesses().iter().map(|access| CLAIM_BYTES + access.name.len()).sum();
            assert!(claims <= MOST_BYTES, "{claims}");
        }
    }
}
