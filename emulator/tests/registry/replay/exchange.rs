//! A recorded exchange, and reading it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;

/// A digest to stand where a recording has `…`.
const ANY_DIGEST: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    #[serde(default)]
    pub file: String,
    /// What the recorder remembers of the circumstances: `anonymous`, `weak:SCOPE`, `upload:LENGTH`.
    #[serde(default)]
    pub world: Option<String>,
    #[serde(default)]
    pub body_bytes_exact: bool,
    pub request: Request,
    pub response: Response,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub method: String,
    pub url: String,
    #[serde(default)]
    pub headers: Option<BTreeMap<String, OneOrMany>>,
    #[serde(default)]
    pub body: Option<String>,
    #[serde(default)]
    pub body_base64: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    pub status: u16,
    pub headers: BTreeMap<String, OneOrMany>,
    #[serde(default)]
    pub body: Option<String>,
    #[serde(default)]
    pub body_base64: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn values(&self) -> Vec<String> {
        match self {
            Self::One(value) => vec![value.clone()],
            Self::Many(values) => values.clone(),
        }
    }
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    Catalog,
    Repository(String),
    Tags(String),
    Tag(String, String),
    ManifestList(String),
    ManifestAttributes(String, String),
    Manifest(String, String),
    Blob(String, String),
    Uploads(String),
    Upload(String),
    Referrers(String, String),
    Exchange,
    Token,
    Other,
}

fn find(headers: &BTreeMap<String, OneOrMany>, name: &str) -> Option<String> {
    let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(found.1.values().join(", "))
}

fn bytes(text: Option<&String>, base64: Option<&String>) -> Option<Vec<u8>> {
    match (text, base64) {
        (_, Some(base64)) => Some(STANDARD.decode(base64).unwrap()),
        (Some(text), None) if !text.is_empty() => Some(text.clone().into_bytes()),
        _ => None,
    }
}

impl Request {
    pub fn header(&self, name: &str) -> Option<String> {
        find(self.headers.as_ref()?, name)
    }

    pub fn bytes(&self) -> Option<Vec<u8>> {
        bytes(self.body.as_ref(), self.body_base64.as_ref())
    }
}

impl Response {
    pub fn header(&self, name: &str) -> Option<String> {
        find(&self.headers, name)
    }

    pub fn bytes(&self) -> Option<Vec<u8>> {
        bytes(self.body.as_ref(), self.body_base64.as_ref())
    }

    pub fn text(&self) -> &str {
        self.body.as_deref().unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(self.text()).unwrap_or_default()
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn message(&self) -> String {
        self.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
    }

    pub fn content_length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }
}

impl Exchange {
    /// The registry's name and the path after it, with placeholders replaced.
    pub fn split_url(&self) -> (String, String) {
        let rest = self.request.url.split_once("://").map_or(self.request.url.as_str(), |(_, rest)| rest);
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = path.replace('…', ANY_DIGEST).replace("/REPO/", "/repo/").replace("/TAG", "/tag");
        (host.to_owned(), path)
    }

    /// The name that the registry goes by: in its answer, else in the address.
    pub fn login_server(&self) -> String {
        let named = self.response.json()["registry"].as_str().map(str::to_owned);
        named.unwrap_or_else(|| self.split_url().0)
    }

    pub fn path(&self) -> String {
        self.split_url().1
    }

    /// The decoded value of a query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        let path = self.path();
        let query = path.split_once('?')?.1;
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let value = pairs.into_iter().find(|(key, _)| *key == name)?.1.to_owned();
        Some(decode(&value))
    }

    pub fn resource(&self) -> Resource {
        let path = self.path();
        let path = decode(path.split('?').next().unwrap());
        let name = |text: &str| text.to_owned();
        if path == "/oauth2/exchange" {
            return Resource::Exchange;
        }
        if path == "/oauth2/token" {
            return Resource::Token;
        }
        if path == "/acr/v1/_catalog" || path == "/v2/_catalog" {
            return Resource::Catalog;
        }
        if let Some(rest) = path.strip_prefix("/acr/v1/") {
            if let Some((repository, tag)) = rest.split_once("/_tags/") {
                return Resource::Tag(name(repository), name(tag));
            }
            if let Some((repository, digest)) = rest.split_once("/_manifests/") {
                return Resource::ManifestAttributes(name(repository), name(digest));
            }
            if let Some(repository) = rest.strip_suffix("/_tags") {
                return Resource::Tags(name(repository));
            }
            if let Some(repository) = rest.strip_suffix("/_manifests") {
                return Resource::ManifestList(name(repository));
            }
            return Resource::Repository(name(rest));
        }
        let Some(rest) = path.strip_prefix("/v2/") else { return Resource::Other };
        if let Some((repository, reference)) = rest.split_once("/manifests/") {
            return Resource::Manifest(name(repository), name(reference));
        }
        if let Some((repository, id)) = rest.split_once("/blobs/uploads/") {
            return if id.is_empty() {
                Resource::Uploads(name(repository))
            } else {
                Resource::Upload(name(repository))
            };
        }
        if let Some((repository, digest)) = rest.split_once("/blobs/") {
            return Resource::Blob(name(repository), name(digest));
        }
        if let Some((repository, digest)) = rest.split_once("/referrers/") {
            return Resource::Referrers(name(repository), name(digest));
        }
        match rest.strip_suffix("/tags/list") {
            Some(repository) => Resource::Tags(name(repository)),
            None => Resource::Other,
        }
    }

    /// Whether it is written down from an issue or a documentation, which say little of the headers.
    pub fn is_reported(&self) -> bool {
        self.response.header("server").is_none()
    }

    /// Whether the recorder followed the redirect to storage.
    pub fn is_from_storage(&self) -> bool {
        self.response.header("server").is_some_and(|server| server.contains("Windows-Azure-Blob"))
    }

    pub fn challenge(&self) -> Option<String> {
        self.response.header("www-authenticate")
    }

    /// The part of `world` after a mark such as `weak:`.
    pub fn world_after(&self, mark: &str) -> Option<&str> {
        self.world.as_deref()?.strip_prefix(mark)
    }

    /// How far the upload had come that the request goes on with: what its `_state` carries.
    pub fn upload_offset(&self) -> Option<usize> {
        let state = self.query("_state")?;
        let state = URL_SAFE_NO_PAD.decode(state.trim_end_matches('=')).ok()?;
        let state: Value = serde_json::from_slice(state.get(32..)?).ok()?;
        state["Offset"].as_u64().map(|offset| usize::try_from(offset).unwrap())
    }

    /// Whether a form field was recorded with something in it.
    pub fn form_field(&self, name: &str) -> Option<String> {
        let body = self.request.body.as_ref()?;
        let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| decode(&value.replace('+', " ")))
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
