//! The check that every call passes: its credentials must cover the accesses that it needs.

use http::HeaderMap;

use super::authority::Authority;
use super::challenge::{Challenge, ChallengeError, ScopeOrder, Site};
use super::credentials::Credentials;
use super::entra::EntraPolicy;
use super::jwt::Signer;
use super::scope::{Access, covers};
use super::several_scopes::SeveralScopes;
use crate::protocol::time::Time;

/// Everything that the check needs in addition to the request.
pub(crate) struct Gate<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) signer: &'a Signer,
    pub(crate) site: Site,
    pub(crate) now: Time,
    /// Which Entra tokens are accepted.
    pub(crate) entra: EntraPolicy<'a>,
    /// What the token service does with a request for several scopes.
    pub(crate) several_scopes: SeveralScopes,
    /// Every token counts as expired.
    pub(crate) tokens_expired: bool,
}

impl Gate<'_> {
    /// Allows a call whose credentials cover every access in `needed`.
    pub(crate) fn check(
        &self,
        headers: &HeaderMap,
        needed: Vec<Access>,
        order: ScopeOrder,
    ) -> Result<(), Challenge> {
        let refuse = |error: Option<ChallengeError>, needed: Vec<Access>| {
            Err(Challenge { site: self.site.clone(), needed, order, error })
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
                let identity = if username.is_empty() && password.is_empty() {
                    self.authority.anonymous()
                } else {
                    self.authority.sign_in(self.signer, &username, &password, self.now)
                };
                match identity {
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
