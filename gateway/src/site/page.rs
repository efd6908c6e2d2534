//! Serving the dashboard: its files with their caching and encodings, its one page for every deep link, and its configuration.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};

use super::page_config;
use crate::config::{BasePath, Config};
use crate::inbound::target;
use crate::problem::Problem;
use crate::site::assets::{self, Assets};

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The dashboard as this gateway serves it: prepared once at start.
#[derive(Debug)]
pub(crate) struct Pages {
    assets: Assets,
    index: Option<Bytes>,
    config: Bytes,
}

impl Pages {
    pub(crate) fn new(assets: Assets, config: &Config) -> Self {
        let index = assets.get("index.html").map(|bytes| rebase(bytes, &config.base_path));
        Self { assets, index, config: page_config::document(config) }
    }

    /// `/config.json`.
    pub(crate) fn page_config(&self) -> Response {
        with_headers(self.config.clone(), "application/json", NO_STORE)
    }

    /// A file, or the page for a deep link. The path is raw and only ever compared with names of files.
    pub(crate) fn respond(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<Response, Problem> {
        target::check(path).map_err(|error| Problem::hostile_path(error.to_string()))?;
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Problem::method_not_allowed(
                "GET, HEAD",
                "the dashboard is only read; registries are below /registries/NAME",
            ));
        }
        let name = path.trim_start_matches('/');
        match self.assets.get(name) {
            Some(bytes) if name != "index.html" => Ok(self.file(name, bytes, headers)),
            _ if self.is_file(name) || !wants_page(headers) => Err(Problem::not_found(
                "the dashboard has no such file; reload the page, it may have been updated",
            )),
            _ => self.page(),
        }
    }

    /// Whether a path can only be a file's. A page's begins with a registry's name, in which there are no dots.
    fn is_file(&self, name: &str) -> bool {
        let first = name.split('/').next().unwrap_or(name);
        // A page that is still open after an update asks for files of the former build, wherever that kept them.
        let former = assets::is_hashed(name) && assets::has_known_type(name);
        name != "index.html" && (first.contains('.') || self.assets.has_folder(first) || former)
    }

    fn page(&self) -> Result<Response, Problem> {
        let Some(index) = &self.index else {
            let message = "this gateway was built without the dashboard; `cargo xtask demo` builds both";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "GATEWAY_NO_DASHBOARD", message));
        };
        Ok(with_headers(index.clone(), assets::media_type("index.html"), NO_STORE))
    }

    fn file(&self, name: &str, bytes: &Bytes, headers: &HeaderMap) -> Response {
        let (brotli, gzip) = (weight(headers, "br"), weight(headers, "gzip"));
        let (coding, bytes) = match self.assets.encoded(name, brotli > 0.0 && brotli >= gzip, gzip > 0.0) {
            Some((coding, bytes)) => (Some(coding), bytes),
            None => (None, bytes),
        };
        let hashed = assets::is_hashed(name);
        let cache = if hashed { IMMUTABLE } else { REVALIDATE };
        let mut response = with_headers(bytes.clone(), assets::media_type(name), cache);
        let fields = response.headers_mut();
        fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if let Some(tag) = (!hashed).then(|| entity_tag(bytes)).flatten() {
            let known = headers.get(header::IF_NONE_MATCH) == Some(&tag);
            fields.insert(header::ETAG, tag);
            if known {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                *response.body_mut() = Body::empty();
            }
        }
        response
    }

    /// Whether the dashboard is in this binary.
    pub(crate) fn has_dashboard(&self) -> bool {
        self.index.is_some()
    }
}

fn with_headers(bytes: Bytes, media_type: &'static str, cache: HeaderValue) -> Response {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response
}

fn entity_tag(bytes: &[u8]) -> Option<HeaderValue> {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).ok()
}

/// Whether the request is a person's, for a page, and not a page's for a script, style or image it lacks.
fn wants_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let page = |dest: &str| matches!(dest, "document" | "iframe" | "frame" | "embed" | "object" | "empty");
    let html = |accept: &str| accept.contains("text/html") || accept.contains("*/*");
    text("sec-fetch-dest").is_none_or(page) && text("accept").is_none_or(html)
}

/// How much a content coding is wanted, from 0 to 1 (RFC 9110 section 12.5.3). `*` speaks for those that are not named.
fn weight(headers: &HeaderMap, coding: &str) -> f32 {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let (mut named, mut others) = (None, None);
    for part in values.flat_map(|value| value.split(',')) {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(1.0, |text| text.parse().unwrap_or(0.0));
        match name.trim() {
            "*" => others = Some(weight),
            name if name.eq_ignore_ascii_case(coding) => named = Some(weight),
            _ => {}
        }
    }
    named.or(others).unwrap_or(0.0)
}

/// The page with its `<base href>` set to the base path, so that one build works below any path.
fn rebase(index: &Bytes, base: &BasePath) -> Bytes {
    let Ok(text) = std::str::from_utf8(index) else { return index.clone() };
    let (before, rest) = match text.split_once("<base") {
        Some((before, rest)) => (before, rest.split_once('>').map_or("", |(_, rest)| rest)),
        None => match text.split_once("<head>") {
            Some((before, rest)) => {
                return Bytes::from(format!("{before}<head><base href=\"{base}\">{rest}"));
            }
            None => return index.clone(),
        },
    };
    Bytes::from(format!("{before}<base href=\"{base}\">{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rebased(index: &'static str, base: &str) -> String {
        String::from_utf8(rebase(&Bytes::from_static(index.as_bytes()), &base.parse().unwrap()).to_vec())
            .unwrap()
    }

    #[test]
    fn the_base_of_the_page_follows_the_base_path() {
        assert_eq!(rebased("<head><base href=\"/\" /><x>", "/acr/"), "<head><base href=\"/acr/\"><x>");
        assert_eq!(rebased("<head><x>", "/acr/"), "<head><base href=\"/acr/\"><x>");
        assert_eq!(rebased("nothing", "/acr/"), "nothing");
    }

    #[test]
    fn a_coding_with_weight_zero_is_not_accepted() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0, br;q=1.0"));
        assert!(weight(&headers, "br") > 0.0);
        assert!(weight(&headers, "gzip") <= 0.0);
    }

    #[test]
    fn a_script_that_is_missing_is_not_answered_with_the_page() {
        let mut headers = HeaderMap::new();
        assert!(wants_page(&headers));
        headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
        assert!(wants_page(&headers));
        headers.insert("sec-fetch-dest", HeaderValue::from_static("script"));
        assert!(!wants_page(&headers));
    }
}
