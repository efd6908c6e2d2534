//! The Microsoft Entra authority over its socket: from the choice of an account to what the registry lets it do.

mod browser;
mod mistakes;

use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{Emulator, EntraRefusal, ManualClock, Time};
use http::{Request, StatusCode};
use rstest::rstest;
use serde_json::Value;

use self::browser::{Browser, ORIGIN, REDIRECT_URI, Redirected, SCOPE, VERIFIER, claims, settings};
use crate::client::EVERYTHING;

#[tokio::test]
async fn the_configuration_names_the_endpoints_and_is_readable_for_every_page() {
    let mut browser = Browser::new().await;
    let url = browser.url("v2.0/.well-known/openid-configuration");
    let answer = browser.send(Request::get(url), String::new()).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, "*"));
    assert_eq!(answer.json()["token_endpoint"], browser.url("oauth2/v2.0/token"));
    let keys = answer.json()["jwks_uri"].as_str().unwrap().to_owned();
    let keys = browser.send(Request::get(keys), String::new()).await;
    assert_eq!(keys.json()["keys"][0]["crv"], "P-256");
    let other =
        browser.url("").replace(&settings().tenant, "other") + "v2.0/.well-known/openid-configuration";
    let refused = browser.send(Request::get(other), String::new()).await;
    assert!(refused.text().contains("AADSTS90002"), "{}", refused.text());
}

#[tokio::test]
async fn an_owner_signs_in_and_the_registry_grants_everything() {
    let mut browser = Browser::new().await;
    let page = browser.authorize("").await;
    assert!(page.text().contains("owner@contoso.example") && page.header("x-frame-options") == "DENY");
    let redirected = browser.choose("owner").await;
    assert_eq!(redirected.get("state"), "st");
    let tokens = browser.redeem(&redirected.get("code")).await;
    assert_eq!(tokens.header("access-control-allow-origin"), ORIGIN);
    let tokens = tokens.json();
    let id = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!((&id["nonce"], &id["preferred_username"]), (&"no".into(), &"owner@contoso.example".into()));
    // Microsoft dates tokens five minutes back.
    let times = ["iat", "nbf", "exp"].map(|name| id[name].as_u64().unwrap());
    assert_eq!(times, [1_699_999_700, 1_699_999_700, 1_700_003_600]);
    let access = browser.granted("owner", EVERYTHING).await;
    assert_eq!(access[1]["Actions"], serde_json::json!(["*"]));
}

#[rstest]
#[case::reader("reader", "repository:team/app:pull,push registry:catalog:*", Some("team/app"))]
#[case::reader_elsewhere("reader", "repository:other:pull", None)]
#[case::no_role("no-role", "repository:team/app:pull registry:catalog:*", None)]
#[case::guest("guest", "repository:other:pull,delete", Some("other"))]
#[tokio::test]
async fn each_account_has_its_roles(#[case] account: &str, #[case] scope: &str, #[case] reads: Option<&str>) {
    let access = Browser::new().await.granted(account, scope).await;
    let expected: Vec<Value> = reads
        .map(|name| serde_json::json!({ "Type": "repository", "Name": name, "Actions": ["pull"] }))
        .into_iter()
        .collect();
    assert_eq!(access, Value::from(expected));
}

#[tokio::test]
async fn a_session_answers_silently_and_without_one_the_request_is_refused() {
    let mut browser = Browser::new().await;
    let refused = Redirected::of(&browser.authorize("&prompt=none").await);
    assert_eq!((refused.get("error"), refused.get("state")), ("login_required".into(), "st".into()));
    browser.choose("owner").await;
    Redirected::of(&browser.authorize("&prompt=none").await).get("code");
    Redirected::of(&browser.authorize("").await).get("code");
    assert_eq!(browser.authorize("&prompt=select_account").await.status, StatusCode::OK);
    let other = Redirected::of(&browser.authorize("&prompt=none&login_hint=reader@contoso.example").await);
    assert_eq!(other.get("error"), "login_required");
    browser.choose("reader").await;
    assert_eq!(Redirected::of(&browser.authorize("&prompt=none").await).get("error"), "interaction_required");
    Redirected::of(&browser.authorize("&prompt=none&login_hint=owner@contoso.example").await).get("code");
    let url = browser.url(&format!("oauth2/v2.0/logout?post_logout_redirect_uri={REDIRECT_URI}"));
    assert_eq!(browser.send(Request::get(url), String::new()).await.header("location"), REDIRECT_URI);
    assert_eq!(Redirected::of(&browser.authorize("&prompt=none").await).get("error"), "login_required");
}

#[tokio::test]
async fn a_code_is_good_once_for_its_verifier_and_for_ten_minutes() {
    let mut browser = Browser::new().await;
    let code = browser.choose("owner").await.get("code");
    assert_eq!(browser.redeem(&code).await.status, StatusCode::OK);
    assert!(browser.redeem(&code).await.text().contains("AADSTS54005"));
    let code = browser.choose("owner").await.get("code");
    let form =
        format!("grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}&code_verifier=x");
    assert!(browser.token(&form).await.text().contains("AADSTS501481"));
    let code = browser.choose("owner").await.get("code");
    browser.clock.advance(Duration::from_secs(601));
    assert!(browser.redeem(&code).await.text().contains("AADSTS70008"));
    assert!(browser.redeem("made-up").await.text().contains("AADSTS70000"));
}

#[tokio::test]
async fn refresh_tokens_renew_until_the_day_is_over() {
    let mut browser = Browser::new().await;
    let first = browser.sign_in("owner").await;
    browser.clock.advance(Duration::from_secs(3_601));
    assert_eq!(
        browser.exchange(first["access_token"].as_str().unwrap()).await.status,
        StatusCode::UNAUTHORIZED
    );
    let renew = |tokens: &Value, scope: &str| {
        let token = tokens["refresh_token"].as_str().unwrap().to_owned();
        format!("grant_type=refresh_token&refresh_token={token}&scope={}", scope.replace(' ', "+"))
    };
    let second = browser.token(&renew(&first, SCOPE)).await.json();
    assert_eq!(browser.exchange(second["access_token"].as_str().unwrap()).await.status, StatusCode::OK);
    let arm = browser.token(&renew(&second, "https://management.azure.com/.default")).await.json();
    assert_eq!(claims(arm["access_token"].as_str().unwrap())["aud"], "https://management.azure.com");
    let graph = browser.token(&renew(&second, "https://graph.microsoft.com/.default")).await;
    assert!(graph.text().contains("AADSTS500011"));
    browser.clock.advance(Duration::from_secs(24 * 3_600));
    assert!(browser.token(&renew(&second, SCOPE)).await.text().contains("AADSTS700084"));
}

#[tokio::test]
async fn tokens_are_handed_out_to_registered_origins_alone() {
    let mut browser = Browser::new().await;
    for origin in [None, Some("https://evil.example"), Some("https://page.example.evil.example")] {
        let code = browser.choose("owner").await.get("code");
        let mut request = Request::post(browser.url("oauth2/v2.0/token"));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let form = format!(
            "client_id={}&grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}",
            settings().client_id
        );
        let answer = browser.send(request, form).await;
        assert!(answer.text().contains("AADSTS9002326"), "{origin:?}: {}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_is_refused_on_a_page() {
    let mut browser = Browser::new().await;
    let request = browser.request("").replace("redirect.html", "other.html");
    let url = browser.url(&format!("oauth2/v2.0/authorize?{request}"));
    let answer = browser.send(Request::get(url.clone()), String::new()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains("AADSTS50011") && answer.text().contains("other.html"));
    browser.running.emulator().register_redirect_uri("https://page.example/other.html");
    assert_eq!(browser.send(Request::get(url), String::new()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_window_is_cut_off_from_its_opener_unless_the_library_has_checked_the_opener() {
    let mut browser = Browser::new().await;
    for (more, policy) in [("", "same-origin"), ("&pocd=0", "same-origin"), ("&pocd=1", "")] {
        assert_eq!(browser.authorize(more).await.header("cross-origin-opener-policy"), policy, "{more}");
    }
}

#[tokio::test]
async fn the_admin_endpoint_registers_redirect_uris_and_ends_sessions() {
    let listen =
        acr_emulator::ListenOptions { admin_port: Some(0), ..acr_emulator::ListenOptions::default() };
    let running = Emulator::builder().entra(settings()).listen(listen).start().await.unwrap();
    let admin = running.admin_url().unwrap();
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(0)));
    let mut browser = Browser::in_front_of(running, clock);
    let request = browser.request("").replace("redirect.html", "other.html");
    let url = browser.url(&format!("oauth2/v2.0/authorize?{request}"));
    let register = Request::post(format!("{admin}/entra/redirect-uris"));
    let answer = browser.send(register, "https://page.example/other.html\n".to_owned()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(browser.send(Request::get(url), String::new()).await.status, StatusCode::OK);
    browser.choose("owner").await;
    let end = Request::delete(format!("{admin}/entra/sessions"));
    assert_eq!(browser.send(end, String::new()).await.status, StatusCode::OK);
    assert_eq!(Redirected::of(&browser.authorize("&prompt=none").await).get("error"), "login_required");
}

#[rstest]
#[case(EntraRefusal::ConsentMissing, "consent_required", "AADSTS65001")]
#[case(EntraRefusal::Guest, "access_denied", "AADSTS50020")]
#[case(EntraRefusal::ConditionalAccess, "access_denied", "AADSTS53003")]
#[tokio::test]
async fn a_refusal_is_reported_by_redirect(
    #[case] refusal: EntraRefusal,
    #[case] error: &str,
    #[case] code: &str,
) {
    let mut browser = Browser::new().await;
    browser.refuse(refusal);
    let redirected = browser.choose("owner").await;
    assert_eq!(redirected.get("error"), error);
    assert!(redirected.get("error_description").starts_with(code));
}

#[tokio::test]
async fn multi_factor_authentication_takes_an_interaction() {
    let mut browser = Browser::new().await;
    browser.refuse(EntraRefusal::MultiFactor);
    let tokens = browser.sign_in("owner").await;
    assert_eq!(Redirected::of(&browser.authorize("&prompt=none").await).get("error"), "interaction_required");
    let token = tokens["refresh_token"].as_str().unwrap();
    let answer = browser.token(&format!("grant_type=refresh_token&refresh_token={token}")).await.json();
    assert_eq!((&answer["error"], &answer["suberror"]), (&"invalid_grant".into(), &"basic_action".into()));
}

#[rstest]
#[case::of_another_tenant(EntraRefusal::WrongTenant)]
#[case::expired(EntraRefusal::ClockSkew)]
#[tokio::test]
async fn the_registry_refuses_a_token(#[case] refusal: EntraRefusal) {
    let mut browser = Browser::new().await;
    let good = browser.sign_in("owner").await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(browser.exchange(&good).await.status, StatusCode::OK);
    browser.refuse(refusal);
    let bad = browser.sign_in("owner").await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(browser.exchange(&bad).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_registry_refuses_what_the_authority_has_not_signed() {
    let mut browser = Browser::new().await;
    let token = browser.sign_in("owner").await["access_token"].as_str().unwrap().to_owned();
    let (signed, _) = token.rsplit_once('.').unwrap();
    for forged in [
        format!("{signed}."),
        acr_emulator::unsigned_entra_token("https://containerregistry.azure.net"),
        Browser::new().await.sign_in("owner").await["access_token"].as_str().unwrap().to_owned(),
    ] {
        assert_eq!(browser.exchange(&forged).await.status, StatusCode::UNAUTHORIZED, "{forged}");
    }
}

#[tokio::test]
async fn an_answer_to_another_request_can_be_had() {
    let mut browser = Browser::new().await;
    browser.refuse(EntraRefusal::WrongState);
    assert_eq!(browser.choose("owner").await.get("state"), "another-state");
    browser.refuse(EntraRefusal::WrongNonce);
    let tokens = browser.sign_in("owner").await;
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["nonce"], "another-nonce");
}
