//! From a credential to access tokens: which exchange each kind of credential takes, and the tokens bought so far.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::credential::Credential;
use super::sender::Sender;
use super::shared::SharedTokens;
use super::token::{SessionInfo, Token};
use super::token_slot::Slot;
use crate::error::{Error, ErrorKind};
use crate::name::{Access, RepositoryName, Scope, Secret};
use crate::operation::{Call, tokens};

/// More scopes than this are never kept at once: those without a token of use go first.
const MOST_SCOPES: usize = 1024;

/// The tokens of one client.
pub(crate) struct Tokens {
    credential: Credential,
    service: String,
    refresh: Arc<Slot>,
    access: Mutex<Vec<(Scope, Arc<Slot>)>>,
    shared: Mutex<SharedTokens>,
}

/// A token that a call is sent with.
pub(crate) struct Issued {
    pub(crate) secret: Secret,
    /// Whether it was asked for several repositories at once.
    pub(crate) is_shared: bool,
}

impl Tokens {
    pub(crate) fn new(credential: Credential, service: String) -> Self {
        Self {
            credential,
            service,
            refresh: Arc::default(),
            access: Mutex::default(),
            shared: Mutex::default(),
        }
    }

    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    /// Lets calls on these repositories share a token, except where a repository has one already.
    pub(crate) fn share(&self, names: &[RepositoryName], now: Duration) {
        let has_own = |name: &str| {
            let is_of = |access: &Access| access.kind == "repository" && access.name == name;
            let usable = |slot: &Slot| slot.peek().is_some_and(|token| token.is_fresh(now));
            self.slots().iter().any(|(scope, slot)| scope.accesses().iter().any(is_of) && usable(slot))
        };
        let without: Vec<&str> =
            names.iter().map(RepositoryName::as_str).filter(|name| !has_own(name)).collect();
        self.shared().share(without.into_iter());
    }

    /// Gives every repository a token of its own from now on, since the registry does not honour shared ones.
    pub(crate) fn stop_sharing(&self) {
        self.shared().stop();
    }

    /// A token that is asked for a scope, for a call that needs a part of it: from the cache, or bought, shared where that was announced.
    ///
    /// A registry may refuse to issue a token for several repositories, or grant less of it than it grants of each: then each has its own
    /// for as long as this client lives.
    pub(crate) async fn get(&self, sender: &Sender, asked: &Scope, needed: &Scope) -> Result<Issued, Error> {
        let shared = self.shared().find(asked);
        let Some((scope, slot)) = shared else {
            let token = self.own(sender, asked, None).await?;
            return Ok(Issued { secret: token.secret, is_shared: false });
        };
        match slot.get(sender.now(), None, self.buy(sender, &scope)).await {
            Ok(token) if !token.lacks(needed) => return Ok(Issued { secret: token.secret, is_shared: true }),
            Ok(_) => {}
            Err(error) if is_refusal(&error) => {}
            Err(error) => return Err(error),
        }
        let own = self.own(sender, asked, None).await?;
        // Where its own token lacks it as well, it is the permission that is missing.
        if !own.lacks(needed) {
            self.stop_sharing();
        }
        Ok(Issued { secret: own.secret, is_shared: false })
    }

    /// A token for a scope in place of one that the registry has just refused.
    pub(crate) async fn renew(
        &self,
        sender: &Sender,
        scope: &Scope,
        refused: Option<&Secret>,
    ) -> Result<Secret, Error> {
        self.own(sender, scope, refused).await.map(|token| token.secret)
    }

    /// A token for exactly this scope.
    async fn own(&self, sender: &Sender, scope: &Scope, refused: Option<&Secret>) -> Result<Token, Error> {
        let now = sender.now();
        let slot = {
            let mut slots = self.slots();
            if slots.len() >= MOST_SCOPES {
                slots.retain(|(_, slot)| !slot.is_idle(now));
            }
            match slots.iter().find(|(known, _)| known == scope) {
                Some((_, slot)) => slot.clone(),
                None => {
                    let slot = Arc::<Slot>::default();
                    slots.push((scope.clone(), slot.clone()));
                    slot
                }
            }
        };
        slot.get(now, refused, self.buy(sender, scope)).await
    }

    async fn buy(&self, sender: &Sender, scope: &Scope) -> Result<Token, Error> {
        let call = match &self.credential {
            Credential::Anonymous => tokens::access_anonymous(&self.service, scope),
            Credential::Password { username, password } => {
                let scopes: Vec<String> = scope.accesses().iter().map(Access::to_string).collect();
                tokens::access_from_login(&self.service, &scopes, username, password.expose())?
            }
            Credential::RefreshToken(refresh) => {
                tokens::access(&self.service, &scope.to_string(), refresh.expose())
            }
            Credential::Entra { .. } => return self.buy_with_entra(sender, scope).await,
        };
        let bought = access_token(sender, &call).await;
        match (&self.credential, bought) {
            (_, Ok(token)) => Ok(Token::issued(token, sender.now())),
            // A registry without a token service wants no tokens.
            (Credential::Anonymous, Err(error)) if error.kind() == ErrorKind::NotFound => Ok(Token::none()),
            (_, Err(error)) => Err(explain(error)),
        }
    }

    /// An access token for a refresh token, which itself was bought with an Entra token. A refresh token that the registry no longer
    /// takes is replaced once.
    async fn buy_with_entra(&self, sender: &Sender, scope: &Scope) -> Result<Token, Error> {
        let mut refused: Option<Secret> = None;
        loop {
            let refresh =
                self.refresh.clone().get(sender.now(), refused.as_ref(), self.exchange(sender)).await?;
            let call = tokens::access(&self.service, &scope.to_string(), refresh.secret.expose());
            match access_token(sender, &call).await {
                Ok(token) => return Ok(Token::issued(token, sender.now())),
                Err(error) if error.kind() == ErrorKind::Unauthorized && refused.is_none() => {
                    refused = Some(refresh.secret)
                }
                Err(error) => return Err(explain(error)),
            }
        }
    }

    async fn exchange(&self, sender: &Sender) -> Result<Token, Error> {
        let Credential::Entra { tenant, source } = &self.credential else {
            return Err(Error::invalid_input(
                tokens::EXCHANGE,
                "this credential has no refresh token to exchange for",
            ));
        };
        let entra = source.token().await?;
        let call = tokens::exchange_entra(&self.service, tenant.as_deref(), entra.expose());
        let answer = sender.send(&call, None).await.map_err(explain)?;
        let token = tokens::read_refresh_token(&answer)?;
        Ok(Token::issued(token, sender.now()))
    }

    /// What the tokens held now say of this client.
    pub(crate) fn session(&self) -> SessionInfo {
        let mut tokens: Vec<Token> = self.slots().iter().filter_map(|(_, slot)| slot.peek()).collect();
        tokens.extend(self.shared().slots().filter_map(|slot| slot.peek()));
        let refresh = match &self.credential {
            Credential::RefreshToken(secret) => Some(Token::supplied(secret.clone())),
            _ => self.refresh.peek(),
        };
        let granted = Scope::new(tokens.iter().flat_map(|token| token.granted().iter().cloned()).collect());
        SessionInfo {
            subject: refresh.iter().chain(&tokens).find_map(|token| token.subject.clone()),
            granted: granted.accesses().to_vec(),
            expires: refresh
                .and_then(|token| token.expires)
                .or_else(|| tokens.iter().filter_map(|token| token.expires).max()),
        }
    }

    fn shared(&self) -> MutexGuard<'_, SharedTokens> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slots(&self) -> MutexGuard<'_, Vec<(Scope, Arc<Slot>)>> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends a call of the token service and takes the access token out of its answer.
async fn access_token(sender: &Sender, call: &Call) -> Result<Secret, Error> {
    tokens::read_access_token(&*sender.send(call, None).await?)
}

/// Whether the token service refused a request as such: asked for less, it may comply.
fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Forbidden | ErrorKind::InvalidInput)
}

/// A refusal by the token service has an empty body: say what it means.
fn explain(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Unauthorized if error.errors().is_empty() => error.with_message(
            "the registry refused the sign-in: check the credential, and whether it has expired",
        ),
        _ => error,
    }
}
