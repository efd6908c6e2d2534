//! The header fields that limit what a browser may do with an answer. Chosen once at start; applied to every answer.

use std::collections::BTreeSet;

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::config::{Config, Origin};

/// The policies of one gateway.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    page: HeaderValue,
    embed: HeaderValue,
    framed: bool,
    cors: Vec<Origin>,
}

/// What an answer is, for its Content-Security-Policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The dashboard and its files. No page may frame them: what a person signs in to and deletes with stands on its own.
    Dashboard,
    /// The dashboard for frames, which the configured origins may put in theirs, whatever embedder policy they have.
    Embed,
    /// The page that Microsoft redirects to. In a window that a frame has opened it needs the frame, which waits for the answer.
    SignInRedirect,
    /// What a registry sent, or the gateway's own JSON and text.
    Data,
}

/// A registry decides what its answers are called and hold. Opened as a page, they have no script and no origin.
const DATA_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What a page on another origin may load, once it is on a list.
const CROSS_ORIGIN: HeaderValue = HeaderValue::from_static("cross-origin");

const FIXED: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (OPENER_POLICY, HeaderValue::from_static("same-origin")),
    // The page loads nothing of another origin. Said aloud, it may stand in a frame of a page that wants the same.
    (HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp")),
    (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Fields a page on another origin may read, once it is on the list.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Content-Length, Content-Range, Docker-Content-Digest, Docker-Distribution-Api-Version, Docker-Upload-Uuid, ETag, Link, \
     Location, Range, Retry-After, WWW-Authenticate, X-Ms-Client-Request-Id, X-Ms-Correlation-Request-Id, X-Ms-Request-Id, \
     X-Ms-Ratelimit-Remaining-Calls-Per-Second",
);

const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");

const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Authorization, Content-Range, Content-Type, If-None-Match, Range, X-Ms-Client-Request-Id",
);

impl SecurityHeaders {
    pub(crate) fn new(config: &Config) -> Self {
        let ancestors = match config.frame_ancestors.as_slice() {
            [] => "'none'".to_owned(),
            origins => origins.iter().map(Origin::as_str).collect::<Vec<_>>().join(" "),
        };
        let authorities = authorities(config);
        Self {
            page: page_policy("'none'", &authorities),
            embed: page_policy(&ancestors, &authorities),
            framed: !config.frame_ancestors.is_empty(),
            cors: config.cors_origins.clone(),
        }
    }

    /// Adds the fields to an answer of a kind.
    pub(crate) fn apply(&self, kind: Kind, response: &mut Response) {
        let headers = response.headers_mut();
        for (name, value) in FIXED {
            headers.insert(name, value);
        }
        let policy = match kind {
            Kind::Dashboard | Kind::SignInRedirect => self.page.clone(),
            Kind::Embed => self.embed.clone(),
            Kind::Data => DATA_POLICY,
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        if kind == Kind::SignInRedirect {
            headers.insert(OPENER_POLICY, HeaderValue::from_static("unsafe-none"));
        }
        if kind == Kind::Embed && self.framed {
            headers.insert(RESOURCE_POLICY, CROSS_ORIGIN);
        } else {
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        }
    }

    /// The origin of a request, when it is on the list of those that may call across origins.
    pub(crate) fn listed_origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(header::ORIGIN)?;
        self.cors.iter().any(|listed| listed.as_str().as_bytes() == origin.as_bytes()).then(|| origin.clone())
    }

    /// Lets a listed origin read an answer. Says that the answer depends on the origin whenever there is a list.
    pub(crate) fn permit_origin(&self, origin: Option<HeaderValue>, headers: &mut HeaderMap) {
        if !self.cors.is_empty() {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            headers.insert(RESOURCE_POLICY, CROSS_ORIGIN);
        }
    }

    /// The answer to a preflight of a listed origin.
    pub(crate) fn preflight() -> Response {
        let mut response = Response::new(axum::body::Body::empty());
        *response.status_mut() = http::StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        response
    }
}

/// The origins that people sign in at, each after a space: what the page may connect to in addition to its own.
fn authorities(config: &Config) -> String {
    let sign_ins = config.registries.iter().filter_map(|registry| registry.entra_sign_in(&config.entra));
    let origins: BTreeSet<String> = sign_ins.map(|sign_in| sign_in.authority.origin().to_owned()).collect();
    origins.into_iter().map(|origin| format!(" {origin}")).collect()
}

/// The policy of a page that these may frame. 'wasm-unsafe-eval' compiles WebAssembly and nothing else; it is the only relaxation.
fn page_policy(ancestors: &str, authorities: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'{authorities}; manifest-src 'self'; worker-src 'self'; base-uri 'self'; form-action 'none'; \
         frame-ancestors {ancestors}"
    );
    // Origins are parsed into letters, digits and `-.:[]/`, so the policy is a legal value.
    HeaderValue::try_from(policy).unwrap_or(DATA_POLICY)
}
