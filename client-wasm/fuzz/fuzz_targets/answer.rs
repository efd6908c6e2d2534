//! Any answer to any operation. The input is an answer as text: status, header fields a line each, an empty line, the body. The same
//! answer comes to every request, token requests too, so that hostile tokens, links, locations, ranges and bodies all get their turn.
#![no_main]

use std::time::Duration;

use acr_client_wasm::*;
use bytes::Bytes;
use futures_util::future::{FutureExt as _, LocalBoxFuture, ready};
use http::StatusCode;
use libfuzzer_sys::fuzz_target;

const ENDPOINT: &str = "https://demo.azurecr.io/prefix";

/// Gives the same answer to everything.
struct Same(StatusCode, Headers, Bytes);

impl Transport for Same {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        let path = request.url.strip_prefix(ENDPOINT).expect("a request left the endpoint");
        assert!(path.starts_with('/') && !path.split('/').any(|part| part == ".."), "a request climbed: {path}");
        ready(Ok(Response { status: self.0, headers: self.1.clone(), body: Body::from_bytes(self.2.clone()) })).boxed_local()
    }
}

/// No time passes.
struct Still;

impl Environment for Still {
    fn now(&self) -> Duration {
        Duration::from_secs(1_700_000_000)
    }

    fn sleep(&self, _: Duration) -> LocalBoxFuture<'_, ()> {
        ready(()).boxed_local()
    }

    fn jitter(&self) -> f64 {
        0.5
    }
}

fn answer(input: &[u8]) -> Option<Same> {
    let text = String::from_utf8_lossy(input);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = StatusCode::from_u16(lines.next()?.trim().parse().ok()?).ok()?;
    let mut headers = Headers::new();
    for line in lines.take(16) {
        let (name, value) = line.split_once(':')?;
        headers.append(name.trim(), value.trim());
    }
    Some(Same(status, headers, Bytes::from(body.to_owned())))
}

async fn every_operation(client: RegistryClient) -> Result<(), NameError> {
    let (name, tag, digest): (RepositoryName, TagName, Digest) = ("team/app".parse()?, "1.0".parse()?, Digest::of(b""));
    let reference = Reference::Tag(tag.clone());
    let _ = client.check_support().await;
    let mut repositories = client.repositories().list(ListOptions::default());
    let mut tags = client.tags().list(&name, TagListOptions::default());
    let mut referrers = client.manifests().referrers(&name, &digest, None);
    for _ in 0..3 {
        let _ = (repositories.next_page().await, tags.next_page().await, referrers.next_page().await);
    }
    let _ = client.repositories().attributes(&name).await;
    let _ = client.repositories().delete(&name).await;
    let _ = client.tags().delete(&name, &tag).await;
    let _ = client.manifests().list(&name, ManifestListOptions::default()).next_page().await;
    let _ = client.manifests().attributes(&name, &reference).await;
    let _ = client.manifests().get(&name, &reference).await;
    let media_type = MediaType::new(MediaType::OCI_MANIFEST);
    let _ = client.manifests().create(&name, &reference, &media_type, Bytes::from_static(b"{}")).await;
    let _ = client.blobs().get_bytes(&name, &digest, 1 << 16).await;
    let _ = client.blobs().get_chunk(&name, &digest, 3, 9).await;
    let _ = client.blobs().check(&name, &digest).await;
    if let Ok(Mount::Upload(mut upload)) = client.blobs().mount(&name, &name, &digest).await {
        let _ = upload.append(Bytes::from_static(b"0123456789")).await;
        let _ = upload.status().await;
        let _ = upload.end(&digest, Bytes::from_static(b"x")).await;
        let _ = upload.cancel().await;
    }
    let _ = (client.session(), client.rate_limit());
    Ok(())
}

fuzz_target!(|input: &[u8]| {
    let Some(answer) = answer(input) else { return };
    let client = RegistryClient::builder(ENDPOINT).transport(answer).environment(Still).build().expect("the endpoint is one");
    every_operation(client).now_or_never().expect("nothing waits").expect("the names are names");
});
