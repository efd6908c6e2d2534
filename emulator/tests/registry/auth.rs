//! Challenges, grants, tokens, and who may do what.

use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{
    Emulator, EmulatorBuilder, ManualClock, ScopeMap, ScopedToken, Secret, SeveralScopes, Time,
    unsigned_entra_token,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{Method, StatusCode};
use rstest::rstest;
use serde_json::Value;

use crate::client::{Answer, Client, EVERYTHING, HOST};
use crate::image::{DOCKER_MANIFEST, push_image};
use crate::replay::world::entra_token;

fn closed() -> EmulatorBuilder {
    Emulator::builder().login_server(HOST).admin("contoso", "first").admin("contoso", "second")
}

fn scoped(name: &str, actions: &[&str]) -> ScopedToken {
    let scope_map = ScopeMap { actions: actions.iter().map(|&action| action.to_owned()).collect() };
    ScopedToken { name: name.to_owned(), passwords: vec![Secret::new("pw")], expires: None, scope_map }
}

fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
}

async fn get_token(client: &Client, authorization: Option<&str>, scope: &str) -> Answer {
    let path = format!("/oauth2/token?service={HOST}&scope={}", scope.replace(' ', "%20"));
    let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
    client.send(Method::GET, &path, &headers, "").await
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn signed_in(emulator: &Emulator, username: &str, password: &str, scope: &str) -> Client {
    let mut client = Client::without_token(emulator);
    let answer = get_token(&client, Some(&basic(username, password)), scope).await;
    client.token = Some(answer.json()["access_token"].as_str().unwrap().to_owned());
    client
}

#[rstest]
#[case("GET", "/v2/", None)]
#[case("GET", "/acr/v1/_catalog", Some("registry:catalog:*"))]
#[case("GET", "/v2/_catalog", Some("registry:catalog:*"))]
#[case("GET", "/acr/v1/a%2Fb", Some("repository:a/b:metadata_read"))]
#[case("PATCH", "/acr/v1/a/b", Some("repository:a/b:metadata_write"))]
#[case("DELETE", "/acr/v1/a/b", Some("repository:a/b:delete"))]
#[case("GET", "/acr/v1/a/_tags", Some("repository:a:metadata_read"))]
#[case("DELETE", "/acr/v1/a/_tags/t", Some("repository:a:delete"))]
#[case("GET", "/v2/a/tags/list", Some("repository:a:metadata_read"))]
#[case("GET", "/v2/a/manifests/t", Some("repository:a:pull"))]
#[case("PUT", "/v2/a/manifests/t", Some("repository:a:push,pull"))]
#[case("DELETE", "/v2/a/manifests/t", Some("repository:a:delete"))]
#[case("POST", "/v2/a/blobs/uploads/", Some("repository:a:pull,push"))]
#[case(
    "POST",
    "/v2/a/blobs/uploads/?from=b&mount=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    Some("repository:b:pull repository:a:pull,push")
)]
#[case("PATCH", "/v2/a/blobs/uploads/x?_state=y", Some("repository:a:pull,push"))]
#[case("DELETE", "/v2/a/blobs/uploads/x?_state=y", Some("repository:a:delete"))]
#[tokio::test]
async fn a_call_without_a_token_is_answered_with_the_scope_it_needs(
    #[case] method: &str,
    #[case] path: &str,
    #[case] scope: Option<&str>,
) {
    let emulator = closed().build().unwrap();
    let answer = Client::without_token(&emulator).send(method.parse().unwrap(), path, &[], "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let scope = scope.map(|scope| format!(",scope=\"{scope}\"")).unwrap_or_default();
    let challenge = format!("Bearer realm=\"https://{HOST}/oauth2/token\",service=\"{HOST}\"{scope}");
    assert_eq!(answer.header("www-authenticate"), challenge);
}

#[tokio::test]
async fn a_missing_permission_is_401_insufficient_scope_and_a_broken_token_invalid_token() {
    let emulator = closed().anonymous_pull(true).build().unwrap();
    let mut client = Client::new(&emulator).await;
    let refused = client.delete("/acr/v1/alpine").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(
        refused
            .header("www-authenticate")
            .ends_with("scope=\"repository:alpine:delete\",error=\"insufficient_scope\"")
    );
    client.token = Some("broken".to_owned());
    let refused = client.get("/v2/").await;
    assert!(refused.header("www-authenticate").ends_with(",error=\"invalid_token\""));
}

#[tokio::test]
async fn both_passwords_of_the_admin_user_are_good_and_no_other() {
    let emulator = closed().build().unwrap();
    let client = Client::without_token(&emulator);
    for password in ["first", "second"] {
        assert_eq!(
            get_token(&client, Some(&basic("contoso", password)), EVERYTHING).await.status,
            StatusCode::OK
        );
        let form = format!(
            "grant_type=password&username=contoso&password={password}&service={HOST}&scope=registry:catalog:*"
        );
        assert_eq!(client.form("/oauth2/token", form).await.status, StatusCode::OK);
    }
    for wrong in [Some(basic("contoso", "wrong")), Some(basic("nobody", "first")), None] {
        assert_eq!(get_token(&client, wrong.as_deref(), EVERYTHING).await.status, StatusCode::UNAUTHORIZED);
    }
    let refused = client
        .form("/oauth2/token", "grant_type=password&refresh_token=&service=x&scope=registry:catalog:*")
        .await;
    assert_eq!((refused.status, refused.body.len()), (StatusCode::UNAUTHORIZED, 0));
}

#[tokio::test]
async fn basic_works_straight_on_data_endpoints() {
    let emulator = closed().build().unwrap();
    let client = Client::without_token(&emulator);
    let good = client
        .send(Method::GET, "/acr/v1/_catalog", &[("authorization", &basic("contoso", "first"))], "")
        .await;
    assert_eq!(good.status, StatusCode::OK);
    let bad =
        client.send(Method::GET, "/acr/v1/_catalog", &[("authorization", &basic("contoso", "x"))], "").await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_entra_token_becomes_a_refresh_token_with_the_services_claims() {
    let emulator = closed().build().unwrap();
    let client = Client::without_token(&emulator);
    let tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    let form =
        format!("grant_type=access_token&service={HOST}&tenant={tenant}&access_token={}", entra_token());
    let answer = client.form("/oauth2/exchange", form).await;
    assert_eq!(answer.status, StatusCode::OK);
    let refresh_token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    let refresh = claims(&refresh_token);
    assert_eq!(refresh["iss"], "Azure Container Registry");
    assert_eq!(
        (&refresh["aud"], &refresh["grant_type"], &refresh["tenant"]),
        (&HOST.into(), &"refresh_token".into(), &tenant.into())
    );
    assert_eq!(refresh["exp"].as_u64().unwrap() - refresh["nbf"].as_u64().unwrap(), 11_700);
    assert_eq!(refresh["permissions"]["Actions"].as_array().unwrap().len(), 5);

    let form = format!(
        "grant_type=refresh_token&service={HOST}&scope=repository%3Aa%3Apull%2Cpush+repository%3Ab%3Apull&refresh_token={refresh_token}"
    );
    let token = client.form("/oauth2/token", form).await.json()["access_token"].as_str().unwrap().to_owned();
    let access = claims(&token);
    assert_eq!(access["exp"].as_u64().unwrap() - access["nbf"].as_u64().unwrap(), 4_500);
    assert_eq!(
        access["access"][0],
        serde_json::json!({ "Type": "repository", "Name": "a", "Actions": ["pull", "push"] })
    );
    assert_eq!(access["access"][1]["Name"], "b");
    assert_eq!((&access["version"], &access["roles"]), (&"2.0".into(), &serde_json::json!([])));
    assert!(access.get("permissions").is_none() && access.get("tenant").is_none());
    assert!(access["appid"].is_string());

    let zero = basic("00000000-0000-0000-0000-000000000000", &refresh_token);
    assert_eq!(get_token(&client, Some(&zero), EVERYTHING).await.status, StatusCode::OK);
}

#[rstest]
#[case("grant_type=access_token&service=x&access_token=")]
#[case("grant_type=access_token&service=x")]
#[case("grant_type=access_token&service=x&access_token=opaque")]
#[case("grant_type=access_token&service=x&access_token=e30.eyJleHAiOjF9.x")]
#[case("grant_type=refresh_token&service=x&refresh_token=opaque")]
#[tokio::test]
async fn every_token_but_one_for_the_registry_is_refused(#[case] form: &str) {
    let emulator = closed().build().unwrap();
    let answer = Client::without_token(&emulator).form("/oauth2/exchange", form.to_owned()).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, ""));
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.text(), r#"{"errors":[{"code":"UNAUTHORIZED","message":"token validation failed"}]}"#);
}

#[tokio::test]
async fn an_exchange_needs_a_tenant_of_the_right_form_a_grant_and_a_service() {
    let emulator = closed().build().unwrap();
    let client = Client::without_token(&emulator);
    let token = entra_token();
    let form = format!("grant_type=access_token&service=x&access_token={token}&tenant=wrong+tenant");
    let refused = client.form("/oauth2/exchange", form).await;
    assert_eq!((refused.status, refused.body.len()), (StatusCode::UNAUTHORIZED, 0));
    for form in ["grant_type=nonsense&service=x&access_token=", "grant_type=access_token&access_token="] {
        let refused = client.form("/oauth2/exchange", format!("{form}{token}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{form}");
    }
}

#[tokio::test]
async fn tokens_for_resource_manager_are_accepted_by_policy() {
    let form = |audience: &str| {
        format!("grant_type=access_token&service=x&access_token={}", unsigned_entra_token(audience))
    };
    for (policy, status) in [(true, StatusCode::OK), (false, StatusCode::UNAUTHORIZED)] {
        let emulator = closed().arm_audience(policy).build().unwrap();
        let client = Client::without_token(&emulator);
        let answer = client.form("/oauth2/exchange", form("https://management.azure.com/")).await;
        assert_eq!(answer.status, status);
        let answer = client.form("/oauth2/exchange", form("https://graph.microsoft.com")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn an_anonymous_token_is_short_lived_and_says_so() {
    let emulator = closed().anonymous_pull(true).build().unwrap();
    let client = Client::without_token(&emulator);
    let token = claims(&client.anonymous_token("repository:a:pull").await);
    assert_eq!((&token["sub"], &token["version"]), (&"acr_anon_pull".into(), &"1.0".into()));
    assert_eq!(token["exp"].as_u64().unwrap() - token["nbf"].as_u64().unwrap(), 1_200);
    assert!(token.get("appid").is_none());
}

#[tokio::test]
async fn empty_basic_credentials_are_an_anonymous_callers() {
    let empty = basic("", "");
    let emulator = closed().anonymous_pull(true).build().unwrap();
    let client = Client::without_token(&emulator);
    assert_eq!(get_token(&client, Some(&empty), "repository:a:pull").await.status, StatusCode::OK);
    let read = client.send(Method::GET, "/acr/v1/_catalog", &[("authorization", &empty)], "").await;
    assert_eq!(read.status, StatusCode::OK);
    let written = client.send(Method::DELETE, "/acr/v1/a", &[("authorization", &empty)], "").await;
    assert!(written.header("www-authenticate").ends_with("error=\"insufficient_scope\""));
    let closed = closed().build().unwrap();
    let refused = get_token(&Client::without_token(&closed), Some(&empty), "repository:a:pull").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_order_of_a_challenge_varies_on_request() {
    let emulator = closed().vary(true).build().unwrap();
    let client = Client::without_token(&emulator);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..4 {
        let refused = client.send(Method::POST, "/v2/a/blobs/uploads/", &[], "").await;
        assert_eq!(refused.json()["errors"][0]["detail"][0]["Action"], "pull");
        seen.insert(refused.header("www-authenticate").to_owned());
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
}

#[rstest]
#[case(SeveralScopes::Grant, StatusCode::OK, &["a", "b"])]
#[case(SeveralScopes::Narrow, StatusCode::OK, &["a"])]
#[case(SeveralScopes::Refuse, StatusCode::UNAUTHORIZED, &[])]
#[tokio::test]
async fn several_scopes_are_granted_narrowed_or_refused(
    #[case] several: SeveralScopes,
    #[case] status: StatusCode,
    #[case] granted: &[&str],
) {
    let emulator = Emulator::builder().login_server(HOST).several_scopes(several).build().unwrap();
    let client = Client::without_token(&emulator);
    for scope in ["repository:a:pull%20repository:b:pull", "repository:a:pull&scope=repository:b:pull"] {
        let answer = get_token(&client, None, scope).await;
        assert_eq!(answer.status, status, "{scope}");
        if status == StatusCode::OK {
            let claims = claims(answer.json()["access_token"].as_str().unwrap());
            let access = claims["access"].as_array().unwrap();
            let names: Vec<_> = access.iter().map(|access| access["Name"].as_str().unwrap()).collect();
            assert_eq!(names, granted, "{scope}");
        }
    }
    assert_eq!(get_token(&client, None, "repository:a:pull").await.status, StatusCode::OK);
}

#[tokio::test]
async fn tokens_expire_after_their_lifetime() {
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let lifetime = Duration::from_secs(60);
    let builder = Emulator::builder()
        .clock(clock.clone())
        .access_token_lifetime(lifetime)
        .refresh_token_lifetime(lifetime * 2);
    let emulator = builder.build().unwrap();
    let client = Client::new(&emulator).await;
    let exchanged = client
        .form("/oauth2/exchange", format!("grant_type=access_token&service=x&access_token={}", entra_token()))
        .await;
    let refresh = exchanged.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(client.get("/v2/").await.status, StatusCode::OK);
    clock.advance(Duration::from_secs(60));
    let expired = client.get("/v2/").await;
    assert!(expired.header("www-authenticate").ends_with("error=\"invalid_token\""));
    let renew =
        format!("grant_type=refresh_token&service=x&scope=registry:catalog:*&refresh_token={refresh}");
    assert_eq!(client.form("/oauth2/token", renew.clone()).await.status, StatusCode::OK);
    clock.advance(Duration::from_secs(60));
    assert_eq!(client.form("/oauth2/token", renew).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_scoped_token_reaches_its_repositories_and_not_the_catalog() {
    let token = scoped("ci", &["repositories/team/app/content/read", "repositories/team/app/metadata/read"]);
    let emulator = closed().token(token).build().unwrap();
    let admin = signed_in(&emulator, "contoso", "first", EVERYTHING).await;
    push_image(&admin, "team/app", Some("1"), DOCKER_MANIFEST, "amd64", "x").await;
    push_image(&admin, "other", Some("1"), DOCKER_MANIFEST, "amd64", "x").await;
    let scope = "registry:catalog:* repository:team/app:pull,push,metadata_read,delete repository:other:pull";
    let client = signed_in(&emulator, "ci", "pw", scope).await;
    assert_eq!(client.get("/v2/team/app/manifests/1").await.status, StatusCode::OK);
    assert_eq!(client.get("/acr/v1/team/app/_tags").await.status, StatusCode::OK);
    for refused in ["/acr/v1/_catalog", "/v2/other/manifests/1"] {
        assert!(
            client.get(refused).await.header("www-authenticate").ends_with("error=\"insufficient_scope\""),
            "{refused}"
        );
    }
    assert_eq!(client.delete("/acr/v1/team/app").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_scoped_token_is_refused() {
    let token = ScopedToken { expires: Some(1), ..scoped("old", &["repositories/*/content/read"]) };
    let emulator = closed().token(token).build().unwrap();
    let refused = get_token(&Client::without_token(&emulator), Some(&basic("old", "pw")), EVERYTHING).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::UNAUTHORIZED, "UNAUTHORIZED".to_owned()));
}

#[tokio::test]
async fn malformed_paths_are_answered_before_the_token_is_asked_for() {
    let emulator = closed().build().unwrap();
    let client = Client::without_token(&emulator);
    let malformed = client.get("/v2/a/manifests/sha256:sha256:00").await;
    assert_eq!(
        (malformed.status, malformed.text()),
        (StatusCode::NOT_FOUND, "404 page not found\n".to_owned())
    );
    assert!(!malformed.headers.contains_key("access-control-expose-headers"));
    assert_eq!(client.get("/anything").await.text(), "Not found");
}
