//! Mistakes of an application that Microsoft refuses, and so the authority does, and names of the tenant that it knows.

use acr_emulator::{Fault, FaultPlan, FaultRule};
use http::{Method, Request, StatusCode};
use rstest::rstest;
use serde_json::Value;

use super::browser::{Browser, Redirected, SCOPE, settings};

fn renewal(tokens: &Value) -> String {
    let token = tokens["refresh_token"].as_str().unwrap();
    format!("grant_type=refresh_token&refresh_token={token}&scope={}", SCOPE.replace(' ', "+"))
}

#[tokio::test]
async fn a_code_that_is_used_again_ends_what_the_first_use_was_issued() {
    let mut browser = Browser::new().await;
    let other = browser.sign_in("owner").await;
    let code = browser.choose("owner").await.get("code");
    let first = browser.redeem(&code).await.json();
    let renewed = browser.token(&renewal(&first)).await.json();
    let again = browser.redeem(&code).await;
    assert_eq!(
        (again.status, again.json()["error"].clone()),
        (StatusCode::BAD_REQUEST, "invalid_grant".into())
    );
    assert!(again.text().contains("AADSTS54005"), "{}", again.text());
    for tokens in [first, renewed] {
        let refused = browser.token(&renewal(&tokens)).await;
        assert!(refused.text().contains("AADSTS50173"), "{}", refused.text());
    }
    assert_eq!(browser.token(&renewal(&other)).await.status, StatusCode::OK);
}

#[rstest]
#[case::of_a_stranger("other@contoso.example")]
#[case::of_another_account("reader@contoso.example")]
#[tokio::test]
async fn a_hint_signs_in_the_account_that_it_names_or_none(#[case] hint: &str) {
    let mut browser = Browser::new().await;
    browser.choose("owner").await;
    let hint = format!("&login_hint={hint}");
    let silent = Redirected::of(&browser.authorize(&format!("&prompt=none{hint}")).await);
    assert_eq!(silent.get("error"), "login_required");
    let asked = browser.authorize(&hint).await;
    assert!(asked.status == StatusCode::OK && asked.text().contains("Pick an account"));
}

#[rstest]
#[case::prompt("&prompt=bogus", SCOPE, "invalid_request", "AADSTS90023")]
#[case::resource("", "openid https://graph.microsoft.com/.default", "invalid_resource", "AADSTS500011")]
#[case::no_resource("", "openid profile offline_access", "invalid_resource", "AADSTS500011")]
#[tokio::test]
async fn a_request_that_cannot_be_met_is_refused_before_anyone_signs_in(
    #[case] more: &str,
    #[case] scope: &str,
    #[case] error: &str,
    #[case] code: &str,
) {
    let mut browser = Browser::new().await;
    browser.choose("owner").await;
    browser.scope = scope.to_owned();
    let refused = Redirected::of(&browser.authorize(more).await);
    assert_eq!((refused.get("error"), refused.get("state")), (error.to_owned(), "st".to_owned()));
    assert!(refused.get("error_description").starts_with(code), "{}", refused.get("error_description"));
}

#[rstest]
#[case("", false, false)]
#[case("openid ", true, false)]
#[case("offline_access ", false, true)]
#[tokio::test]
async fn only_the_tokens_that_were_asked_for_are_issued(
    #[case] more: &str,
    #[case] id_token: bool,
    #[case] refresh_token: bool,
) {
    let mut browser = Browser::new().await;
    browser.scope = format!("{more}https://containerregistry.azure.net/.default");
    let tokens = browser.sign_in("owner").await;
    for (name, expected) in [
        ("access_token", true),
        ("id_token", id_token),
        ("refresh_token", refresh_token),
        ("refresh_token_expires_in", refresh_token),
    ] {
        assert_eq!(tokens.get(name).is_some(), expected, "{name}");
    }
}

#[rstest]
#[case("organizations")]
#[case("common")]
#[case("Contoso.example")]
#[tokio::test]
async fn the_tenant_has_more_names_than_its_id(#[case] name: &str) {
    let mut browser = Browser::new().await;
    browser.tenant = name.to_owned();
    let url = browser.url("v2.0/.well-known/openid-configuration");
    let document = browser.send(Request::get(url), String::new()).await;
    let issuer = document.json()["issuer"].as_str().unwrap().to_owned();
    assert!(issuer.ends_with(&format!("/{}/v2.0", settings().tenant)), "{issuer}");
    let tokens = browser.sign_in("owner").await;
    assert_eq!(browser.exchange(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::OK);
    browser.tenant = "consumers".to_owned();
    let url = browser.url("v2.0/.well-known/openid-configuration");
    assert!(browser.send(Request::get(url), String::new()).await.text().contains("AADSTS90002"));
}

#[tokio::test]
async fn the_documents_can_be_looked_for_without_being_read() {
    let mut browser = Browser::new().await;
    for endpoint in ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"] {
        let url = browser.url(endpoint);
        let answer = browser.send(Request::builder().method(Method::HEAD).uri(url), String::new()).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, String::new()), "{endpoint}");
    }
}

/// A page tells an error from no answer, as it does at Microsoft.
#[tokio::test]
async fn an_error_that_a_fault_puts_in_place_of_an_answer_is_readable_for_pages() {
    let mut browser = Browser::new().await;
    let rules = vec![FaultRule::always(Fault::Status { status: 500 })];
    browser.running.emulator().set_faults(FaultPlan { rules, ..FaultPlan::default() });
    let answer = browser.redeem("code").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}
