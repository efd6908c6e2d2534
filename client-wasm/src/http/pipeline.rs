//! Sends an operation's call, signed in: with a token for its scope from the start, and once more with what the registry asks for.

use std::cell::RefCell;

use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use http::StatusCode;
use serde::de::DeserializeOwned;

use super::sender::Reader;
use super::{Auth, Call, Sender};
use crate::auth::{Scope, Secret, Tokens};
use crate::error::{Error, ErrorKind};
use crate::transport::{Headers, Response, TransportError};

/// Sender and tokens: what a client shares among its clones.
pub(crate) struct Pipeline {
    pub(crate) sender: Sender,
    pub(crate) tokens: Tokens,
    /// Whether a repository's first token is asked for every action at once.
    pub(crate) one_token_a_repository: bool,
}

/// An answer read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Reads an answer to its end.
    pub(crate) async fn read(response: Response) -> Result<Self, TransportError> {
        Ok(Self { status: response.status, headers: response.headers, body: response.body.collect().await? })
    }
}

impl Pipeline {
    /// Sends a call and lets `read` consume the answer; `read` runs again where a retry is due. After a 401 the call is repeated once
    /// with a new token for the scope the registry asks for; a second 401 is final and names the missing action.
    pub(crate) async fn perform<T>(
        &self,
        call: &Call,
        read: impl AsyncFn(Response) -> Result<T, TransportError>,
    ) -> Result<T, Error> {
        let value = RefCell::new(None);
        let read = |response| {
            let (value, read) = (&value, &read);
            let read: LocalBoxFuture<'_, _> = Box::pin(async move {
                *value.borrow_mut() = Some(read(response).await?);
                Ok(())
            });
            read
        };
        self.run(call, &read).await?;
        value
            .into_inner()
            .ok_or_else(|| Error::protocol(call.operation, "the registry's answer was not read"))
    }

    fn run<'a>(&'a self, call: &'a Call, read: Reader<'a>) -> LocalBoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let token = match &call.auth {
                Auth::None | Auth::Challenge => None,
                Auth::Scope(scope) if self.one_token_a_repository => {
                    Some(self.token(call, &scope.with_all_actions(), None).await?)
                }
                Auth::Scope(scope) => Some(self.token(call, scope, None).await?),
            };
            let refusal = match self.sender.send(call, token.clone(), read).await {
                Err(error) if error.status() == Some(401) && call.auth != Auth::None => error,
                done => return done,
            };
            let scope = match (refusal.missing_scope(), &call.auth) {
                (Some(asked), _) if !asked.is_empty() => asked.clone(),
                (_, Auth::Scope(own)) => own.clone(),
                _ => Scope::default(),
            };
            let token = self.token(call, &scope, token.as_ref()).await?;
            match self.sender.send(call, Some(token), read).await {
                Err(error) if error.status() == Some(401) => Err(lacking(error, scope)),
                done => done,
            }
        })
    }

    async fn token(&self, call: &Call, scope: &Scope, refused: Option<&Secret>) -> Result<Secret, Error> {
        self.tokens
            .get(&self.sender, scope, refused)
            .await
            .map_err(|error| error.in_operation(call.operation))
    }

    /// Sends a call and reads its answer to the end.
    pub(crate) fn answer<'a>(&'a self, call: &'a Call) -> LocalBoxFuture<'a, Result<Answer, Error>> {
        Box::pin(self.perform(call, Answer::read))
    }

    /// Sends a call and decodes its answer.
    pub(crate) async fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let answer = self.answer(call).await?;
        serde_json::from_slice(&answer.body).map_err(|error| Error::decode(call.operation, &error))
    }

    /// Sends a deletion. Where nobody knows whether it arrived, `probe` asks the registry: what is gone was deleted (`None`), what is
    /// still there is deleted again.
    pub(crate) async fn delete(&self, call: &Call, probe: &Call) -> Result<Option<Answer>, Error> {
        let mut retries = 0;
        loop {
            let error = match self.answer(call).await {
                Ok(answer) => return Ok(Some(answer)),
                Err(error) if error.kind() == ErrorKind::NotFound && retries > 0 => return Ok(None),
                Err(error) if error.outcome_unknown() => error,
                Err(error) => return Err(error),
            };
            if self.sender.back_off(retries, error.retry_after()).await.is_none() {
                return Err(error);
            }
            retries += 1;
            match self.answer(probe).await {
                Ok(_) => {}
                Err(answer) if answer.kind() == ErrorKind::NotFound => return Ok(None),
                Err(_) => return Err(error),
            }
        }
    }
}

/// The final word on a permission that a new token did not bring.
fn lacking(error: Error, asked: Scope) -> Error {
    let missing = error.missing_scope().filter(|missing| !missing.is_empty()).cloned().unwrap_or(asked);
    let message = match missing.is_empty() {
        true => "the registry refuses this sign-in".to_owned(),
        false => format!("this sign-in lacks the permission {missing}"),
    };
    error.with_message(message).with_missing(Some(missing))
}
