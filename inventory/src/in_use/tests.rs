//! Image references in the forms that people paste.

use super::*;

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn found(text: &str) -> Vec<(String, String)> {
    InUse::parse(text).uses().map(|one| (one.image.to_string(), one.user.clone())).collect()
}

fn pair(image: &str, user: &str) -> (String, String) {
    (image.to_owned(), user.to_owned())
}

#[test]
fn kubectl_json_names_the_workload() {
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"List","items":[
        {{"kind":"Deployment","metadata":{{"name":"web"}},"spec":{{"template":{{"spec":{{"containers":[
            {{"name":"c","image":"contoso.azurecr.io/team/app:1.2"}}],
            "initContainers":[{{"image":"contoso.azurecr.io/init"}}]}}}}}}}},
        {{"kind":"Pod","metadata":{{"name":"p"}},"status":{{"containerStatuses":[
            {{"imageID":"docker-pullable://contoso.azurecr.io/team/app@sha256:{HEX}"}}]}}}}]}}"#
    );
    let digest = format!("contoso.azurecr.io/team/app@sha256:{HEX}");
    assert_eq!(
        found(&text),
        [
            pair("contoso.azurecr.io/init", "deployment/web"),
            pair(&digest, "pod/p"),
            pair("contoso.azurecr.io/team/app:1.2", "deployment/web"),
        ]
    );
}

#[test]
fn kubectl_yaml_names_the_workload_of_each_item() {
    let text = "apiVersion: v1\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n    labels:\n      name: wrong\n    name: web\n  spec:\n    template:\n      spec:\n        containers:\n        - image: contoso.azurecr.io/app:1\n          name: c\n- apiVersion: batch/v1\n  kind: CronJob\n  metadata:\n    name: nightly\n  spec:\n    image: \"contoso.azurecr.io/job:2\" # pinned\nkind: List\n";
    assert_eq!(
        found(text),
        [
            pair("contoso.azurecr.io/app:1", "deployment/web"),
            pair("contoso.azurecr.io/job:2", "cronjob/nightly")
        ]
    );
}

#[test]
fn several_documents_do_not_lend_each_other_their_names() {
    let text = "kind: Deployment\nmetadata:\n  name: web\n---\nspec:\n  image: contoso.azurecr.io/app:1\n";
    assert_eq!(found(text), [pair("contoso.azurecr.io/app:1", "")]);
}

#[test]
fn compose_files_name_the_service() {
    let text = "services:\n  web:\n    image: contoso.azurecr.io/web:1\n    ports:\n      - 80:80\n  db:\n    image: 'postgres:16'\n  worker:\n    image: CONTOSO.azurecr.io/worker\n";
    assert_eq!(
        found(text),
        [
            pair("contoso.azurecr.io/web:1", "service/web"),
            pair("contoso.azurecr.io/worker", "service/worker")
        ]
    );
}

#[test]
fn values_of_a_chart_are_put_together() {
    let text = "image:\n  repository: contoso.azurecr.io/app\n  tag: \"1.4\"\n  pullPolicy: Always\nsidecar:\n  image:\n    registry: contoso.azurecr.io\n    repository: team/side\n    tag: v2\n";
    let images: Vec<String> = found(text).into_iter().map(|(image, _)| image).collect();
    assert!(images.contains(&"contoso.azurecr.io/app:1.4".to_owned()), "{images:?}");
    assert!(images.contains(&"contoso.azurecr.io/team/side:v2".to_owned()), "{images:?}");
    let json = r#"{"image":{"repository":"contoso.azurecr.io/app","tag":"1.4"}}"#;
    assert!(found(json).contains(&pair("contoso.azurecr.io/app:1.4", "")));
}

#[test]
fn plain_text_is_searched_for_references() {
    let text = "We run contoso.azurecr.io/app:1.2, (contoso.azurecr.io/b:3) and \"contoso.azurecr.io/c\".\nNAME IMAGE\nweb contoso.azurecr.io/d:4 Running\nhttps://example.com/page?x=1\n";
    let images: Vec<String> = found(text).into_iter().map(|(image, _)| image).collect();
    for image in ["app:1.2", "b:3", "c", "d:4"] {
        assert!(images.contains(&format!("contoso.azurecr.io/{image}")), "{image}: {images:?}");
    }
}

#[test]
fn uses_are_looked_up_by_tag_and_by_digest() {
    let text = format!(
        "a contoso.azurecr.io/app:1@sha256:{HEX}\nb contoso.azurecr.io/plain\nc other.azurecr.io/app:2\n"
    );
    let uses = InUse::parse(&text).of_registry("Contoso.azurecr.io");
    assert_eq!(uses.len(), 2);
    assert!(uses.tag_user("app", "1").is_some() && uses.tag_user("plain", "latest").is_some());
    assert!(uses.tag_user("app", "2").is_none());
    assert_eq!(uses.digests().map(|(digest, _)| digest).collect::<Vec<_>>(), [format!("sha256:{HEX}")]);
}

#[test]
fn input_that_is_cut_off_or_hostile_is_no_error() {
    let deep = "[".repeat(100_000);
    let indented: String = (0..500).map(|depth| format!("{}k:\n", " ".repeat(depth))).collect();
    for text in [
        "",
        "{",
        "{\"image\":",
        "- - - -",
        ":::",
        "kind:\nkind:\n",
        "\u{feff}{}",
        &deep,
        &indented,
        "é: é/é:é@",
    ] {
        assert!(found(text).is_empty(), "{text:.20}");
    }
    let cut = r#"{"kind":"Pod","spec":{"image":"contoso.azurecr.io/app:1"#;
    assert_eq!(found(cut), [pair("contoso.azurecr.io/app:1", "")]);
}
