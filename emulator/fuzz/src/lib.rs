//! What the targets share: an emulator, a token, and the promise that every request has an answer which is no 5xx.

use acr_emulator::Emulator;
use axum::body::Body;
use http::{Request, Uri};

/// An emulator with a token for everything.
pub struct Target {
    runtime: tokio::runtime::Runtime,
    emulator: Emulator,
    authorization: String,
}

impl Target {
    /// A fresh one.
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let emulator = Emulator::builder().build().expect("an emulator");
        let request = Request::get("/oauth2/token?service=x&scope=registry:catalog:*&scope=repository:*:*");
        let response = runtime.block_on(emulator.respond(request.body(Body::empty()).expect("a request")));
        let body = runtime.block_on(axum::body::to_bytes(response.into_body(), 1 << 20)).expect("a body");
        let body = String::from_utf8_lossy(&body).into_owned();
        let token = body.split('"').nth(3).expect("a token");
        Self { runtime, emulator, authorization: format!("Bearer {token}") }
    }

    /// Sends a request; what no client could send is left out.
    pub fn send(&self, method: &str, uri: &str, headers: &[(&str, &[u8])], body: &[u8]) {
        let Ok(uri) = uri.parse::<Uri>() else { return };
        let mut request = Request::builder().method(method).uri(uri).header("authorization", &self.authorization);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let Ok(request) = request.body(Body::from(body.to_vec())) else { return };
        let response = self.runtime.block_on(self.emulator.respond(request));
        assert!(!response.status().is_server_error(), "{}", response.status());
    }
}

impl Default for Target {
    fn default() -> Self {
        Self::new()
    }
}
