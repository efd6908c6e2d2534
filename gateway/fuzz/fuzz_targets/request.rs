//! Any request to a gateway behind a trusted proxy, with an identity that may write: whatever its method, target and header fields, the
//! gateway answers, sends requests to its registry alone, and never names a user that the proxy did not.
#![no_main]

use std::sync::LazyLock;

use acr_gateway::config::{Config, IdentityConfig};
use acr_gateway::{Assets, Gateway, Peer};
use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
});

static GATEWAY: LazyLock<Gateway> = LazyLock::new(|| {
    // A port on which nothing listens.
    let mut config = Config::new(vec!["demo=http://127.0.0.1:1".parse().expect("a registry")]).expect("a configuration");
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    config.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    config.user_header = Some(HeaderName::from_static("x-forwarded-user"));
    Gateway::with_assets(config, Assets::default()).expect("a gateway")
});

fuzz_target!(|input: (&[u8], &str, Vec<(&[u8], &[u8])>)| {
    let (method, target, fields) = input;
    let (Ok(method), Ok(uri)) = (Method::from_bytes(method), target.parse::<Uri>()) else { return };
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request.headers_mut().insert("host", HeaderValue::from_static("localhost"));
    for (name, value) in fields.into_iter().take(64) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            request.headers_mut().append(name, value);
        }
    }
    request.extensions_mut().insert(Peer(([10, 0, 0, 1], 1).into()));
    let answer = RUNTIME.block_on(GATEWAY.respond(request));
    assert!(matches!(answer.status().as_u16(), 200..=504), "{}", answer.status());
    assert!(answer.headers().contains_key("content-security-policy"));
});
