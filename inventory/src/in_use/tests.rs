//! Image references in the forms that people paste.

use super::*;

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn found(text: &str) -> Vec<(String, String)> {
    InUse::parse(text).uses().map(|one| (one.image.to_string(), one.user.clone())).collect()
}

/// What the text protects of contoso.azurecr.io: tags, repositories (`name:*`), and digests (by their first characters).
fn protected(text: &str) -> Vec<String> {
    let uses = InUse::parse(text).of_registry("contoso.azurecr.io");
    let tags = uses.tags.keys().map(|(repository, tag)| format!("{repository}:{tag}"));
    let repositories = uses.repositories.keys().map(|repository| format!("{repository}:*"));
    let digests = uses.digests.iter().map(|(digest, _)| digest.chars().take(10).collect());
    let mut all: Vec<String> = tags.chain(repositories).chain(digests).collect();
    all.sort_unstable();
    all
}

#[test]
fn a_tag_that_is_left_open_keeps_the_repository_and_latest_is_never_assumed() {
    let table: &[(&str, &[&str])] = &[
        ("image: contoso.azurecr.io/app:${TAG:-1.1}\n", &["app:*"]),
        ("image: contoso.azurecr.io/app:${TAG:?required}\n", &["app:*"]),
        ("image: contoso.azurecr.io/app:v1-${SHA}\n", &["app:*"]),
        ("image: \"contoso.azurecr.io/app:{{ .Values.tag }}\"\n", &["app:*"]),
        ("image: contoso.azurecr.io/app\n", &["app:latest"]),
        (
            "REPOSITORY              TAG  IMAGE ID  SIZE\ncontoso.azurecr.io/app  1.1  abcdef012  10MB\n",
            &["app:1.1"],
        ),
        (
            "IMAGE                   TAG  IMAGE ID  SIZE\ncontoso.azurecr.io/app  1.1  abcdef012  10MB\nnginx  1  ab  1MB\n",
            &["app:1.1"],
        ),
        ("REPOSITORY  TAG  IMAGE ID\ncontoso.azurecr.io/app  <none>  abcdef012\n", &["app:*"]),
        ("contoso.azurecr.io/app   1.1   abcdef012345  10MB\n", &["app:*"]),
        ("images:\n- name: contoso.azurecr.io/app\n  newTag: \"1.1\"\n", &["app:1.1"]),
        ("images:\n- name: app\n  newName: contoso.azurecr.io/app\n  newTag: \"1.1\"\n", &["app:1.1"]),
        ("images:\n- name: app\n  newName: contoso.azurecr.io/app\n", &["app:*"]),
        ("image: contoso.azurecr.io/app\ntag: 1.1\n", &["app:1.1"]),
        ("image: contoso.azurecr.io/app:1.1\ntag: 2\n", &["app:1.1"]),
        ("registry: contoso.azurecr.io\nimage: app\ntag: 1.1\n", &["app:1.1"]),
        ("registry: contoso.azurecr.io\nimage: team/app:1.1\n", &["team/app:1.1"]),
        ("image: contoso.azurecr.io/a:1\nimage: contoso.azurecr.io/b:1\n", &["a:1", "b:1"]),
        (r#"{"image":"contoso.azurecr.io/app","tag":1.5}"#, &["app:1.5"]),
        (r#"{"image":{"repository":"contoso.azurecr.io/app","tag":2}}"#, &["app:2"]),
        ("image:\n  repository: contoso.azurecr.io/app\n  tag: 2\n", &["app:2"]),
        ("image:\n  repository: contoso.azurecr.io/app\n  tag: \"\"\n", &["app:*"]),
        ("image:\n  repository: contoso.azurecr.io/app\n  tag: {{ .Chart.AppVersion }}\n", &["app:*"]),
        (
            "repository: contoso.azurecr.io/a\ntag: 1\nrepository: contoso.azurecr.io/b\ntag: 2\n",
            &["a:1", "b:2"],
        ),
    ];
    for (text, expected) in table {
        assert_eq!(protected(text), *expected, "{text}");
    }
    let digests = format!(
        "REPOSITORY  TAG  DIGEST  IMAGE ID\ncontoso.azurecr.io/app  <none>  sha256:{HEX}  abcdef012\n"
    );
    assert_eq!(protected(&digests), ["sha256:e3b"]);
    let pinned = format!("images:\n- name: contoso.azurecr.io/app\n  digest: sha256:{HEX}\n");
    assert_eq!(protected(&pinned), ["sha256:e3b"]);
}

#[test]
fn images_are_found_in_every_notation() {
    let table: &[(&str, &[&str])] = &[
        ("image: ${REGISTRY:-contoso.azurecr.io}/app:1.1\n", &["app:1.1"]),
        ("contoso.azurecr.io:443/app:1.1", &["app:1.1"]),
        ("http://contoso.azurecr.io/app:1.1", &["app:1.1"]),
        ("containerd://contoso.azurecr.io/app:1.1", &["app:1.1"]),
        ("registry://contoso.azurecr.io/app:1.1", &["app:1.1"]),
        ("image: {registry: contoso.azurecr.io, repository: app, tag: \"1.1\"}\n", &["app:1.1"]),
        ("- {repository: contoso.azurecr.io/app, tag: 1.1}\n", &["app:1.1"]),
        ("services: {web: {image: \"contoso.azurecr.io/app:1.1\"}}\n", &["app:1.1"]),
        (
            "global:\n  imageRegistry: contoso.azurecr.io\nimage:\n  repository: app\n  tag: \"1.1\"\n",
            &["app:1.1"],
        ),
        (
            r#"{"global":{"imageRegistry":"contoso.azurecr.io"},"image":{"repository":"app","tag":"1.1"}}"#,
            &["app:1.1"],
        ),
        ("map[image:contoso.azurecr.io/app:1.1 name:x]", &["app:1.1"]),
        ("DOCKER|contoso.azurecr.io/app:1.1", &["app:1.1"]),
        ("image: ${IMAGE:-contoso.azurecr.io/app:1.1}\n", &["app:1.1"]),
        ("image: ${IMAGE-contoso.azurecr.io/app:1.1}\n", &["app:1.1"]),
        ("image:\n  name: contoso.azurecr.io/app\n  tag: \"1.1\"\n", &["app:1.1"]),
        ("image:\n  registry: contoso.azurecr.io\n  name: app\n  tag: \"1.1\"\n", &["app:1.1"]),
        (r#"{"Repository":"contoso.azurecr.io/app","Tag":"1.1","Digest":"<none>"}"#, &["app:1.1"]),
        ("images: [{name: contoso.azurecr.io/app, newTag: \"1.1\"}]\n", &["app:1.1"]),
        ("values: {\"repository\":\"contoso.azurecr.io/app\",\"tag\":\"1.1\"}\n", &["app:1.1"]),
        ("images: [contoso.azurecr.io/app:1.1]\n", &["app:1.1"]),
        ("repository: &r !!str contoso.azurecr.io/app\ntag: 1.1\n", &["app:1.1"]),
        (
            "-\n  tag: 1\n  repository: contoso.azurecr.io/a\n-\n  tag: 2\n  repository: contoso.azurecr.io/b\n",
            &["a:1", "b:2"],
        ),
        (
            "warning\n{\n\"registry\": \"contoso.azurecr.io\",\n\"repository\": \"a\",\n\"tag\": \"1\"\n}\n{\n\
             \"registry\": \"contoso.azurecr.io\",\n\"repository\": \"b\",\n\"tag\": \"2\"\n}\n",
            &["a:1", "b:2"],
        ),
    ];
    for (text, expected) in table {
        assert_eq!(protected(text), *expected, "{text}");
    }
    for text in [
        format!("sha256:{HEX}"),
        format!("app@sha256:{HEX}"),
        format!("mirror.example/app@sha256:{HEX}"),
        format!(r#"{{"imageID":"docker://sha256:{HEX}"}}"#),
        format!("imageID: sha256:{HEX}\n"),
    ] {
        assert_eq!(protected(&text), ["sha256:e3b"], "{text}");
    }
    let other = InUse::parse(&format!("mirror.example/app@sha256:{HEX}")).of_registry("contoso.azurecr.io");
    assert!(other.is_empty(), "an image of another registry is none of this one");
}

#[test]
fn what_names_no_registry_or_repository_is_counted() {
    let text =
        "image: ${REGISTRY}/app:1.1\nimage: contoso.azurecr.io/${TEAM}-app:1\npath: ${HOME}/bin:/usr/bin\n";
    let in_use = InUse::parse(text);
    assert_eq!((in_use.unresolved(), in_use.uses().len()), (2, 0));
}

#[test]
fn a_byte_order_mark_says_how_a_file_is_read() {
    let text = "image: contoso.azurecr.io/app:1.1\n";
    let mut files = vec![text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes()];
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        files.push(units.flat_map(unit).collect());
    }
    for file in files {
        assert_eq!(protected(&decode(&file)), ["app:1.1"]);
    }
    assert_eq!(decode(&[0xff, 0xfe, 0x41]), "");
}

#[test]
fn an_address_stands_for_the_registry_that_is_read_there() {
    let mut in_use = InUse::parse("localhost:5000/app:1");
    in_use.rename_registry("localhost:5000", "contoso.azurecr.io");
    assert_eq!(in_use.of_registry("contoso.azurecr.io").tag_user("app", "1"), Some(0));
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
    assert_eq!(uses.digest(0).map(|(digest, _)| digest), Some(format!("sha256:{HEX}").as_str()));
    assert_eq!(uses.digest(1), None);
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

#[test]
fn long_input_takes_time_in_proportion() {
    let count = 20_000;
    let brackets = "{".repeat(count);
    for text in [
        "contoso.azurecr.io/a:1  ".repeat(count),
        "a:".repeat(count) + "b/c",
        "${".repeat(count) + "}",
        "a/b:${".repeat(count),
        format!("k: {brackets}"),
        "repository: a\n".repeat(count),
        "sha256:".repeat(count),
    ] {
        assert!(InUse::parse(&text).uses().len() <= 1, "{text:.20}");
    }
}
