//! Authentication: which identity a user name and a password, or a refresh token, belong to.

use super::entra_account::EntraRoles;
use super::identity::{ANONYMOUS_SUBJECT, Account, Identity, ScopedToken, TOKEN_USER};
use super::jwt::Signer;
use super::secret::Secret;
use crate::protocol::time::Time;

/// The accounts and tokens that the registry accepts.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    /// Every caller may do everything; a token is still needed.
    pub(crate) open: bool,
    pub(crate) admin: Option<Account>,
    pub(crate) tokens: Vec<ScopedToken>,
    pub(crate) anonymous_pull: bool,
    /// What Entra identities may do.
    pub(crate) entra_roles: EntraRoles,
}

impl Authority {
    /// The identity of a call without credentials; `None` when such calls are refused.
    pub(crate) fn anonymous(&self) -> Option<Identity> {
        if self.open { Some(Identity::Open) } else { self.anonymous_pull.then_some(Identity::Anonymous) }
    }

    /// The identity that a user name and password belong to; `None` when they are wrong.
    pub(crate) fn sign_in(
        &self,
        signer: &Signer,
        username: &str,
        password: &Secret,
        now: Time,
    ) -> Option<Identity> {
        if username == TOKEN_USER {
            return self.by_refresh_token(signer, password.expose(), now);
        }
        if self.open {
            return Some(Identity::Admin(username.to_owned()));
        }
        if let Some(admin) = self.admin.as_ref().filter(|admin| admin.username == username) {
            let good = admin.passwords.iter().any(|candidate| candidate.matches(password));
            return good.then(|| Identity::Admin(admin.username.clone()));
        }
        let token = self.tokens.iter().find(|token| token.name == username)?;
        let live = token.expires.is_none_or(|expires| expires > now.unix_seconds());
        let good = live && token.passwords.iter().any(|candidate| candidate.matches(password));
        good.then(|| Identity::Scoped(token.clone()))
    }

    /// The identity of an Entra token's subject, with what its roles let it do.
    pub(crate) fn entra(
        &self,
        subject: String,
        application: Option<String>,
        tenant: Option<String>,
    ) -> Identity {
        let scope_map = self.entra_roles.scope_map(&subject);
        Identity::Entra { subject, application, tenant, scope_map }
    }

    /// The identity that a refresh token belongs to; `None` when it is not ours, has expired, or its identity is gone.
    pub(crate) fn by_refresh_token(&self, signer: &Signer, token: &str, now: Time) -> Option<Identity> {
        let claims = signer.verify_refresh(token, now)?;
        match claims.sub.split_once(':') {
            Some(("admin", name)) => Some(Identity::Admin(name.to_owned())),
            Some(("token", name)) => {
                self.tokens.iter().find(|t| t.name == name).cloned().map(Identity::Scoped)
            }
            _ if claims.sub == ANONYMOUS_SUBJECT => self.anonymous(),
            _ => Some(self.entra(claims.sub, claims.appid, None)),
        }
    }
}
