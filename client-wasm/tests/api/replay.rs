//! Recorded exchanges: where they lie, what is in them, and a transport that answers with one of them.

use std::path::{Path, PathBuf};

use acr_client_wasm::{Body, Headers, Request, Response, Transport, TransportError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Recording {
    pub(crate) op: String,
    pub(crate) request: Recorded,
    pub(crate) response: Answered,
    #[serde(default = "yes")]
    body_bytes_exact: bool,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    pub(crate) url: String,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: serde_json::Map<String, Value>,
    #[serde(default)]
    pub(crate) body: String,
    /// The body where it is no text.
    #[serde(default, rename = "bodyBase64")]
    body_base64: String,
}

impl Answered {
    pub(crate) fn bytes(&self) -> Bytes {
        if self.body_base64.is_empty() {
            self.body.clone().into()
        } else {
            STANDARD.decode(&self.body_base64).unwrap().into()
        }
    }
}

/// The project's own.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

pub(crate) fn load(folder: &Path) -> Vec<(String, Recording)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        serde_json::from_slice(&std::fs::read(path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    files.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

/// Answers tokens with a token, the start of an upload with the recorded location, and everything else with the recording.
pub(crate) struct Replay(pub(crate) Recording);

impl Transport for Replay {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        let Recording { op, request: recorded, response, body_bytes_exact } = &self.0;
        let is_token = request.url.contains("/oauth2/") && !recorded.url.contains("/oauth2/");
        let is_start = request.url.ends_with("/blobs/uploads/")
            && !recorded.url.contains("/blobs/uploads/?")
            && op != "Blob_StartUpload";
        let answer = if is_token {
            respond(200, Headers::new(), Bytes::from_static(br#"{"access_token":"t"}"#))
        } else if is_start && recorded.url.contains("/blobs/uploads/") {
            let location = recorded
                .url
                .split_once("/v2/")
                .map(|(_, rest)| format!("/v2/{}", rest.replace('…', "x")))
                .unwrap();
            let headers = Headers::from_iter([("location", location)]);
            respond(202, headers, Bytes::new())
        } else {
            assert_eq!(request.method.as_str(), recorded.method, "the recorded method");
            let mut headers = headers_of(&response.headers);
            if !body_bytes_exact {
                // Whitespace is not as it was, so the digest cannot be that of the body.
                headers = headers.iter().filter(|(name, _)| *name != "docker-content-digest").collect();
            }
            respond(response.status, headers, response.bytes())
        };
        async { Ok(answer) }.boxed_local()
    }
}

fn respond(status: u16, headers: Headers, body: Bytes) -> Response {
    Response { status: StatusCode::from_u16(status).unwrap(), headers, body: Body::from_bytes(body) }
}

pub(crate) fn headers_of(recorded: &serde_json::Map<String, Value>) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in recorded {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for value in values {
            headers.append(name, value.as_str().unwrap());
        }
    }
    headers
}
