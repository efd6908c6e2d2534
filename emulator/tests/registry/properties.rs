//! Whatever comes in, an answer comes out, and nothing is stored that was not pushed.

use acr_emulator::Emulator;
use axum::body::Body;
use http::{Request, StatusCode};
use proptest::prelude::*;

use crate::client::Client;
use crate::image::{digest, push_blob};

fn path() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("v2".to_owned()),
        Just("acr/v1".to_owned()),
        Just("oauth2/token".to_owned()),
        Just("_catalog".to_owned()),
        Just("_tags".to_owned()),
        Just("_manifests".to_owned()),
        Just("manifests".to_owned()),
        Just("blobs/uploads".to_owned()),
        Just("referrers".to_owned()),
        Just(format!("sha256:{}", "a".repeat(64))),
        "[a-z0-9._%-]{0,12}",
        "[!-~&&[^?#]]{0,12}",
    ];
    proptest::collection::vec(word, 0..6).prop_map(|words| format!("/{}", words.join("/")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_has_an_answer_and_none_is_a_server_error(
        method in prop_oneof!["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"],
        path in path(),
        query in "[ -~&&[^#]]{0,40}",
        header in "[ -~]{0,30}",
        body in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let uri = format!("{path}?{}", query.replace(' ', "+"));
        let Ok(uri) = uri.parse::<http::Uri>() else { return Ok(()) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let emulator = Emulator::builder().build().unwrap();
            let client = Client::new(&emulator).await;
            let authorization = format!("Bearer {}", client.token.clone().unwrap());
            let request = Request::builder().method(method.as_str()).uri(uri)
                .header("authorization", authorization).header("range", &header).header("content-range", &header)
                .header("accept", &header).header("content-type", &header)
                .body(Body::from(body)).unwrap();
            let answer = client.ask(request).await;
            assert!(!answer.status.is_server_error(), "{}", answer.text());
            let catalog = client.get("/acr/v1/_catalog").await;
            assert_eq!(catalog.text(), "{\"repositories\":[]}\n");
        });
    }

    #[test]
    fn a_blob_comes_back_whole_and_in_every_range(bytes in proptest::collection::vec(any::<u8>(), 0..300), a in 0usize..320, b in 0usize..320) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = Client::new(&Emulator::builder().build().unwrap()).await;
            push_blob(&client, "app", bytes.clone()).await;
            let path = format!("/v2/app/blobs/{}", digest(&bytes));
            assert_eq!(client.get(&path).await.body, bytes);
            let (first, last) = (a.min(b), a.max(b));
            let part = client.send(http::Method::GET, &path, &[("range", &format!("bytes={first}-{last}"))], "").await;
            if first < bytes.len() {
                assert_eq!(part.body, bytes[first..bytes.len().min(last + 1)]);
            } else {
                assert_eq!(part.status, StatusCode::RANGE_NOT_SATISFIABLE);
            }
        });
    }
}
