//! Sends calls: below the endpoint, with retries of what is safe to repeat, holding back while the registry asks to. Knows a token when
//! it is given one; where it comes from is the pipeline's business.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use http::StatusCode;

use super::endpoint::Endpoint;
use super::environment::Environment;
use super::governor::{Governor, RateLimit};
use super::retry::RetryPolicy;
use super::transport::Transport;
use crate::error::{self, Error, ErrorKind};
use crate::http::{Headers, Request, Response, TransportError, field};
use crate::name::Secret;
use crate::operation::{Answer, Call, Take};

/// The network as the rest of the client sees it.
pub(crate) struct Sender {
    pub(crate) endpoint: Endpoint,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) environment: Arc<dyn Environment>,
    pub(crate) retry: RetryPolicy,
    pub(crate) governor: Governor,
}

impl Sender {
    pub(crate) fn new(
        endpoint: Endpoint,
        transport: Arc<dyn Transport>,
        environment: Arc<dyn Environment>,
        retry: RetryPolicy,
        governor: Governor,
    ) -> Self {
        Self { endpoint, transport, environment, retry, governor }
    }

    pub(crate) fn now(&self) -> Duration {
        self.environment.now()
    }

    /// What the registry last said about its limits.
    pub(crate) fn rate_limit(&self) -> RateLimit {
        self.governor.limit()
    }

    /// Waits as the policy has it before retry number `retry`; `None` when it says to give up.
    pub(crate) async fn back_off(&self, retry: u32, asked: Option<Duration>) -> Option<()> {
        let wait = self.retry.delay(retry, asked, self.environment.jitter())?;
        self.environment.sleep(wait).await;
        Some(())
    }

    /// Sends a call, again where that is safe and sense. An answer of another status than the expected ones is an error. Boxed: one copy of
    /// it serves every operation.
    pub(crate) fn send<'a>(
        &'a self,
        call: &'a Call,
        token: Option<Secret>,
    ) -> LocalBoxFuture<'a, Result<Box<Answer>, Error>> {
        Box::pin(async move {
            let mut retries = 0;
            loop {
                self.hold_back(call.operation.name).await?;
                let error = match self.send_once(call, token.as_ref()).await {
                    Ok(answer) => return Ok(answer),
                    Err(error) => error,
                };
                let refused_unread = error.status() == Some(429);
                let broken = matches!(error.status(), Some(502..=504)) || error.kind() == ErrorKind::Network;
                if broken && !call.operation.repeatable {
                    return Err(error.with_outcome_unknown());
                }
                if !(refused_unread || broken) || self.back_off(retries, error.retry_after()).await.is_none()
                {
                    return Err(error);
                }
                retries += 1;
            }
        })
    }

    async fn send_once(&self, call: &Call, token: Option<&Secret>) -> Result<Box<Answer>, Error> {
        let request = self.request(call, token)?;
        let response = self
            .transport
            .send(request)
            .await
            .map_err(|error| Error::network(call.operation.name, &error))?;
        self.note_limit(&response.headers);
        if call.operation.expected.contains(&response.status.as_u16()) {
            return read(call, response).await.map_err(|error| Error::network(call.operation.name, &error));
        }
        Err(self.failure(call.operation.name, response).await)
    }

    async fn failure(&self, operation: &'static str, response: Response) -> Error {
        let Response { status, headers, body } = response;
        // An error whose body breaks off is still the error its status says.
        let body =
            body.collect_up_to(error::ERROR_BODY_CAP).await.map_or_else(|_| Bytes::new(), |(bytes, _)| bytes);
        let now = self.now();
        let error = error::from_response(operation, status, &headers, &body, now.as_secs());
        if let (StatusCode::TOO_MANY_REQUESTS, Some(wait)) = (status, error.retry_after()) {
            self.governor.hold_until(now.checked_add(wait));
        }
        error
    }

    fn request(&self, call: &Call, token: Option<&Secret>) -> Result<Request, Error> {
        let mut headers = call.headers.clone();
        if let Some(token) = token.filter(|token| !token.is_empty()) {
            let value = format!("Bearer {}", token.expose());
            if !Headers::is_value(&value) {
                return Err(Error::protocol(
                    call.operation.name,
                    "the registry gave a token that no header can carry",
                ));
            }
            headers.set("authorization", value);
        }
        Ok(Request {
            method: call.operation.method.clone(),
            url: self.endpoint.url(&call.path),
            headers,
            body: call.body.clone(),
        })
    }

    /// One governor for all calls: while the registry asks to wait, none is sent.
    async fn hold_back(&self, operation: &'static str) -> Result<(), Error> {
        let Some(until) = self.rate_limit().throttled_until else { return Ok(()) };
        let now = self.now();
        if until <= now {
            self.governor.hold_until(None);
            return Ok(());
        }
        let wait = until.saturating_sub(now);
        if wait > self.retry.max_delay {
            let message =
                format!("the registry asks this client to hold back for another {} s", wait.as_secs());
            return Err(Error::new(ErrorKind::RateLimited, operation, message).with_retry_after(wait));
        }
        self.environment.sleep(wait).await;
        Ok(())
    }

    fn note_limit(&self, headers: &Headers) {
        if let Some(remaining) = field::remaining_calls(headers) {
            self.governor.note_remaining(remaining);
        }
    }
}

/// Takes the body of a response as the call asks for it.
async fn read(call: &Call, response: Response) -> Result<Box<Answer>, TransportError> {
    let Response { status, headers, body } = response;
    let operation = call.operation.name;
    let mut answer =
        Box::new(Answer { operation, status, headers, body: Bytes::new(), complete: true, stream: None });
    match call.take {
        Take::Bytes(usize::MAX) => answer.body = body.collect().await?,
        Take::Bytes(limit) => (answer.body, answer.complete) = body.collect_up_to(limit).await?,
        Take::Stream => answer.stream = Some(body),
    }
    Ok(answer)
}
