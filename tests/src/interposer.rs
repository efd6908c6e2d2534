//! A proxy between gateway and registry that changes answers, for damage that no real registry does.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};

use crate::static_site::{self, StaticSite};

/// Enough for the largest manifest.
const LIMIT: usize = 16 * 1024 * 1024;

/// The replacement of a body, decided by path and body; `None` leaves the body as it is.
type Change = dyn Fn(&str, &Bytes) -> Option<Bytes> + Send + Sync;

/// A listener on a free port; gone when dropped.
pub struct Interposer {
    site: StaticSite,
}

struct Between {
    upstream: String,
    client: reqwest::Client,
    change: Box<Change>,
    keeps_digest: bool,
}

impl Interposer {
    /// Passes everything on to `upstream` and back, with the bodies of successes changed as `change` says. The digest that the
    /// registry states stays, so a changed manifest does not match it.
    pub async fn start(
        upstream: &str,
        change: impl Fn(&str, &Bytes) -> Option<Bytes> + Send + Sync + 'static,
    ) -> Result<Self> {
        Self::serve(Router::new(), upstream, Box::new(change), true).await
    }

    /// The same, without the digest of bodies that are changed: a client can only judge what is in them.
    pub async fn without_digests(
        upstream: &str,
        change: impl Fn(&str, &Bytes) -> Option<Bytes> + Send + Sync + 'static,
    ) -> Result<Self> {
        Self::serve(Router::new(), upstream, Box::new(change), false).await
    }

    /// Answers with the files below `folder` under `/ui`, and passes everything else on: one origin for a page and its registry.
    pub async fn with_page(folder: &Path, upstream: &str) -> Result<Self> {
        let pages = Router::new().nest("/ui", static_site::files(folder));
        Self::serve(pages, upstream, Box::new(|_, _| None), true).await
    }

    async fn serve(pages: Router, upstream: &str, change: Box<Change>, keeps_digest: bool) -> Result<Self> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let between = Arc::new(Between { upstream: upstream.to_owned(), client, change, keeps_digest });
        let pass = Router::new().fallback(pass).with_state(between);
        let site = StaticSite::serve(pages.fallback_service(pass)).await?;
        Ok(Self { site })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        self.site.url()
    }
}

async fn pass(State(between): State<Arc<Between>>, request: Request) -> Response {
    exchange(&between, request).await.unwrap_or_else(|error| {
        (StatusCode::BAD_GATEWAY, format!("the interposer failed: {error:#}")).into_response()
    })
}

async fn exchange(between: &Between, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let target = parts.uri.path_and_query().map_or(path.as_str(), |target| target.as_str());
    let body = to_bytes(body, LIMIT).await?;
    let sent = between.client.request(parts.method, format!("{}{target}", between.upstream));
    let answer = sent.headers(parts.headers).body(body).send().await?;
    let mut response = http::Response::builder().status(answer.status());
    let success = answer.status().is_success();
    if let Some(headers) = response.headers_mut() {
        headers.extend(answer.headers().clone());
        headers.remove(header::TRANSFER_ENCODING);
    }
    let body = answer.bytes().await?;
    let changed = (between.change)(&path, &body).filter(|_| success);
    if let (Some(changed), Some(headers)) = (&changed, response.headers_mut()) {
        headers.insert(header::CONTENT_LENGTH, changed.len().into());
        if !between.keeps_digest {
            headers.remove("docker-content-digest");
        }
    }
    Ok(response.body(Body::from(changed.unwrap_or(body)))?)
}
