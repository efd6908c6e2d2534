//! One token for several repositories: how many requests a screenful costs, and what happens where the registry does not honour it.

use acr_client_wasm::{Credential, ErrorKind, RegistryClient, RepositoryName, Secret};
use acr_emulator::{Emulator, EmulatorBuilder, Scale, ScopeMap, ScopedToken, SeveralScopes};
use futures_util::future::join_all;

use crate::registry::Registry;
use crate::script::{Reply, Script};

const ATTRIBUTES: &str = r#"{"registry":"demo.azurecr.io","imageName":"a"}"#;

fn emulator() -> EmulatorBuilder {
    Emulator::builder().scale(Scale { repositories: 40, tags: 0 })
}

/// The rows of a screen.
fn rows(from: usize, count: usize) -> Vec<RepositoryName> {
    (from..from + count).map(|number| format!("scale/repository-{number:06}").parse().unwrap()).collect()
}

/// Looks up the attributes of each row, all at the same time.
async fn show(client: &RegistryClient, rows: &[RepositoryName]) {
    client.share_tokens(rows);
    let repositories = client.repositories();
    for row in join_all(rows.iter().map(|name| repositories.attributes(name))).await {
        assert_eq!(row.unwrap().tag_count, 1);
    }
}

fn tokens(registry: &Registry) -> usize {
    registry.count("", "/oauth2/token")
}

#[tokio::test]
async fn a_screenful_costs_one_token_whatever_it_is_bought_with() {
    let password = Credential::Password { username: "admin".into(), password: Secret::new("s3cret") };
    for credential in [Credential::Anonymous, password] {
        let registry = Registry::of(emulator());
        let client = registry.client_with(credential);
        show(&client, &rows(1, 17)).await;
        assert_eq!((tokens(&registry), registry.count("GET", "/acr/v1/")), (1, 17));
        // Rows that stay on the screen are known already.
        show(&client, &rows(10, 12)).await;
        assert_eq!(tokens(&registry), 2);
        assert_eq!(client.session().granted.len(), 21);
    }
}

#[tokio::test]
async fn a_repository_that_has_a_token_shares_no_other() {
    let registry = Registry::of(emulator());
    let client = registry.client();
    client.repositories().attributes(&rows(1, 1)[0]).await.unwrap();
    show(&client, &rows(1, 2)).await;
    assert_eq!(tokens(&registry), 2);
    assert_eq!(client.session().granted.len(), 2);
}

#[tokio::test]
async fn a_registry_that_narrows_or_refuses_shared_tokens_is_asked_for_one_each_from_then_on() {
    for (several, served) in [(SeveralScopes::Narrow, 1), (SeveralScopes::Refuse, 0)] {
        let registry = Registry::of(emulator().several_scopes(several));
        let client = registry.client();
        show(&client, &rows(1, 17)).await;
        assert_eq!(tokens(&registry), 1 + 17 - served, "{several:?}");
        assert_eq!(registry.count("GET", "/acr/v1/"), 17, "{several:?}: no call fails");
        // The second screenful does not try again.
        let before = tokens(&registry);
        show(&client, &rows(18, 10)).await;
        assert_eq!(tokens(&registry) - before, 10, "{several:?}");
    }
}

#[tokio::test]
async fn a_missing_permission_is_the_rows_own_and_does_not_end_the_sharing() {
    let readable = rows(1, 30).split_off(1);
    let actions = readable.iter().map(|name| format!("repositories/{name}/metadata/read")).collect();
    let token = ScopedToken {
        name: "ci".to_owned(),
        passwords: vec![acr_emulator::Secret::new("pw")],
        expires: None,
        scope_map: ScopeMap { actions },
    };
    let registry = Registry::of(emulator().token(token));
    let password = Credential::Password { username: "ci".into(), password: Secret::new("pw") };
    let client = registry.client_with(password);
    let all = rows(1, 17);
    client.share_tokens(&all);
    let refused = client.repositories().attributes(&all[0]).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthorized);
    assert_eq!(refused.missing_action().unwrap().to_string(), format!("repository:{}:metadata_read", all[0]));
    let before = tokens(&registry);
    show(&client, &all[1..]).await;
    assert_eq!(tokens(&registry), before, "the token of the screenful serves the others");
    show(&client, &rows(18, 10)).await;
    assert_eq!(tokens(&registry), before + 1);
}

#[tokio::test]
async fn a_registry_that_refuses_a_call_with_a_shared_token_is_asked_for_one_each_from_then_on() {
    let refusal = Reply::challenge("repository:a:metadata_read", "https://demo.azurecr.io/oauth2/token");
    let script = Script::of([
        ("GET /acr/v1/a", refusal),
        ("GET /acr/v1/a", Reply::json(ATTRIBUTES)),
        ("GET /acr/v1/b", Reply::json(ATTRIBUTES)),
    ]);
    let client = script.client();
    let names: [RepositoryName; 2] = ["a".parse().unwrap(), "b".parse().unwrap()];
    client.share_tokens(&names);
    for name in &names {
        client.repositories().attributes(name).await.unwrap();
    }
    let forms: Vec<_> = script.token_requests().into_iter().map(|request| request.body).collect();
    let asked = |scope: &str| {
        format!("grant_type=password&service=demo.azurecr.io&scope={scope}&refresh_token=").into_bytes()
    };
    let (a, b) = ("repository%3Aa%3Ametadata_read", "repository%3Ab%3Ametadata_read");
    assert_eq!(forms, [asked(&format!("{a}%20{b}")), asked(a), asked(b)]);
    script.assert_done();
}

#[tokio::test]
async fn a_refused_credential_and_a_registry_out_of_reach_are_reported_as_such() {
    let registry = Registry::of(emulator().admin("admin", "s3cret"));
    let wrong = Credential::Password { username: "admin".into(), password: Secret::new("wrong") };
    let client = registry.client_with(wrong);
    client.share_tokens(&rows(1, 2));
    let error = client.repositories().attributes(&rows(1, 1)[0]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(tokens(&registry), 2, "the shared one, and the repository's own");
    let registry = Registry::of(emulator());
    registry.fault(serde_json::json!({ "fault": "status", "status": 500, "path": "/oauth2/token" }));
    let client = registry.client();
    client.share_tokens(&rows(1, 2));
    let error = client.repositories().attributes(&rows(1, 1)[0]).await.unwrap_err();
    assert_eq!((error.kind(), tokens(&registry)), (ErrorKind::Server, 1));
}
