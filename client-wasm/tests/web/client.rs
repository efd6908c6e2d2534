//! The whole client over fetch.

use acr_client_wasm::{Digest, ErrorKind, ListOptions, RegistryClient};
use futures_util::{FutureExt as _, TryStreamExt as _};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stand_in::{at, seen};

fn client(prefix: &str) -> RegistryClient {
    at(&format!("{prefix}/oauth2/token"), r#"Response.json({ access_token: 'token' })"#);
    RegistryClient::builder(prefix).build().unwrap()
}

#[wasm_bindgen_test]
async fn a_list_on_the_pages_own_origin_is_read_to_its_end() {
    let client = client("/registries/one");
    let link = r#"{ headers: { link: '</acr/v1/_catalog?last=b&n=2>; rel="next"' } }"#;
    at(
        "/registries/one/acr/v1/_catalog?n=2",
        &format!("Response.json({{ repositories: ['a', 'b'] }}, {link})"),
    );
    at("/registries/one/acr/v1/_catalog?last=b&n=2", "Response.json({ repositories: null })");
    let items: Vec<String> = client
        .repositories()
        .list(ListOptions { n: Some(2), last: None })
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(items, ["a", "b"]);
    let authorization = seen("/registries/one/acr/v1/_catalog?n=2", "request.headers.get('authorization')");
    assert_eq!(authorization.as_string().unwrap(), "Bearer token");
}

#[wasm_bindgen_test]
fn the_login_server_of_a_path_is_the_pages_host() {
    let host = crate::stand_in::eval("location.host").as_string().unwrap();
    assert_eq!(client("/registries/two").login_server(), host);
}

#[wasm_bindgen_test]
async fn dropping_a_call_aborts_whatever_it_waits_for() {
    let client = client("/registries/three");
    at("/registries/three/oauth2/token", "new Promise(() => {})");
    let name = "alpine".parse().unwrap();
    let repositories = client.repositories();
    let mut call = Box::pin(repositories.attributes(&name));
    assert!((&mut call).now_or_never().is_none());
    drop(call);
    assert_eq!(seen("/registries/three/oauth2/token", "request.signal.aborted"), true);
}

#[wasm_bindgen_test]
async fn a_blob_is_hashed_as_it_streams() {
    let client = client("/registries/four");
    let (name, digest) = ("alpine".parse().unwrap(), Digest::of(b"onetwo"));
    let url = format!("/registries/four/v2/alpine/blobs/{digest}");
    at(&url, "new Response('onetwo')");
    assert_eq!(client.blobs().get_bytes(&name, &digest, 100).await.unwrap(), "onetwo");
    at(&url, "new Response('something else')");
    assert_eq!(
        client.blobs().get_bytes(&name, &digest, 100).await.unwrap_err().kind(),
        ErrorKind::DigestMismatch
    );
}

#[wasm_bindgen_test]
async fn an_error_of_the_registry_arrives_with_its_body() {
    let client = client("/registries/five");
    let body = "{ errors: [{ code: 'NAME_UNKNOWN', message: 'repository \"alpine\" is not found' }] }";
    at("/registries/five/acr/v1/alpine", &format!("Response.json({body}, {{ status: 404 }})"));
    let error = client.repositories().attributes(&"alpine".parse().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.errors()[0].code.as_str()), (ErrorKind::NotFound, "NAME_UNKNOWN"));
}
