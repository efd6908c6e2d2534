//! What is to be done to what, before it is done. Pure.

use acr_artifact::command;
use acr_client_wasm::{Digest, Reference, RepositoryName};

use crate::protection::Switches;
use crate::text::action as text;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Untag,
    Delete,
    Lock,
    Unlock,
}

impl Action {
    /// The button's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Untag => text::UNTAG,
            Self::Delete => text::DELETE,
            Self::Lock => text::LOCK,
            Self::Unlock => text::UNLOCK,
        }
    }

    /// Its name in the events of the embedding page.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Untag => "untag",
            Self::Delete => "delete",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
        }
    }

    /// Its name among the allowed actions of the gateway's configuration.
    pub(crate) fn allowed_action(self) -> &'static str {
        match self {
            Self::Untag => "untag",
            Self::Delete => "delete",
            Self::Lock | Self::Unlock => "lock",
        }
    }

    /// The permission that an access token has to grant for it (`access[].actions`, on the repository).
    pub(crate) fn permission(self) -> &'static str {
        match self {
            Self::Untag | Self::Delete => "delete",
            Self::Lock | Self::Unlock => "metadata_write",
        }
    }

    /// Whether it removes something, which locks forbid.
    pub(crate) fn removes(self) -> bool {
        matches!(self, Self::Untag | Self::Delete)
    }
}

/// One thing to do it to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// The tag or digest the person chose.
    pub(crate) reference: Reference,
    /// The digest it stands for.
    pub(crate) digest: Option<Digest>,
    /// Its switches, as far as they are known: of the tag and of the manifest.
    pub(crate) switches: Vec<Switches>,
}

impl Target {
    /// What it is called in lists.
    pub(crate) fn name(&self) -> String {
        match &self.reference {
            Reference::Tag(tag) => tag.as_str().to_owned(),
            Reference::Digest(digest) => digest.short(),
        }
    }

    /// What it is called with its repository.
    pub(crate) fn name_in(&self, repository: &RepositoryName) -> String {
        match &self.reference {
            Reference::Tag(tag) => format!("{repository}:{tag}"),
            Reference::Digest(digest) => format!("{repository}@{}", digest.short()),
        }
    }

    /// Whether a lock forbids taking it away.
    pub(crate) fn is_locked(&self) -> bool {
        self.switches.iter().any(|switches| switches.is_locked())
    }
}

/// An action on some things of a repository.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) action: Action,
    pub(crate) repository: RepositoryName,
    pub(crate) targets: Vec<Target>,
}

/// Above this many items, the person has to type what they mean.
pub(crate) const TYPED_ABOVE: usize = 10;

impl Plan {
    /// The targets that will be done, and those that locks keep.
    pub(crate) fn parts(&self) -> (Vec<Target>, Vec<Target>) {
        let skips = self.action.removes();
        let (locked, open): (Vec<_>, Vec<_>) =
            self.targets.iter().cloned().partition(|target| skips && target.is_locked());
        (self.without_repetition(open), locked)
    }

    /// A delete takes the manifest: two tags on one digest are one delete.
    fn without_repetition(&self, targets: Vec<Target>) -> Vec<Target> {
        let mut seen = std::collections::BTreeSet::new();
        let keep = |target: &Target| match (&target.digest, self.action) {
            (Some(digest), Action::Delete) => seen.insert(digest.clone()),
            _ => true,
        };
        let mut targets = targets;
        targets.retain(keep);
        targets
    }

    /// What has to be typed before it is done; `None` where a click is enough.
    pub(crate) fn confirmation(&self) -> Option<String> {
        (self.action.removes() && self.targets.len() > TYPED_ABOVE)
            .then(|| self.repository.as_str().to_owned())
    }

    /// The same in `az acr`, one line for each target. None where `az` does not know the registry.
    pub(crate) fn az(&self, login_server: &str) -> Vec<String> {
        let name = self.repository.as_str();
        let (open, _) = self.parts();
        let line = |target: &Target| match (self.action, &target.reference) {
            (Action::Untag, Reference::Tag(tag)) => command::untag(login_server, name, tag.as_str()),
            // An untag has tags alone.
            (Action::Untag, Reference::Digest(_)) => None,
            (Action::Delete, reference) => {
                let digest = target.digest.clone().map(Reference::Digest);
                command::delete(login_server, name, digest.as_ref().unwrap_or(reference))
            }
            (action, reference) => command::lock(login_server, name, reference, action == Action::Lock),
        };
        open.iter().filter_map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKED: Switches = Switches { write: false, ..Switches::OPEN };

    fn target(tag: &str, hex: char, switches: Switches) -> Target {
        Target {
            reference: Reference::Tag(tag.parse().unwrap()),
            digest: Some(format!("sha256:{}", hex.to_string().repeat(64)).parse().unwrap()),
            switches: vec![switches],
        }
    }

    fn plan(action: Action, targets: Vec<Target>) -> Plan {
        Plan { action, repository: "team/app".parse().unwrap(), targets }
    }

    #[test]
    fn locked_targets_are_kept_from_deletion_but_can_be_unlocked() {
        let targets = vec![target("a", 'a', LOCKED), target("b", 'b', Switches::OPEN)];
        let (open, locked) = plan(Action::Delete, targets.clone()).parts();
        assert_eq!((open.len(), locked.len()), (1, 1));
        assert_eq!(plan(Action::Unlock, targets).parts().0.len(), 2);
    }

    #[test]
    fn two_tags_on_a_digest_are_one_delete_and_two_untags() {
        let targets = vec![target("a", 'a', Switches::OPEN), target("b", 'a', Switches::OPEN)];
        assert_eq!(plan(Action::Delete, targets.clone()).parts().0.len(), 1);
        assert_eq!(plan(Action::Untag, targets).parts().0.len(), 2);
    }

    #[test]
    fn above_ten_the_name_has_to_be_typed() {
        let many: Vec<_> = (0..11).map(|n| target(&format!("t{n}"), 'a', Switches::OPEN)).collect();
        assert_eq!(plan(Action::Untag, many.clone()).confirmation().as_deref(), Some("team/app"));
        assert_eq!(plan(Action::Lock, many.clone()).confirmation(), None);
        assert_eq!(plan(Action::Untag, many.into_iter().take(10).collect()).confirmation(), None);
    }

    #[test]
    fn az_deletes_by_digest_and_untags_by_tag() {
        let targets = vec![target("a", 'a', Switches::OPEN)];
        assert!(
            plan(Action::Delete, targets.clone()).az("x.azurecr.io")[0]
                .contains("--image team/app@sha256:aaa")
        );
        assert!(plan(Action::Untag, targets.clone()).az("x.azurecr.io")[0].ends_with("--image team/app:a"));
        let labelled = plan(Action::Delete, targets.clone()).az("contosoacr-e7ggejfuhzhgedc8.azurecr.io");
        assert!(labelled[0].contains("--name contosoacr --image"), "{labelled:?}");
        assert!(plan(Action::Delete, targets).az("registry.example.com").is_empty());
    }
}
