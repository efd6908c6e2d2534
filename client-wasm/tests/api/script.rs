//! A registry that answers by script: what it is asked, in order, and what it answers. A request that is not the next one in the script
//! fails the test. Token requests are answered in addition to the script, unless it has them.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use acr_client_wasm::{
    Body, Credential, RegistryClient, Request, Response, ResponseBody, Transport, TransportError,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, pending, ready};
use http::StatusCode;

use crate::world::World;

pub(crate) const ENDPOINT: &str = "https://demo.azurecr.io";

/// What the registry does with one request.
pub(crate) enum Reply {
    /// Answers.
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Answers, and the connection breaks after these bytes of the body.
    Break(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The connection breaks before the answer.
    Drop,
    /// The transport cannot carry the request.
    Unsendable,
    /// Never answers.
    Hang,
}

impl Reply {
    pub(crate) fn json(body: impl Into<String>) -> Self {
        Self::Answer(
            200,
            vec![("content-type", "application/json; charset=utf-8".into())],
            body.into().into_bytes(),
        )
        .with("docker-distribution-api-version", "registry/2.0")
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), Vec::new()).with("docker-distribution-api-version", "registry/2.0")
    }

    pub(crate) fn bytes(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer(status, Vec::new(), body.into())
    }

    pub(crate) fn error(status: u16, code: &str) -> Self {
        let body = format!(r#"{{"errors":[{{"code":"{code}","message":"{code} it is","detail":null}}]}}"#);
        Self::Answer(status, Vec::new(), body.into_bytes())
    }

    /// ACR's answer to a token that does not do.
    pub(crate) fn challenge(scope: &str, realm: &str) -> Self {
        let challenge = format!(
            r#"Bearer realm="{realm}",service="demo.azurecr.io",scope="{scope}",error="insufficient_scope""#
        );
        Self::error(401, "UNAUTHORIZED").with("www-authenticate", challenge)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer(_, headers, _) | Self::Break(_, headers, _) = &mut self {
            headers.push((name, value.into()));
        }
        self
    }

    /// The same without the header fields that a browser hides across origins.
    pub(crate) fn hidden(mut self) -> Self {
        if let Self::Answer(_, headers, _) | Self::Break(_, headers, _) = &mut self {
            headers.retain(|(name, _)| *name == "content-type");
        }
        self
    }
}

/// Clones share their script and their memory.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    expected: VecDeque<(String, Reply)>,
    seen: Vec<Request>,
    token_claims: Option<String>,
    to_all: Option<String>,
}

impl Script {
    /// The requests to come, each as method and path with query, and what they are answered.
    pub(crate) fn of<const N: usize>(exchanges: [(&str, Reply); N]) -> Self {
        let script = Self::default();
        script.0.lock().unwrap().expected =
            exchanges.into_iter().map(|(request, reply)| (request.to_owned(), reply)).collect();
        script
    }

    /// Answers every request with the same JSON.
    pub(crate) fn answering_all(json: &str) -> Self {
        let script = Self::default();
        script.0.lock().unwrap().to_all = Some(json.to_owned());
        script
    }

    /// The claims of the tokens issued in addition to the script; without it, they cannot be read.
    pub(crate) fn with_claims(self, claims: &str) -> Self {
        self.0.lock().unwrap().token_claims = Some(claims.to_owned());
        self
    }

    pub(crate) fn client(&self) -> RegistryClient {
        self.client_with(Credential::Anonymous, &World::default())
    }

    pub(crate) fn client_with(&self, credential: Credential, world: &World) -> RegistryClient {
        let builder = RegistryClient::builder(ENDPOINT).credential(credential);
        builder.transport(self.clone()).environment(world.clone()).build().unwrap()
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.0.lock().unwrap().seen.clone()
    }

    /// Every request but those for tokens, as method and path with query.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.seen().iter().map(line_of).filter(|line| !line.contains(" /oauth2/")).collect()
    }

    /// Every request for a token.
    pub(crate) fn token_requests(&self) -> Vec<Request> {
        self.seen().into_iter().filter(|request| request.url.contains("/oauth2/")).collect()
    }

    /// Fails where the script is not played to its end.
    pub(crate) fn assert_done(&self) {
        let left: Vec<String> =
            self.0.lock().unwrap().expected.iter().map(|(request, _)| request.clone()).collect();
        assert!(left.is_empty(), "never asked for: {left:?}");
    }

    fn reply(&self, request: Request) -> Reply {
        let line = line_of(&request);
        let mut state = self.0.lock().unwrap();
        state.seen.push(request);
        let scripted = state.expected.front().is_some_and(|(expected, _)| *expected == line);
        if !scripted && line.contains(" /oauth2/") {
            let number = state.seen.len();
            let token = match &state.token_claims {
                Some(claims) => format!("e30.{}.{number}", URL_SAFE_NO_PAD.encode(claims)),
                None => format!("token-{number}"),
            };
            return Reply::json(format!(
                r#"{{"access_token":"{token}","refresh_token":"refresh-{number}"}}"#
            ));
        }
        if let Some(json) = &state.to_all {
            return Reply::json(json.clone());
        }
        let (expected, reply) =
            state.expected.pop_front().unwrap_or_else(|| panic!("one request too many: {line}"));
        assert_eq!(line, expected, "the next request of the script");
        reply
    }
}

/// Method and path with query.
pub(crate) fn line_of(request: &Request) -> String {
    let path = request
        .url
        .strip_prefix(ENDPOINT)
        .unwrap_or_else(|| panic!("a request left the endpoint: {}", request.url));
    format!("{} {path}", request.method)
}

impl Transport for Script {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        let answer = |status: u16, headers: Vec<(&'static str, String)>, body| Response {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.into_iter().collect(),
            body,
        };
        // What is dropped unpolled was never sent.
        async move {
            match self.reply(request) {
                Reply::Answer(status, headers, body) => {
                    Ok(answer(status, headers, Pieces::body(vec![Ok(body)])))
                }
                Reply::Break(status, headers, body) => Ok(answer(
                    status,
                    headers,
                    Pieces::body(vec![Ok(body), Err(TransportError::new("the connection broke"))]),
                )),
                Reply::Drop => Err(TransportError::new("the connection broke")),
                Reply::Unsendable => Err(TransportError::unsendable("no such scheme")),
                Reply::Hang => pending().await,
            }
        }
        .boxed_local()
    }
}

/// A body that comes in pieces.
struct Pieces(VecDeque<Result<Bytes, TransportError>>);

impl Pieces {
    fn body(pieces: Vec<Result<Vec<u8>, TransportError>>) -> Body {
        // Small pieces, so that a reader has to put them together.
        let small = pieces.into_iter().flat_map(|piece| match piece {
            Ok(bytes) => bytes.chunks(7).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect(),
            Err(error) => vec![Err(error)],
        });
        Body::from_stream(Box::new(Self(small.collect())))
    }
}

impl ResponseBody for Pieces {
    fn next_chunk(&mut self) -> LocalBoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        ready(self.0.pop_front().transpose()).boxed_local()
    }

    fn collect(mut self: Box<Self>) -> LocalBoxFuture<'static, Result<Bytes, TransportError>> {
        async move {
            let mut all = BytesMut::new();
            while let Some(chunk) = self.next_chunk().await? {
                all.extend_from_slice(&chunk);
            }
            Ok(all.freeze())
        }
        .boxed_local()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
