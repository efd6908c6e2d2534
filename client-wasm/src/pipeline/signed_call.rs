//! Sends an operation's call, signed in: with a token for its scope from the start, and once more with what the registry asks for.

use futures_util::future::LocalBoxFuture;

use super::sender::Sender;
use super::sign_in::{Issued, Tokens};
use crate::error::{Error, ErrorKind};
use crate::http::field::content_digest;
use crate::name::{Digest, Scope};
use crate::operation::{Answer, Auth, Call};

/// Sender and tokens: what a client shares among its clones.
pub(crate) struct Pipeline {
    pub(crate) sender: Sender,
    pub(crate) tokens: Tokens,
    /// Whether a repository's first token is asked for every action at once.
    pub(crate) one_token_a_repository: bool,
}

impl Pipeline {
    /// Sends a call. After a 401 it is repeated once with a new token for the scope the registry asks for; a second 401 is final and
    /// names the missing action. Boxed: one copy of it serves every operation.
    pub(crate) fn answer<'a>(&'a self, call: &'a Call) -> LocalBoxFuture<'a, Result<Box<Answer>, Error>> {
        Box::pin(async move {
            let issued = match &call.auth {
                Auth::None | Auth::Challenge => None,
                Auth::Scope(scope) if self.one_token_a_repository => {
                    Some(self.token(call, &scope.with_all_actions(), scope).await?)
                }
                Auth::Scope(scope) => Some(self.token(call, scope, scope).await?),
            };
            let (token, is_shared) =
                issued.map_or((None, false), |issued| (Some(issued.secret), issued.is_shared));
            let refusal = match self.sender.send(call, token.clone()).await {
                Err(error) if error.status() == Some(401) && call.auth != Auth::None => error,
                done => return done,
            };
            let scope = match (refusal.missing_scope(), &call.auth) {
                (Some(asked), _) if !asked.is_empty() => asked.clone(),
                (_, Auth::Scope(own)) => own.clone(),
                _ => Scope::default(),
            };
            let renewed = self.tokens.renew(&self.sender, &scope, token.as_ref()).await;
            let renewed = renewed.map_err(|error| error.in_operation(call.operation.name))?;
            match self.sender.send(call, Some(renewed)).await {
                Err(error) if error.status() == Some(401) => Err(lacking(error, scope)),
                done => {
                    if is_shared {
                        self.tokens.stop_sharing();
                    }
                    done
                }
            }
        })
    }

    async fn token(&self, call: &Call, asked: &Scope, needed: &Scope) -> Result<Issued, Error> {
        self.tokens
            .get(&self.sender, asked, needed)
            .await
            .map_err(|error| error.in_operation(call.operation.name))
    }

    /// Sends a call that must not be repeated blindly. Where it is unknown whether it arrived, `probe` asks the registry: what is proved
    /// was done (`None`, since its answer is lost), what is not is sent again.
    pub(crate) async fn once(
        &self,
        call: &Call,
        probe: &Call,
        proof: &Proof,
    ) -> Result<Option<Box<Answer>>, Error> {
        let mut retries = 0;
        loop {
            let error = match self.answer(call).await {
                Err(error) if error.outcome_unknown() => error,
                Err(error) if retries > 0 && proof.is(&Err(&error)) => return Ok(None),
                done => return done.map(Some),
            };
            if self.sender.back_off(retries, error.retry_after()).await.is_none() {
                return Err(error);
            }
            retries += 1;
            let probed = self.answer(probe).await;
            if proof.is(&probed.as_deref()) {
                return Ok(None);
            }
            if probed.is_err_and(|answer| answer.kind() != ErrorKind::NotFound) {
                return Err(error);
            }
        }
    }
}

/// What shows that a call was carried out whose answer was lost.
pub(crate) enum Proof {
    /// What was to be deleted is gone.
    Gone,
    /// The registry holds this under the name it was sent by.
    Holds(Digest),
}

impl Proof {
    fn is(&self, probed: &Result<&Answer, &Error>) -> bool {
        match (self, probed) {
            (Self::Gone, Err(error)) => error.kind() == ErrorKind::NotFound,
            (Self::Holds(digest), Ok(answer)) => content_digest(&answer.headers).as_ref() == Some(digest),
            _ => false,
        }
    }
}

/// The final word on a permission that a new token did not bring.
fn lacking(error: Error, asked: Scope) -> Error {
    let missing = error.missing_scope().filter(|missing| !missing.is_empty()).cloned().unwrap_or(asked);
    let message = if missing.is_empty() {
        "the registry refuses this sign-in".to_owned()
    } else {
        format!("this sign-in lacks the permission {missing}")
    };
    error.with_message(message).with_missing(Some(missing))
}
