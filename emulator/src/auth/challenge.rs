//! The challenge of a 401, which displays as its `WWW-Authenticate` header.

use std::fmt;

use super::scope::Access;

/// The registry's address as its client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The login server: a host, with its port when that is not the scheme's own.
    pub login_server: String,
}

/// Why credentials that were sent are not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChallengeError {
    /// The token is no token of this registry, or has expired.
    InvalidToken,
    /// The token lacks an action.
    InsufficientScope,
}

/// The order in which a challenge names what a call needs. It varies in the service, and means nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ScopeOrder {
    /// The last access comes first.
    pub accesses_reversed: bool,
    /// The last action of each access comes first.
    pub actions_reversed: bool,
}

impl ScopeOrder {
    /// The order of the `number`th challenge where orders vary: each of the four comes up.
    pub(crate) fn varied(number: u64) -> Self {
        Self { accesses_reversed: number & 1 == 1, actions_reversed: number & 2 == 2 }
    }
}

/// What a 401 asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// Where tokens are had.
    pub site: Site,
    /// The accesses the call needs.
    pub needed: Vec<Access>,
    /// The order in which the header names them.
    pub order: ScopeOrder,
    /// What was wrong with the token that was sent.
    pub error: Option<ChallengeError>,
}

impl Challenge {
    fn scope(&self, access: &Access) -> String {
        let mut access = access.clone();
        if self.order.actions_reversed {
            access.actions.reverse();
        }
        access.to_string()
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Site { scheme, login_server } = &self.site;
        write!(f, "Bearer realm=\"{scheme}://{login_server}/oauth2/token\",service=\"{login_server}\"")?;
        if !self.needed.is_empty() {
            let mut scopes: Vec<String> = self.needed.iter().map(|access| self.scope(access)).collect();
            if self.order.accesses_reversed {
                scopes.reverse();
            }
            write!(f, ",scope=\"{}\"", scopes.join(" "))?;
        }
        match self.error {
            Some(ChallengeError::InvalidToken) => f.write_str(",error=\"invalid_token\""),
            Some(ChallengeError::InsufficientScope) => f.write_str(",error=\"insufficient_scope\""),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::name::RepositoryName;

    #[test]
    fn two_scopes_are_separated_by_a_space_inside_the_quotes() {
        let name = |text: &str| RepositoryName::parse(text).unwrap();
        let challenge = Challenge {
            site: Site { scheme: "https", login_server: "contoso.azurecr.io".to_owned() },
            needed: vec![
                Access::repository(&name("hello-world"), &["pull", "push"]),
                Access::repository(&name("alpine"), &["pull"]),
            ],
            order: ScopeOrder::default(),
            error: None,
        };
        let reversed = ScopeOrder { accesses_reversed: true, actions_reversed: true };
        assert!(
            Challenge { order: reversed, ..challenge.clone() }
                .to_string()
                .ends_with("scope=\"repository:alpine:pull repository:hello-world:push,pull\"")
        );
        assert_eq!(
            challenge.to_string(),
            "Bearer realm=\"https://contoso.azurecr.io/oauth2/token\",service=\"contoso.azurecr.io\",\
             scope=\"repository:hello-world:pull,push repository:alpine:pull\""
        );
    }
}
