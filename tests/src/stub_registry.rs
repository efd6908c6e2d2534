//! A fake registry: it answers every request with the same bytes. For what the dashboard does with garbage.

use anyhow::Result;
use axum::Router;
use http::header;

use crate::static_site::StaticSite;

/// A listener on a free port; gone when dropped.
pub struct StubRegistry {
    site: StaticSite,
}

impl StubRegistry {
    /// Answers everything with `200 OK`, this content type and this body.
    pub async fn start(content_type: &str, body: &str) -> Result<Self> {
        let answer = ([(header::CONTENT_TYPE, content_type.to_owned())], body.to_owned());
        let site = StaticSite::serve(Router::new().fallback(async move || answer.clone())).await?;
        Ok(Self { site })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        self.site.url()
    }
}
