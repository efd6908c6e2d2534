//! A registry that matches a recording, and the recorded request with our tokens, uploads and manifests in place of the
//! recorded ones.

use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{Emulator, ManualClock, RunningEmulator, Time, unsigned_entra_token};
use axum::body::Body;
use bytes::Bytes;
use http::Method;
use serde_json::json;

use super::exchange::{Exchange, Resource};
use super::rows::EMPTY_CONFIG;
use super::settings::{self, calls_before};
use super::state;
use crate::client::{Answer, Client, EVERYTHING};
use crate::image::{DOCKER_MANIFEST, OCI_MANIFEST, digest};
use crate::redirects::ask;

const NOW: u64 = 1_893_456_000;

/// A registry and what a request of one exchange needs.
pub struct World<'a> {
    exchange: &'a Exchange,
    running: RunningEmulator,
    clock: Arc<ManualClock>,
    client: Client,
    refresh_token: String,
    /// Texts of ours that stand for recorded ones.
    pub substitutes: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

/// A token that the registry accepts.
pub fn entra_token() -> String {
    unsigned_entra_token("https://containerregistry.azure.net")
}

impl<'a> World<'a> {
    pub async fn for_exchange(exchange: &'a Exchange) -> Self {
        let folder = tempfile::tempdir().unwrap();
        state::before(exchange).write(folder.path());
        let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(NOW)));
        let builder = Emulator::builder().data(folder.path()).clock(clock.clone());
        let running = settings::apply(builder, exchange).start().await.unwrap();
        let faults = running.emulator().faults();
        running.emulator().set_faults(Default::default());
        let mut client = Client::over_socket(&running);
        let form = format!("grant_type=access_token&service=x&access_token={}", entra_token());
        let refresh_token =
            client.form("/oauth2/exchange", form).await.json()["refresh_token"].as_str().unwrap().to_owned();
        client.token = Some(access_token(&client, &refresh_token, EVERYTHING).await);
        running.emulator().set_faults(faults);
        Self { exchange, running, clock, client, refresh_token, substitutes: Vec::new(), _folder: folder }
    }

    /// Sends the exchange's request.
    pub async fn ask(&mut self) -> Answer {
        let method: Method = self.exchange.request.method.parse().unwrap();
        let mut body = self.body();
        let path = match self.exchange.resource() {
            Resource::Upload(name) => self.upload_path(&name, &body).await,
            Resource::Manifest(_, reference) if method == Method::PUT => self.push_path(&reference, &body),
            _ => self.exchange.path(),
        };
        if self.exchange.response.status == 401 {
            body = Bytes::new();
        }
        if matches!(self.exchange.resource(), Resource::Exchange | Resource::Token) {
            body = self.form();
        }
        let mut client = Client::over_socket(&self.running);
        client.token = self.credentials().await;
        self.spend_budget().await;
        let headers = self.headers();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if self.exchange.is_from_storage() {
            let redirect = client.get(&path).await;
            let request = http::Request::builder().method(method).uri(redirect.header("location"));
            let request =
                headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            return ask(request.body(Body::empty()).unwrap()).await;
        }
        client.send(method, &path, &headers, body).await
    }

    fn headers(&self) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        for (name, values) in self.exchange.request.headers.iter().flatten() {
            if !name.eq_ignore_ascii_case("authorization") {
                headers.extend(values.values().into_iter().map(|value| (name.clone(), value)));
            }
        }
        let has_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let form = matches!(self.exchange.resource(), Resource::Exchange | Resource::Token);
        let manifest = matches!(self.exchange.resource(), Resource::Manifest(..));
        if !has_type && form {
            headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        } else if !has_type && manifest && self.exchange.request.method == "PUT" {
            headers.push(("content-type".to_owned(), OCI_MANIFEST.to_owned()));
        }
        if form
            && self.exchange.request.method == "GET"
            && self.exchange.request.header("authorization").is_some()
        {
            headers.push(("authorization".to_owned(), "Basic eDp5".to_owned()));
        }
        headers
    }

    /// The token that the recorded answer speaks of.
    async fn credentials(&self) -> Option<String> {
        let challenge = self.exchange.challenge().unwrap_or_default();
        if matches!(self.exchange.resource(), Resource::Exchange | Resource::Token) {
            return None;
        }
        if challenge.contains("insufficient_scope") {
            let scope = self.exchange.world_after("weak:").unwrap_or("repository:unrelated:pull");
            return Some(access_token(&self.client, &self.refresh_token, scope).await);
        }
        if challenge.contains("invalid_token") {
            return Some("placeholder".to_owned());
        }
        self.client.token.clone().filter(|_| challenge.is_empty())
    }

    /// Makes the calls that the recorded budget has counted before, in a second of their own.
    async fn spend_budget(&self) {
        self.clock.advance(Duration::from_secs(60));
        let before = calls_before(self.exchange);
        for _ in 0..before.deletes {
            self.client.delete("/acr/v1/unrelated/_tags/none").await;
        }
        for _ in 0..before.token_calls {
            self.client.form("/oauth2/token", "grant_type=refresh_token").await;
        }
    }

    /// The recorded form, with tokens that are good where the recorded ones were.
    fn form(&self) -> Bytes {
        let recorded = self.exchange.request.body.clone().filter(|body| !body.is_empty());
        let default = "grant_type=refresh_token&service=x&scope=registry%3Acatalog%3A*&refresh_token=wrong";
        let Some(recorded) = recorded else { return Bytes::from_static(default.as_bytes()) };
        // A bad tenant is refused with an empty body, whatever the token.
        let is_good = self.exchange.response.status == 200
            || (self.exchange.form_field("tenant").is_some() && self.exchange.response.text().is_empty());
        let pairs = recorded.split('&').map(|pair| match pair.split_once('=') {
            Some(("access_token", text)) if is_good && !text.is_empty() => {
                format!("access_token={}", entra_token())
            }
            Some(("refresh_token", text)) if is_good && !text.is_empty() => {
                format!("refresh_token={}", self.refresh_token)
            }
            _ => pair.to_owned(),
        });
        Bytes::from(pairs.collect::<Vec<_>>().join("&"))
    }

    /// The recorded body, or one of the recorded length and kind.
    fn body(&self) -> Bytes {
        if let Some(body) = self.exchange.request.bytes() {
            return Bytes::from(body);
        }
        let resource = self.exchange.resource();
        match (self.exchange.request.method.as_str(), resource) {
            ("PATCH", Resource::Upload(_)) => Bytes::from(vec![b'.'; self.piece_length()]),
            ("PUT", Resource::Manifest(..)) => Bytes::from(self.manifest()),
            _ => Bytes::new(),
        }
    }

    fn piece_length(&self) -> usize {
        let length =
            |first: &str, last: &str| Some(last.parse::<usize>().ok()? + 1 - first.parse::<usize>().ok()?);
        let range = self.exchange.request.header("content-range").unwrap_or_default();
        if let Some(length) = range.split_once('-').and_then(|(first, last)| length(first, last)) {
            return length;
        }
        let offset = self.exchange.upload_offset().unwrap_or_default();
        let received = self.exchange.response.header("range");
        let end =
            received.and_then(|range| range.split_once('-').and_then(|(_, end)| end.parse::<usize>().ok()));
        let recorded = self.exchange.world_after("upload:").and_then(|text| text.parse().ok());
        end.map(|end| end + 1 - offset).or(recorded).unwrap_or(10)
    }

    /// A manifest of the kind that was pushed; of another kind than its type says where that was refused.
    fn manifest(&self) -> String {
        let declared =
            self.exchange.request.header("content-type").unwrap_or_else(|| OCI_MANIFEST.to_owned());
        if self.exchange.response.code() == "MANIFEST_INVALID" {
            return json!({ "schemaVersion": 2, "mediaType": DOCKER_MANIFEST }).to_string();
        }
        if declared.contains("index") || declared.contains("list") {
            return json!({ "schemaVersion": 2, "mediaType": declared, "manifests": [] }).to_string();
        }
        let config = json!({ "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(EMPTY_CONFIG), "size": 2 });
        json!({ "schemaVersion": 2, "mediaType": declared, "config": config, "layers": [] }).to_string()
    }

    /// The path of a push, whose digest is that of the manifest that is pushed here.
    fn push_path(&mut self, reference: &str, body: &[u8]) -> String {
        let ours = digest(body);
        if let Some(theirs) = self.exchange.response.header("docker-content-digest") {
            self.substitute(&ours, &theirs);
        }
        let path = self.exchange.path();
        if self.exchange.response.status != 201 || !reference.contains(':') {
            return path;
        }
        path.replace(reference, &ours).replace(&reference.replace(':', "%3A"), &ours)
    }

    fn substitute(&mut self, ours: &str, theirs: &str) {
        if ours != theirs {
            self.substitutes.push((ours.to_owned(), theirs.to_owned()));
        }
    }

    /// The path of a session that has come as far as the recorded one.
    async fn upload_path(&mut self, name: &str, body: &[u8]) -> String {
        if self.exchange.response.code() == "BLOB_UPLOAD_UNKNOWN" {
            return self.exchange.path();
        }
        let started =
            self.client.send(Method::POST, &format!("/v2/{name}/blobs/uploads/"), &[], Bytes::new()).await;
        let mut location = started.header("location").to_owned();
        let before = vec![b'.'; self.exchange.upload_offset().unwrap_or_default()];
        if !before.is_empty() {
            let answer = self.client.send(Method::PATCH, &location, &[], before.clone()).await;
            location = answer.header("location").to_owned();
        }
        let Some(claimed) = self.exchange.query("digest") else { return location };
        let ours = digest(&[before.as_slice(), body].concat());
        let digest = match self.exchange.response.status {
            201 => {
                self.substitute(&ours, &claimed);
                ours
            }
            _ => claimed,
        };
        format!("{location}&digest={}", digest.replace(':', "%3A"))
    }
}

async fn access_token(client: &Client, refresh_token: &str, scope: &str) -> String {
    let scope = scope.replace(' ', "+");
    let form = format!("grant_type=refresh_token&service=x&scope={scope}&refresh_token={refresh_token}");
    client.form("/oauth2/token", form).await.json()["access_token"].as_str().unwrap().to_owned()
}
