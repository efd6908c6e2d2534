//! The writes a configuration may permit, in the dashboard's own words.

use std::str::FromStr;

/// A kind of write. Reading is always permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Remove a tag, and nothing else.
    Untag,
    /// Delete manifests, blobs and repositories.
    Delete,
    /// Change attributes at any level.
    Lock,
    /// Upload blobs and put manifests.
    Push,
}

impl Action {
    const EVERY: [Self; 4] = [Self::Untag, Self::Delete, Self::Lock, Self::Push];

    /// The word in configuration, logs and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Untag => "untag",
            Self::Delete => "delete",
            Self::Lock => "lock",
            Self::Push => "push",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Untag => 1,
            Self::Delete => 2,
            Self::Lock => 4,
            Self::Push => 8,
        }
    }
}

impl FromStr for Action {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::EVERY
            .into_iter()
            .find(|action| action.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not an action; use untag, delete, lock or push"))
    }
}

/// A set of [`Action`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AllowedActions(u8);

impl AllowedActions {
    /// Reading only.
    pub const NONE: Self = Self(0);
    /// Every write.
    pub const ALL: Self = Self(15);

    /// Whether the set holds the action.
    #[must_use]
    pub fn contains(self, action: Action) -> bool {
        self.0 & action.bit() != 0
    }

    /// The actions it holds, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::EVERY.into_iter().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for AllowedActions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        Self(actions.into_iter().fold(0, |bits, action| bits | action.bit()))
    }
}
