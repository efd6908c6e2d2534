//! What the authority knows: its settings and key, the codes and refresh tokens it has issued, and who is signed in.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::request::AuthorizationRequest;
use crate::auth::{EntraAccount, EntraKeys, EntraSettings, EntraSigner};
use crate::protocol::time::Time;

/// How long a code is accepted, as in the service.
const CODE_LIFETIME: Duration = Duration::from_secs(600);

/// The domain of the tenant's accounts.
const VERIFIED_DOMAIN: &str = "contoso.example";

/// What a code stands for.
#[derive(Clone, Debug)]
pub(super) struct CodeGrant {
    pub(super) account: EntraAccount,
    pub(super) request: AuthorizationRequest,
    pub(super) expires: Time,
    /// Which sign-in its refresh tokens will go back to.
    pub(super) sign_in: Uuid,
    /// A second use is refused by name, and revokes the refresh tokens of the first one.
    pub(super) used: bool,
}

/// What a refresh token stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct RefreshGrant {
    pub(super) account: EntraAccount,
    /// A new refresh token expires when the one it replaces would have.
    pub(super) expires: Time,
    /// Which sign-in it goes back to.
    pub(super) sign_in: Uuid,
    /// Whether it is refused although it has not expired.
    pub(super) revoked: bool,
}

#[derive(Debug, Default)]
struct State {
    codes: HashMap<String, CodeGrant>,
    refresh_tokens: HashMap<String, RefreshGrant>,
    /// The accounts that a browser is signed in with, by the value of its cookie; the newest last.
    sessions: HashMap<String, Vec<EntraAccount>>,
    /// Redirect URIs that were registered after the start.
    redirect_uris: Vec<String>,
}

/// The authority of one tenant.
#[derive(Debug)]
pub(crate) struct EntraAuthority {
    settings: EntraSettings,
    signer: EntraSigner,
    issuer: String,
    state: Mutex<State>,
}

impl EntraAuthority {
    /// An authority with a new key; `None` when the system has no random numbers.
    pub(crate) fn new(settings: EntraSettings) -> Option<Self> {
        let issuer = token_issuer(&settings.tenant);
        Some(Self { settings, signer: EntraSigner::new()?, issuer, state: Mutex::default() })
    }

    /// The keys that verify its tokens.
    pub(crate) fn keys(&self) -> &EntraKeys {
        self.signer.keys()
    }

    /// The claim `iss` of its access tokens, which are of version 1.0 as the registry's application wants them.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The tenant's id.
    pub(crate) fn tenant(&self) -> &str {
        &self.settings.tenant
    }

    /// Whether the first segment of a path names the tenant: by its id, by its verified domain, or by a name that stands
    /// for every organization's tenant.
    pub(super) fn is_named(&self, segment: &str) -> bool {
        let names = [self.tenant(), VERIFIED_DOMAIN, "organizations", "common"];
        names.iter().any(|name| name.eq_ignore_ascii_case(segment))
    }

    /// Registers a redirect URI.
    pub(crate) fn register(&self, redirect_uri: &str) {
        self.lock().redirect_uris.push(redirect_uri.to_owned());
    }

    /// Ends every session, as if all browsers had lost their cookies.
    pub(crate) fn end_sessions(&self) {
        self.lock().sessions.clear();
    }

    pub(super) fn signer(&self) -> &EntraSigner {
        &self.signer
    }

    /// The settings, with every redirect URI that is registered now.
    pub(super) fn settings(&self) -> EntraSettings {
        let mut settings = self.settings.clone();
        settings.redirect_uris.extend(self.lock().redirect_uris.iter().cloned());
        settings
    }

    /// A new code.
    pub(super) fn issue_code(
        &self,
        account: EntraAccount,
        request: AuthorizationRequest,
        now: Time,
    ) -> String {
        let mut state = self.lock();
        state.codes.retain(|_, grant| grant.expires > now);
        let code = secret();
        let (expires, sign_in) = (now.after(CODE_LIFETIME), Uuid::new_v4());
        state.codes.insert(code.clone(), CodeGrant { account, request, expires, sign_in, used: false });
        code
    }

    /// What a code stands for, and marks it as used. A second use may be an attacker's, or the first one was, so the
    /// refresh tokens of that sign-in are revoked (RFC 6749, section 4.1.2).
    pub(super) fn redeem_code(&self, code: &str) -> Option<CodeGrant> {
        let mut state = self.lock();
        let grant = state.codes.get_mut(code)?;
        let before = grant.clone();
        grant.used = true;
        if before.used {
            let issued = state.refresh_tokens.values_mut().filter(|token| token.sign_in == before.sign_in);
            issued.for_each(|token| token.revoked = true);
        }
        Some(before)
    }

    /// A new refresh token.
    pub(super) fn issue_refresh_token(&self, grant: RefreshGrant, now: Time) -> String {
        let mut state = self.lock();
        state.refresh_tokens.retain(|_, grant| grant.expires > now);
        let token = secret();
        state.refresh_tokens.insert(token.clone(), grant);
        token
    }

    /// What a refresh token stands for.
    pub(super) fn refresh_grant(&self, token: &str) -> Option<RefreshGrant> {
        self.lock().refresh_tokens.get(token).copied()
    }

    /// The accounts that a browser is signed in with.
    pub(super) fn signed_in(&self, cookie: Option<&str>) -> Vec<EntraAccount> {
        cookie.and_then(|cookie| self.lock().sessions.get(cookie).cloned()).unwrap_or_default()
    }

    /// Signs a browser in, and answers the value of its cookie.
    pub(super) fn sign_in(&self, cookie: Option<&str>, account: EntraAccount) -> String {
        let mut state = self.lock();
        let known = cookie.filter(|cookie| state.sessions.contains_key(*cookie));
        let cookie = known.map_or_else(secret, str::to_owned);
        let accounts = state.sessions.entry(cookie.clone()).or_default();
        accounts.retain(|other| *other != account);
        accounts.push(account);
        cookie
    }

    /// Signs a browser out of every account.
    pub(super) fn sign_out(&self, cookie: Option<&str>) {
        if let Some(cookie) = cookie {
            self.lock().sessions.remove(cookie);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The issuer of a tenant's access tokens of version 1.0.
pub(super) fn token_issuer(tenant: &str) -> String {
    format!("https://sts.windows.net/{tenant}/")
}

/// A text that cannot be guessed: two random UUIDs.
fn secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
