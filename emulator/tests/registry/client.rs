//! A client for tests: requests in, whole answers out, in process or over a socket.

use acr_emulator::{Emulator, RunningEmulator};
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

pub const HOST: &str = "contoso.azurecr.io";
pub const EVERYTHING: &str = "registry:catalog:* repository:*:*";

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
    }
}

enum Way {
    InProcess(Emulator),
    Socket { base: String, client: Box<HyperClient<HttpConnector, Body>> },
}

/// Sends requests to an emulator, with a token by default.
pub struct Client {
    way: Way,
    pub token: Option<String>,
}

impl Client {
    /// In process, with a token for everything that an open registry gives to anyone.
    pub async fn new(emulator: &Emulator) -> Self {
        let mut client = Self { way: Way::InProcess(emulator.clone()), token: None };
        client.token = Some(client.anonymous_token(EVERYTHING).await);
        client
    }

    /// In process, without a token.
    pub fn without_token(emulator: &Emulator) -> Self {
        Self { way: Way::InProcess(emulator.clone()), token: None }
    }

    /// Over a socket, without a token.
    pub fn over_socket(emulator: &RunningEmulator) -> Self {
        let client = Box::new(HyperClient::builder(TokioExecutor::new()).build_http());
        Self { way: Way::Socket { base: emulator.url(), client }, token: None }
    }

    pub async fn anonymous_token(&self, scope: &str) -> String {
        let scope = scope.replace(':', "%3A").replace(' ', "+");
        let form = format!("grant_type=password&refresh_token=&service={HOST}&scope={scope}");
        let answer = self.form("/oauth2/token", form).await;
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn form(&self, path: &str, form: impl Into<Bytes>) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send_with(Method::POST, path, &headers, form.into(), None).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Bytes::new()).await
    }

    pub async fn patch(&self, path: &str, json: &str) -> Answer {
        self.send(Method::PATCH, path, &[("content-type", "application/json")], Bytes::from(json.to_owned()))
            .await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let token = self.token.clone();
        self.send_with(method, path, headers, body.into(), token).await
    }

    async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
        token: Option<String>,
    ) -> Answer {
        let length = body.len();
        let mut request = Request::builder().method(method).uri(path).body(Body::from(body)).unwrap();
        if length > 0 {
            request.headers_mut().insert("content-length", length.into());
        }
        for (name, value) in headers {
            request
                .headers_mut()
                .append(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        if let Some(token) = token {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        self.ask(request).await
    }

    /// Sends a request as it is.
    pub async fn ask(&self, mut request: Request<Body>) -> Answer {
        let (parts, body) = match &self.way {
            Way::InProcess(emulator) => {
                request.headers_mut().entry("host").or_insert(HOST.parse().unwrap());
                let (parts, body) = emulator.respond(request).await.into_parts();
                (parts, body.collect().await.unwrap().to_bytes())
            }
            Way::Socket { base, client } => {
                let path = request.uri().path_and_query().unwrap().to_string();
                *request.uri_mut() = format!("{base}{path}").parse().unwrap();
                let (parts, body) = client.request(request).await.unwrap().into_parts();
                (parts, body.collect().await.unwrap().to_bytes())
            }
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }
}
