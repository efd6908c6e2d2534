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

/// What a 401 asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// Where tokens are had.
    pub site: Site,
    /// The accesses the call needs.
    pub needed: Vec<Access>,
    /// What was wrong with the token that was sent.
    pub error: Option<ChallengeError>,
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Site { scheme, login_server } = &self.site;
        write!(f, "Bearer realm=\"{scheme}://{login_server}/oauth2/token\",service=\"{login_server}\"")?;
        if !self.needed.is_empty() {
            let scopes: Vec<String> = self.needed.iter().map(ToString::to_string).collect();
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
            error: None,
        };
        assert_eq!(
            challenge.to_string(),
            "Bearer realm=\"https://contoso.azurecr.io/oauth2/token\",service=\"contoso.azurecr.io\",\
             scope=\"repository:hello-world:pull,push repository:alpine:pull\""
        );
    }
}
