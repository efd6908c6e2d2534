//! The client and the emulator when things go wrong between them.

use std::convert::Infallible;

use acr_client_wasm::*;
use acr_emulator::{Emulator, Seed};
use bytes::Bytes;
use futures_util::{TryStreamExt as _, stream};

use crate::operations::{LAYER, name, push, push_blob, tag};
use crate::registry::{Loss, Registry};
use crate::world::World;

#[tokio::test]
async fn faults_of_the_registry_are_survived() {
    let registry = Registry::of(Emulator::builder().seed(Seed::Demo));
    let client = registry.client();
    let all = || {
        client
            .repositories()
            .list(ListOptions { n: Some(2), last: None })
            .into_stream()
            .try_collect::<Vec<String>>()
    };
    let expected = all().await.unwrap();
    for fault in [
        serde_json::json!({"fault": "status", "status": 503, "times": 2}),
        serde_json::json!({"fault": "throttle", "retry_after": 2, "times": 1}),
        serde_json::json!({"fault": "expired-token", "path": "_catalog", "times": 1}),
        serde_json::json!({"fault": "drop", "after": 5, "path": "_catalog", "times": 1}),
    ] {
        registry.fault(fault.clone());
        assert_eq!(all().await.unwrap(), expected, "{fault}");
    }
    registry.fault(serde_json::json!({"fault": "truncate-json", "after": 20, "path": "_catalog"}));
    assert_eq!(all().await.unwrap_err().kind(), ErrorKind::Decode);
    registry.fault(serde_json::json!({"fault": "firewall"}));
    assert_eq!(all().await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn pushes_and_deletions_whose_answers_get_lost_happen_once() {
    let registry = Registry::empty();
    let client = registry.client();
    let app = name("app");
    registry.lose("PUT", "/manifests/1", Loss::Answer);
    let (digest, _) = push(&client, &app, "1").await;
    assert_eq!(registry.count("PUT", "/manifests/1"), 1);
    registry.lose("DELETE", "/_tags/1", Loss::Answer);
    client.tags().delete(&app, &tag("1")).await.unwrap();
    assert_eq!(registry.count("DELETE", "/_tags/1"), 1);
    registry.lose("DELETE", "/manifests/", Loss::Request);
    client.manifests().delete(&app, &digest).await.unwrap();
    assert_eq!(registry.count("DELETE", "/manifests/"), 1);
}

#[tokio::test]
async fn an_upload_goes_on_at_the_registrys_own_offset_after_every_kind_of_loss() {
    let registry = Registry::empty();
    let client = registry.client();
    for loss in [Loss::Answer, Loss::Request, Loss::Answer] {
        registry.lose("PATCH", "/blobs/uploads/", loss);
    }
    registry.lose("PUT", "/blobs/uploads/", Loss::Answer);
    let digest = push_blob(&client, &name("app"), LAYER).await;
    assert_eq!(client.blobs().get_bytes(&name("app"), &digest, 1000).await.unwrap(), LAYER);
    assert_eq!(registry.count("PUT", "/blobs/uploads/"), 1);
}

#[tokio::test]
async fn an_upload_that_is_dropped_is_cancelled_at_the_registry() {
    let registry = Registry::empty();
    let client = registry.client();
    let app = name("app");
    let endless = stream::iter([Ok::<_, Infallible>(Bytes::from_static(LAYER))]).chain_pending();
    let blobs = client.blobs();
    let mut upload =
        Box::pin(blobs.upload(&app, endless, UploadOptions { chunk_size: Some(8), ..Default::default() }));
    tokio::select! {
        biased;
        _ = &mut upload => panic!("the content never ends"),
        () = async { while registry.count("PATCH", "/blobs/uploads/") < 4 { tokio::task::yield_now().await } } => {}
    }
    assert_eq!(registry.emulator.open_uploads(), 1);
    drop(upload);
    assert_eq!(World::run_spawned().await, 1);
    assert_eq!(registry.emulator.open_uploads(), 0);
}

trait ChainPending: stream::Stream + Sized {
    fn chain_pending(self) -> impl stream::Stream<Item = Self::Item> {
        futures_util::StreamExt::chain(self, stream::pending())
    }
}

impl<S: stream::Stream> ChainPending for S {}
