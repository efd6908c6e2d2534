//! A folder served over HTTP, for the pages of the npm packages' consumers.

use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A listener on a free port; gone when dropped.
pub struct StaticSite {
    port: u16,
    task: JoinHandle<()>,
}

impl StaticSite {
    /// Serves what is below `folder`.
    pub async fn start(folder: &Path) -> Result<Self> {
        Self::serve(files(folder)).await
    }

    /// The same under a Content-Security-Policy.
    pub async fn with_policy(folder: &Path, policy: &str) -> Result<Self> {
        let policy = HeaderValue::try_from(policy)?;
        let add = move |mut response: Response| {
            let policy = policy.clone();
            async move {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
                response
            }
        };
        let site = Router::new().fallback(file).with_state(Arc::new(folder.to_owned()));
        Self::serve(site.layer(axum::middleware::map_response(add))).await
    }

    /// Serves an application.
    pub(crate) async fn serve(application: Router) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            // It ends with the test.
            let _ended = axum::serve(listener, application).await;
        });
        Ok(Self { port, task })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The same files on another site than every service that a test starts: `http://localhost:PORT`.
    pub fn url_on_another_site(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}

impl Drop for StaticSite {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An application of the files below `folder`.
pub(crate) fn files(folder: &Path) -> Router {
    Router::new().fallback(file).with_state(Arc::new(folder.to_owned()))
}

async fn file(State(folder): State<Arc<PathBuf>>, address: Uri) -> Response {
    let inside = Path::new(address.path().trim_start_matches('/'));
    if !inside.components().all(|part| matches!(part, Component::Normal(_))) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut path = folder.join(inside);
    if path.is_dir() {
        path.push("index.html");
    }
    match tokio::fs::read(&path).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, media_type(&path))], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
