//! What people paste, in the forms that tools print.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use acr_artifact::paste::{PasteError, PastedReference, PastedToken, TokenError};
use proptest::prelude::*;

fn hex() -> String {
    "0123456789abcdef".repeat(4)
}

#[track_caller]
fn assert_reads(pasted: &str, expected: &str) {
    let read = PastedReference::parse(pasted).map(|it| it.to_string());
    assert_eq!(read.as_deref(), Ok(expected), "{pasted:?}");
}

/// What is pasted, and the reference in it.
const FORMS: &[(&str, &str)] = &[
    ("team/app:1.2", "team/app:1.2"),
    ("app", "app"),
    ("  team/app\n", "team/app"),
    ("contoso.azurecr.io/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("CONTOSO.azurecr.io:443/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("localhost:5000/app:1", "localhost:5000/app:1"),
    ("\"contoso.azurecr.io/team/app:1.2\",", "contoso.azurecr.io/team/app:1.2"),
    ("`contoso.azurecr.io/team/app:1.2`", "contoso.azurecr.io/team/app:1.2"),
    ("“team/app:1.2”", "team/app:1.2"),
    ("docker pull contoso.azurecr.io/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    (
        "$ sudo docker pull --platform linux/amd64 contoso.azurecr.io/team/app:1.2",
        "contoso.azurecr.io/team/app:1.2",
    ),
    ("docker run --rm -it -p 80:80 -v /a/b:/c contoso.azurecr.io/app:1 sh -c x", "contoso.azurecr.io/app:1"),
    ("docker pull \\\n  contoso.azurecr.io/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("docker pull\ncontoso.azurecr.io/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("podman pull docker://contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1"),
    ("crictl pull contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1"),
    ("PS C:\\> docker.exe pull contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1"),
    ("oras pull contoso.azurecr.io/app:1 -o out", "contoso.azurecr.io/app:1"),
    ("docker buildx imagetools inspect contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1"),
    (
        "helm pull oci://contoso.azurecr.io/charts/web --version 1.2.3+build.7",
        "contoso.azurecr.io/charts/web:1.2.3_build.7",
    ),
    (
        "helm install release oci://contoso.azurecr.io/charts/web --version=1.2.3",
        "contoso.azurecr.io/charts/web:1.2.3",
    ),
    ("oci://contoso.azurecr.io/charts/web", "contoso.azurecr.io/charts/web"),
    ("br:contoso.azurecr.io/bicep/storage:v1", "contoso.azurecr.io/bicep/storage:v1"),
    ("https://contoso.azurecr.io/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("https://contoso.azurecr.io/v2/team/app/manifests/1.2", "contoso.azurecr.io/team/app:1.2"),
    ("https://contoso.azurecr.io/v2/team/app/tags/list?n=5", "contoso.azurecr.io/team/app"),
    ("image: contoso.azurecr.io/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("FROM contoso.azurecr.io/team/app:1.2 AS build", "contoso.azurecr.io/team/app:1.2"),
    ("az acr repository show --name contoso --image team/app:1.2", "contoso/team/app:1.2"),
    ("az acr manifest show --registry contoso --name team/app:1.2", "contoso/team/app:1.2"),
    ("az acr manifest show contoso.azurecr.io/team/app:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("az acr repository delete -n contoso --repository team/app --yes", "contoso/team/app"),
    (
        r#"{"registry":"Contoso.azurecr.io","imageName":"team/app","tag":{"name":"1.2"}}"#,
        "contoso.azurecr.io/team/app:1.2",
    ),
    (
        r#"[{"repository":"team/app","registry":"contoso.azurecr.io","tag":"1.2"}]"#,
        "contoso.azurecr.io/team/app:1.2",
    ),
    ("[\n  \"team/app\"\n]", "team/app"),
    ("docker pull contoso.azurecr.io/team/ap\np:1.2", "contoso.azurecr.io/team/app:1.2"),
    ("docker pull contoso.azurecr.io/app:1\n1: Pulling from app\nDigest: x", "contoso.azurecr.io/app:1"),
    ("docker run -d contoso.azurecr.io/app", "contoso.azurecr.io/app"),
    ("docker compose -f oci://contoso.azurecr.io/x:1 up", "contoso.azurecr.io/x:1"),
    ("kubectl run x --image=contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1"),
    ("kubectl set image deployment/web web=contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1"),
    ("Status: Downloaded newer image for contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1"),
    ("  \"image\": \"contoso.azurecr.io/team/app:1.2\",", "contoso.azurecr.io/team/app:1.2"),
    ("- image: 'contoso.azurecr.io/team/app:1.2'", "contoso.azurecr.io/team/app:1.2"),
    ("FROM --platform=$BUILDPLATFORM contoso.azurecr.io/app:1 AS build", "contoso.azurecr.io/app:1"),
    (r#"{"RepoTags":["contoso.azurecr.io/team/app:1.2"]}"#, "contoso.azurecr.io/team/app:1.2"),
    ("contoso.azurecr.io/team/app:1.\n2", "contoso.azurecr.io/team/app:1.2"),
];

#[test]
fn references_are_read_in_every_form() {
    for (pasted, expected) in FORMS {
        assert_reads(pasted, expected);
    }
}

#[test]
fn a_digest_is_read_in_every_form_and_decides() {
    let digest = format!("sha256:{}", hex());
    let full = format!("contoso.azurecr.io/team/app:1.2@{digest}");
    let (front, back) = full.split_at(60);
    for pasted in [
        full.clone(),
        format!("docker pull {full}"),
        format!("{front}\n{back}"),
        format!("docker pull {front}\n{back}"),
        format!("docker pull {front}\r\n  {back}\r\n"),
        format!(
            r#"{{"registry":"contoso.azurecr.io","imageName":"team/app","tag":"1.2","digest":"{digest}"}}"#
        ),
        full.to_uppercase().replace("TEAM/APP", "team/app").replace("SHA256", "sha256"),
    ] {
        assert_reads(&pasted, &full);
    }
    let read = PastedReference::parse(&full).unwrap();
    assert_eq!(read.reference().unwrap().as_str(), digest, "the digest decides");
    assert_reads(
        &format!("https://contoso.azurecr.io/v2/team/app/manifests/sha256%3A{}", hex()),
        &format!("contoso.azurecr.io/team/app@{digest}"),
    );
}

#[test]
fn the_login_server_is_compared_without_case_and_port() {
    let at = |pasted: &str, server: &str| PastedReference::parse(pasted).unwrap().is_at(server);
    assert!(at("Contoso.azurecr.io/app", "contoso.azurecr.io:443"));
    assert!(at("app:1", "anything.azurecr.io"));
    assert!(at(
        "az acr repository show -n contosoacr --image app:1",
        "contosoacr-e7ggejfuhzhgedc8.azurecr.io"
    ));
    assert!(!at("fabrikam.azurecr.io/app", "contoso.azurecr.io"));
    assert!(!at("contoso.azurecr.io:5000/app", "contoso.azurecr.io"));
}

#[test]
fn a_registry_without_a_dot_is_still_one_when_it_is_written_again() {
    for pasted in ["registry:443/app", "REGISTRY./app"] {
        let read = PastedReference::parse(pasted).unwrap();
        assert_eq!(read.to_string(), "registry:443/app", "{pasted}");
        assert!(read.is_at("registry"), "{pasted}");
    }
}

#[test]
fn refusals_name_the_reason() {
    let error = |pasted: &str| PastedReference::parse(pasted).unwrap_err();
    assert_eq!(error(" \n"), PasteError::Empty);
    assert_eq!(error("\"\""), PasteError::Empty);
    assert_eq!(error(&"a".repeat(1 << 20)), PasteError::TooLong);
    assert_eq!(error("hello to you"), PasteError::NoReference);
    assert_eq!(error(&format!("sha256:{}", hex())), PasteError::NoRepository);
    assert_eq!(error("contoso.azurecr.io"), PasteError::NoRepository);
    assert_eq!(error("https://contoso.azurecr.io/"), PasteError::NoRepository);
    assert_eq!(error(r#"{"loginServer":"contoso.azurecr.io"}"#), PasteError::NoRepository);
    assert_eq!(error(r#"["a","b","c"]"#), PasteError::Several(3));
    assert_eq!(error("a/b:1 c/d:2"), PasteError::Several(2));
    assert_eq!(error("contoso.azurecr.io/a:1\ncontoso.azurecr.io/b:2"), PasteError::Several(2));
    assert_eq!(error("docker pull a/b:1\ndocker pull c/d:2"), PasteError::Several(2));
    assert_eq!(error("this and/or that"), PasteError::NoReference);
    assert!(matches!(error("team/App:1"), PasteError::Repository(_)));
    assert!(matches!(error("Team/app:1"), PasteError::Repository(_)));
    assert_eq!(error("docker login -u me -p secret contoso.azurecr.io"), PasteError::NoRepository);
    assert!(matches!(error("team/app:-x"), PasteError::Tag(_)));
    assert!(matches!(error("team/app@sha256:12"), PasteError::Digest(_)));
    let secret = error("https://user:hunter2@contoso.azurecr.io/team/app:1");
    assert_eq!(secret, PasteError::Credentials);
    assert!(!secret.to_string().contains("hunter2"));
}

#[test]
fn exposed_tokens_are_read_in_every_form() {
    let json = include_str!("fixtures/expose-token.json");
    let token = "eyJhbGciOiJub25lIn0.eyJhIjoyfQ.c2ln";
    let wrapped = json.replace("eyJhIjoyfQ", "eyJhI\njoyfQ");
    let warned = format!("WARNING: You can perform manual login.\n{json}\n");
    for pasted in [json.to_owned(), wrapped, warned, json.replace('\n', "\r\n")] {
        let read = PastedToken::parse(&pasted).unwrap();
        assert_eq!(read.token().unwrap().expose(), token);
        assert_eq!(read.login_server.as_deref(), Some("contoso.azurecr.io"));
        assert_eq!(read.username.as_deref(), Some("00000000-0000-0000-0000-000000000000"));
        assert!(!format!("{read:?}").contains("eyJ"), "{read:?}");
    }
    let (front, back) = token.split_at(20);
    for pasted in [
        token.to_owned(),
        format!("\"{token}\"\n"),
        format!("'{token}'"),
        format!("{front}\n{back}\n"),
        format!("{front} {back}"),
        format!("{{ \"accessToken\": \"{front} {back}\" }}"),
        format!("\"{front}\r\n{back}\""),
        format!("Bearer {token}"),
        format!("  \"accessToken\": \"{token}\",\n"),
        format!("{token}\tcontoso.azurecr.io\t00000000-0000-0000-0000-000000000000\n"),
        format!("accessToken: {token}\nloginServer: contoso.azurecr.io\n"),
        format!("AccessToken  LoginServer\n-----------  -----------\n{token}  contoso.azurecr.io\n"),
    ] {
        assert_eq!(PastedToken::parse(&pasted).unwrap().token().unwrap().expose(), token, "{pasted}");
    }
    assert_eq!(PastedToken::parse(" \n\""), Err(TokenError::Empty));
    assert_eq!(PastedToken::parse(r#"{"loginServer":"x"}"#), Err(TokenError::NoToken));
    for bad in ["two words", "tok\u{e9}n", "{\"accessToken\": \"a b\"}", "{broken"] {
        assert!(PastedToken::parse(bad).is_err(), "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_can_be_pasted(text in any::<String>(), line in "(docker pull |az acr |oci://|\\{|\"|https://)?[ -~\n]{0,60}") {
        for pasted in [text, line] {
            if let Ok(read) = PastedReference::parse(&pasted) {
                let again = PastedReference::parse(&read.to_string());
                prop_assert_eq!(again.map(|it| it.repository), Ok(read.repository));
            }
            if let Ok(read) = PastedToken::parse(&pasted) {
                let token = read.token().map(|it| it.expose().to_owned()).unwrap_or_default();
                prop_assert!(!token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }
}
