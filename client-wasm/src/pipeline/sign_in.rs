//! From a credential to access tokens: which exchange each kind of credential takes, and the tokens bought so far.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::credential::Credential;
use super::sender::Sender;
use super::token::{SessionInfo, Token};
use super::token_slot::Slot;
use crate::error::{Error, ErrorKind};
use crate::name::{Scope, Secret};
use crate::operation::{Call, tokens};

/// More scopes than this are never kept at once: those without a token of use go first.
const MOST_SCOPES: usize = 1024;

/// The tokens of one client.
pub(crate) struct Tokens {
    credential: Credential,
    service: String,
    refresh: Arc<Slot>,
    access: Mutex<Vec<(Scope, Arc<Slot>)>>,
}

impl Tokens {
    pub(crate) fn new(credential: Credential, service: String) -> Self {
        Self { credential, service, refresh: Arc::default(), access: Mutex::default() }
    }

    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    /// A token for a scope: from the cache, or bought. `refused` is one that the registry has just turned down.
    pub(crate) async fn get(
        &self,
        sender: &Sender,
        scope: &Scope,
        refused: Option<&Secret>,
    ) -> Result<Secret, Error> {
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
        let token = slot.get(now, refused, self.buy(sender, scope)).await?;
        Ok(token.secret)
    }

    async fn buy(&self, sender: &Sender, scope: &Scope) -> Result<Token, Error> {
        let call = match &self.credential {
            Credential::Anonymous => tokens::access_anonymous(&self.service, scope),
            Credential::Password { username, password } => {
                tokens::access_from_login(&self.service, &[scope.to_string()], username, password.expose())?
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
        let tokens: Vec<Token> = self.slots().iter().filter_map(|(_, slot)| slot.peek()).collect();
        let refresh = match &self.credential {
            Credential::RefreshToken(secret) => Some(Token::supplied(secret.clone())),
            _ => self.refresh.peek(),
        };
        let granted = Scope::new(tokens.iter().flat_map(|token| token.access.iter().cloned()).collect());
        SessionInfo {
            subject: refresh.iter().chain(&tokens).find_map(|token| token.subject.clone()),
            granted: granted.accesses().to_vec(),
            expires: refresh
                .and_then(|token| token.expires)
                .or_else(|| tokens.iter().filter_map(|token| token.expires).max()),
        }
    }

    fn slots(&self) -> MutexGuard<'_, Vec<(Scope, Arc<Slot>)>> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends a call of the token service and takes the access token out of its answer.
async fn access_token(sender: &Sender, call: &Call) -> Result<Secret, Error> {
    tokens::read_access_token(&*sender.send(call, None).await?)
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
