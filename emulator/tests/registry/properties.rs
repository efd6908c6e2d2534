//! Whatever comes in, an answer comes out, and nothing is stored that was not pushed.

use acr_emulator::Emulator;
use axum::body::Body;
use http::{Request, StatusCode};
use proptest::prelude::*;

use crate::client::Client;
use crate::image::{OCI_MANIFEST, digest, image_manifest, push_blob};

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

/// Something a client does to one of a few names.
#[derive(Clone, Debug)]
enum Deed {
    Push { name: u8, tag: u8, content: u8 },
    Untag { name: u8, tag: u8 },
    DeleteManifest { name: u8, tag: u8 },
    DeleteRepository { name: u8 },
    Patch { name: u8, tag: u8, flag: bool },
}

fn deed() -> impl Strategy<Value = Deed> {
    let (name, tag) = (0u8..3, 0u8..3);
    prop_oneof![
        4 => (name.clone(), tag.clone(), 0u8..4).prop_map(|(name, tag, content)| Deed::Push { name, tag, content }),
        1 => (name.clone(), tag.clone()).prop_map(|(name, tag)| Deed::Untag { name, tag }),
        1 => (name.clone(), tag.clone()).prop_map(|(name, tag)| Deed::DeleteManifest { name, tag }),
        1 => name.clone().prop_map(|name| Deed::DeleteRepository { name }),
        1 => (name, tag, any::<bool>()).prop_map(|(name, tag, flag)| Deed::Patch { name, tag, flag }),
    ]
}

async fn act(client: &Client, deed: &Deed) {
    match deed {
        Deed::Push { name, tag, content } => {
            let name = format!("app-{name}");
            let manifest =
                image_manifest(client, &name, OCI_MANIFEST, "amd64", &format!("content {content}")).await;
            let path = format!("/v2/{name}/manifests/{tag}");
            client
                .send(http::Method::PUT, &path, &[("content-type", OCI_MANIFEST)], manifest.to_string())
                .await;
        }
        Deed::Untag { name, tag } => {
            client.delete(&format!("/acr/v1/app-{name}/_tags/{tag}")).await;
        }
        Deed::DeleteManifest { name, tag } => {
            let found = client.get(&format!("/acr/v1/app-{name}/_tags/{tag}")).await.json();
            if let Some(digest) = found["tag"]["digest"].as_str() {
                client.delete(&format!("/v2/app-{name}/manifests/{digest}")).await;
            }
        }
        Deed::DeleteRepository { name } => {
            client.delete(&format!("/acr/v1/app-{name}")).await;
        }
        Deed::Patch { name, tag, flag } => {
            client
                .patch(&format!("/acr/v1/app-{name}/_tags/{tag}"), &format!("{{\"deleteEnabled\":{flag}}}"))
                .await;
        }
    }
}

/// Everything that a registry says of itself, with every layer read.
async fn everything(client: &Client) -> Vec<String> {
    let mut said = vec![client.get("/acr/v1/_catalog").await.text()];
    for name in 0..3 {
        for path in ["", "/_tags?orderby=timedesc", "/_manifests?orderby=timeasc", "/_manifests"] {
            said.push(client.get(&format!("/acr/v1/app-{name}{path}")).await.text());
        }
        for content in 0..4 {
            let layer = digest(format!("content {content}").as_bytes());
            said.push(client.get(&format!("/v2/app-{name}/blobs/{layer}")).await.text());
        }
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_a_restart_changes_nothing(deeds in proptest::collection::vec(deed(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let before = {
                let client = Client::new(&Emulator::builder().data(folder.path()).build().unwrap()).await;
                for deed in &deeds {
                    act(&client, deed).await;
                }
                everything(&client).await
            };
            let client = Client::new(&Emulator::builder().data(folder.path()).build().unwrap()).await;
            assert_eq!(everything(&client).await, before);
        });
    }
}
