//! Who may do what: scopes and challenges, tokens, identities, and the check every call goes through.

mod challenge;
mod identity;
mod jwt;
mod scope;
mod token;

pub(crate) use challenge::Challenge;
pub use identity::{Account, ScopeMap, ScopedToken, Secret};
pub(crate) use scope::Access;

pub(crate) use challenge::{ChallengeError, Site};
pub(crate) use identity::Authority;
pub(crate) use jwt::Signer;
pub(crate) use scope::{Scope, covers};
pub(crate) use token::{exchange, token_by_get, token_by_post};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::clock::Time;
use crate::error::Refusal;

/// The user name that stands for "the password is a refresh token".
pub(crate) const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";

/// Everything the check needs besides the request.
pub(crate) struct Gate<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) signer: &'a Signer,
    pub(crate) site: Site,
    pub(crate) now: Time,
    /// Every token counts as expired.
    pub(crate) tokens_expired: bool,
}

impl Gate<'_> {
    /// Lets a call through when its credentials cover every access in `needed`.
    pub(crate) fn check(&self, headers: &HeaderMap, needed: Vec<Access>) -> Result<(), Refusal> {
        let refuse = |error: Option<ChallengeError>, needed: Vec<Access>| {
            Err(Refusal::Unauthorized(Challenge { site: self.site.clone(), needed, error }))
        };
        let Some(credentials) = Credentials::from_headers(headers) else {
            return refuse(None, needed);
        };
        let granted = match credentials {
            Credentials::Bearer(_) if self.tokens_expired => {
                return refuse(Some(ChallengeError::InvalidToken), needed);
            }
            Credentials::Bearer(token) => match self.signer.verify_access(&token, self.now) {
                Some(claims) => claims.access,
                None => return refuse(Some(ChallengeError::InvalidToken), needed),
            },
            Credentials::Basic { username, password } => {
                match self.authority.sign_in(self.signer, &username, &password, self.now) {
                    Some(identity) => needed.iter().filter_map(|access| identity.grant(access)).collect(),
                    None => return refuse(None, needed),
                }
            }
        };
        if needed.iter().all(|access| covers(&granted, access)) {
            Ok(())
        } else {
            refuse(Some(ChallengeError::InsufficientScope), needed)
        }
    }
}

/// The credentials of a request.
pub(crate) enum Credentials {
    /// `Authorization: Bearer`
    Bearer(String),
    /// `Authorization: Basic`
    Basic {
        /// User name.
        username: String,
        /// Password.
        password: Secret,
    },
}

impl Credentials {
    /// Reads the `Authorization` header; a header that cannot be read counts as none.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, rest) = value.split_once(' ')?;
        let rest = rest.trim();
        if rest.is_empty() {
            return None;
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Self::Bearer(rest.to_owned()));
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
        let (username, password) = decoded.split_once(':')?;
        Some(Self::Basic { username: username.to_owned(), password: Secret::new(password) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Credentials> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        Credentials::from_headers(&headers)
    }

    #[test]
    fn credentials_are_read_whatever_the_case_of_their_scheme() {
        assert!(matches!(read("bearer abc"), Some(Credentials::Bearer(token)) if token == "abc"));
        let basic = read("BASIC dXNlcjpwYTpzcw==");
        assert!(
            matches!(basic, Some(Credentials::Basic { username, password }) if username == "user" && password.expose() == "pa:ss")
        );
    }

    #[test]
    fn what_cannot_be_read_counts_as_no_credentials() {
        for bad in ["", "Bearer", "Bearer  ", "Basic !!!", "Basic dXNlcg==", "Digest abc"] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
