//! Signing in: which token each call takes, when it is bought, and what happens when it is refused.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use acr_client_wasm::{
    ChangeableAttributesPatch, Credential, EntraTokenSource, Error, ErrorKind, ListOptions, RegistryClient,
    RepositoryName, Secret,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, join_all};

use crate::script::{ENDPOINT, Reply, Script};
use crate::world::World;

const ATTRIBUTES: &str = r#"{"registry":"demo.azurecr.io","imageName":"alpine"}"#;
const REALM: &str = "https://demo.azurecr.io/oauth2/token";

fn alpine() -> RepositoryName {
    "alpine".parse().unwrap()
}

fn form(request: &acr_client_wasm::Request) -> String {
    String::from_utf8(request.body.to_vec()).unwrap()
}

fn bearer(request: &acr_client_wasm::Request) -> &str {
    request.headers.get("authorization").unwrap()
}

#[tokio::test]
async fn each_call_takes_a_token_for_its_own_scope_from_the_start() {
    let script = Script::of([
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
        ("GET /acr/v1/_catalog", Reply::json(r#"{"repositories":[]}"#)),
    ]);
    let client = script.client();
    client.repositories().attributes(&alpine()).await.unwrap();
    client.repositories().list(ListOptions::default()).next_page().await.unwrap();
    let forms: Vec<String> = script.token_requests().iter().map(form).collect();
    assert_eq!(
        forms,
        [
            "grant_type=password&service=demo.azurecr.io&scope=repository%3Aalpine%3Ametadata_read&refresh_token=",
            "grant_type=password&service=demo.azurecr.io&scope=registry%3Acatalog%3A%2A&refresh_token=",
        ]
    );
    assert_eq!(bearer(&script.seen()[1]), "Bearer token-1");
    script.assert_done();
}

#[tokio::test]
async fn a_password_goes_out_as_basic_and_never_in_the_url() {
    let script = Script::of([("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))]);
    let credential = Credential::Password { username: "admin".into(), password: Secret::new("s3cret/+") };
    script.client_with(credential, &World::default()).repositories().attributes(&alpine()).await.unwrap();
    let request = &script.seen()[0];
    assert!(
        request
            .url
            .ends_with("/oauth2/token?service=demo.azurecr.io&scope=repository%3Aalpine%3Ametadata_read"),
        "{}",
        request.url
    );
    assert_eq!(bearer(request), "Basic YWRtaW46czNjcmV0Lys=");
}

#[tokio::test]
async fn a_refresh_token_buys_access_tokens() {
    let script = Script::of([("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))]);
    script
        .client_with(Credential::RefreshToken("r3fresh".into()), &World::default())
        .repositories()
        .attributes(&alpine())
        .await
        .unwrap();
    let expected = "grant_type=refresh_token&service=demo.azurecr.io&scope=repository%3Aalpine%3Ametadata_read&refresh_token=r3fresh";
    assert_eq!(form(&script.seen()[0]), expected);
}

struct Entra(Arc<Mutex<u32>>);

impl EntraTokenSource for Entra {
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>> {
        *self.0.lock().unwrap() += 1;
        async { Ok(Secret::new("entra")) }.boxed_local()
    }
}

#[tokio::test]
async fn an_entra_token_is_exchanged_once_for_all_scopes_and_again_when_its_refresh_token_is_refused() {
    let script = Script::of([
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
        ("GET /acr/v1/busybox", Reply::json(ATTRIBUTES)),
        ("POST /oauth2/token", Reply::status(401)),
        ("GET /acr/v1/nginx", Reply::json(ATTRIBUTES)),
    ]);
    let asked = Arc::new(Mutex::new(0));
    let credential =
        Credential::Entra { tenant: Some("contoso".into()), source: Arc::new(Entra(asked.clone())) };
    let client = script.client_with(credential, &World::default());
    client.repositories().attributes(&alpine()).await.unwrap();
    assert_eq!(
        form(&script.seen()[0]),
        "grant_type=access_token&service=demo.azurecr.io&tenant=contoso&access_token=entra"
    );
    assert!(form(&script.seen()[1]).ends_with("&refresh_token=refresh-1"));
    client.repositories().attributes(&"busybox".parse().unwrap()).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), 1);
    client.repositories().attributes(&"nginx".parse().unwrap()).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), 2);
    script.assert_done();
}

#[tokio::test]
async fn many_calls_at_once_cause_one_token_request() {
    let script = Script::of([(); 3].map(|()| ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))));
    let client = script.client();
    let (repositories, name) = (client.repositories(), alpine());
    let results = join_all((0..3).map(|_| repositories.attributes(&name))).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(script.token_requests().len(), 1);
}

#[tokio::test]
async fn a_token_is_used_again_until_five_minutes_before_its_end() {
    let script = Script::of([(); 3].map(|()| ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))))
        .with_claims(r#"{"iat":0,"exp":4500}"#);
    let world = World::default();
    let client = script.client_with(Credential::Anonymous, &world);
    for (passes, requests) in [(0, 1), (4199, 1), (1, 2)] {
        world.pass(Duration::from_secs(passes));
        client.repositories().attributes(&alpine()).await.unwrap();
        assert_eq!(script.token_requests().len(), requests, "{passes}");
    }
}

#[tokio::test]
async fn after_a_401_the_call_is_repeated_once_with_the_scope_asked_for() {
    let script = Script::of([
        ("GET /acr/v1/alpine", Reply::challenge("repository:alpine:metadata_read,pull", REALM)),
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
    ]);
    script.client().repositories().attributes(&alpine()).await.unwrap();
    assert!(form(&script.token_requests()[1]).contains("scope=repository%3Aalpine%3Ametadata_read%2Cpull"));
    script.assert_done();
}

#[tokio::test]
async fn a_refused_token_is_replaced_even_where_the_scope_is_the_same() {
    let script = Script::of([
        ("GET /acr/v1/alpine", Reply::challenge("repository:alpine:metadata_read", REALM)),
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
    ]);
    script.client().repositories().attributes(&alpine()).await.unwrap();
    let seen = script.seen();
    assert_ne!(bearer(&seen[1]), bearer(&seen[3]));
}

#[tokio::test]
async fn a_second_401_is_final_and_names_the_missing_action() {
    let refusal = || Reply::challenge("repository:alpine:metadata_write", REALM);
    let script = Script::of([("PATCH /acr/v1/alpine", refusal()), ("PATCH /acr/v1/alpine", refusal())]);
    let patch = ChangeableAttributesPatch { delete_enabled: Some(true), ..Default::default() };
    let error = script.client().repositories().update_attributes(&alpine(), &patch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.operation(), "Repository_UpdateAttributes");
    assert_eq!(error.missing_action().unwrap().to_string(), "repository:alpine:metadata_write");
    assert!(error.to_string().contains("repository:alpine:metadata_write"), "{error}");
    script.assert_done();
}

#[tokio::test]
async fn a_realm_on_another_host_is_never_followed_and_sees_no_credential() {
    let script = Script::of([
        (
            "GET /acr/v1/alpine",
            Reply::challenge("repository:alpine:metadata_read", "https://evil.example/oauth2/token"),
        ),
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
    ]);
    let credential = Credential::Password { username: "admin".into(), password: "s3cret".into() };
    script.client_with(credential, &World::default()).repositories().attributes(&alpine()).await.unwrap();
    assert!(script.seen().iter().all(|request| request.url.starts_with("https://demo.azurecr.io/")));
}

#[tokio::test]
async fn a_scope_hidden_from_the_page_is_taken_from_the_body() {
    let body = r#"{"errors":[{"code":"UNAUTHORIZED","message":"m","detail":[{"Type":"repository","Name":"alpine","Action":"pull"}]}]}"#;
    let script = Script::of([
        ("GET /acr/v1/alpine", Reply::bytes(401, body)),
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
    ]);
    script.client().repositories().attributes(&alpine()).await.unwrap();
    assert!(form(&script.token_requests()[1]).contains("scope=repository%3Aalpine%3Apull"));
}

#[tokio::test]
async fn a_refused_password_is_the_operations_error_and_does_not_show_itself() {
    let script = Script::of([(
        "GET /oauth2/token?service=demo.azurecr.io&scope=repository%3Aalpine%3Ametadata_read",
        Reply::bytes(401, ""),
    )]);
    let credential = Credential::Password { username: "admin".into(), password: "s3cret".into() };
    let client = script.client_with(credential.clone(), &World::default());
    let error = client.repositories().attributes(&alpine()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation(), error.status()),
        (ErrorKind::Unauthorized, "Repository_GetAttributes", Some(401))
    );
    assert!(error.to_string().contains("refused the sign-in"), "{error}");
    for text in [
        format!("{error:?}"),
        format!("{credential:?}"),
        format!("{client:?}"),
        format!("{:?}", script.seen()[0]),
    ] {
        assert!(!text.contains("s3cret") && !text.contains("czNjcmV0"), "{text}");
    }
}

#[tokio::test]
async fn the_support_check_starts_without_a_token_and_follows_the_challenge() {
    let challenge = r#"Bearer realm="https://demo.azurecr.io/oauth2/token",service="demo.azurecr.io""#;
    let script = Script::of([
        ("GET /v2/", Reply::error(401, "UNAUTHORIZED").with("www-authenticate", challenge)),
        ("GET /v2/", Reply::json("{}")),
    ]);
    assert!(script.client().check_support().await.unwrap());
    assert!(script.seen()[0].headers.get("authorization").is_none());
    assert_eq!(
        form(&script.token_requests()[0]),
        "grant_type=password&service=demo.azurecr.io&scope=&refresh_token="
    );
}

#[tokio::test]
async fn something_that_is_no_registry_is_not_supported() {
    for reply in [Reply::bytes(200, "<html>"), Reply::bytes(404, "Not found"), Reply::status(302)] {
        let script = Script::of([("GET /v2/", reply)]);
        assert!(!script.client().check_support().await.unwrap());
    }
    let script = Script::of([("GET /v2/", Reply::error(403, "DENIED"))]);
    assert_eq!(script.client().check_support().await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_registry_without_a_token_service_is_asked_without_a_token() {
    let script = Script::of([
        ("POST /oauth2/token", Reply::bytes(404, "Not found")),
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
    ]);
    script.client().repositories().attributes(&alpine()).await.unwrap();
    assert!(script.seen()[1].headers.get("authorization").is_none());
}

#[tokio::test]
async fn the_session_reports_who_may_do_what_until_when_and_not_by_what_token() {
    let claims = r#"{"sub":"me","iat":0,"exp":4500,"access":[{"type":"repository","name":"alpine","actions":["metadata_read","pull"]}]}"#;
    let script = Script::of([("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))]).with_claims(claims);
    let client = script.client();
    assert_eq!(client.session(), Default::default());
    client.repositories().attributes(&alpine()).await.unwrap();
    let session = client.session();
    assert_eq!(session.subject.as_deref(), Some("me"));
    assert_eq!(session.granted[0].to_string(), "repository:alpine:metadata_read,pull");
    assert_eq!(session.expires, Some(Duration::from_secs(4500)));
    assert!(!format!("{session:?}").contains("e30."));
}

#[tokio::test]
async fn a_session_by_refresh_token_ends_when_that_token_does() {
    let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"somebody","iat":1000,"exp":12700}"#);
    let credential = Credential::RefreshToken(Secret::new(format!("e30.{claims}.x")));
    let session = Script::of([]).client_with(credential, &World::default()).session();
    assert_eq!(
        (session.subject.as_deref(), session.expires),
        (Some("somebody"), Some(Duration::from_secs(12_700)))
    );
}

#[tokio::test]
async fn one_token_a_repository_is_asked_for_every_action_and_serves_every_call() {
    let script = Script::of([
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
        ("DELETE /acr/v1/alpine", Reply::Answer(202, Vec::new(), Vec::new())),
    ]);
    let builder = RegistryClient::builder(ENDPOINT).one_token_a_repository(true);
    let client = builder.transport(script.clone()).environment(World::default()).build().unwrap();
    client.repositories().attributes(&alpine()).await.unwrap();
    client.repositories().delete(&alpine()).await.unwrap();
    assert_eq!(script.token_requests().len(), 1);
    let all = "scope=repository%3Aalpine%3Adelete%2Cmetadata_read%2Cmetadata_write%2Cpull%2Cpush";
    assert!(form(&script.token_requests()[0]).contains(all));
}
