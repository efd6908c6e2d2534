//! References in what terminals, tools and clusters print, and in the commands that this crate makes itself.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use acr_artifact::command::{self, Target};
use acr_artifact::paste::{PasteError, PastedReference};
use acr_artifact::{Description, types};
use acr_client_wasm::{Descriptor, MediaType, Reference};
use serde_json::json;

const APP: &str = "contoso.azurecr.io/team/app:1.2";

fn digest() -> String {
    format!("sha256:{}", "0123456789abcdef".repeat(4))
}

#[track_caller]
fn assert_reads(pasted: &str, expected: &str) {
    let read = PastedReference::parse(pasted).map(|it| it.to_string());
    assert_eq!(read.as_deref(), Ok(expected), "{pasted:?}");
}

#[test]
fn a_prompt_in_front_of_a_tool_is_left_out() {
    for prompt in [
        "me@vm:~$ ",
        "(base) me@mac ~ % ",
        "C:\\Users\\me>",
        "PS C:\\Users\\me> ",
        "[root@host app]# sudo ",
        "me@vm:/srv/app$ DOCKER_BUILDKIT=1 ",
        "❯ ",
    ] {
        assert_reads(&format!("{prompt}docker pull {APP}"), APP);
    }
    assert_reads(&format!("$ docker save {APP} > oras"), APP);
    assert_reads(
        "me@vm:~$ az acr login -n contoso\nme@vm:~$ docker pull contoso.azurecr.io/team/app:1.2\n",
        APP,
    );
}

#[test]
fn of_several_commands_the_one_that_names_an_image_counts() {
    assert_reads(&format!("az acr login -n contoso\nLogin Succeeded\ndocker pull {APP}"), APP);
    assert_reads(&format!("docker pull {APP}\ndocker run --rm {APP}"), APP);
    assert_reads(&format!("docker ps\ndocker pull {APP}"), APP);
    assert_eq!(
        PastedReference::parse("docker pull a.azurecr.io/b:1\ndocker pull a.azurecr.io/b:2"),
        Err(PasteError::Several(2))
    );
    assert_eq!(PastedReference::parse("az login\naz acr login -n contoso"), Err(PasteError::NoReference));
}

#[test]
fn what_docker_prints_names_one_reference() {
    let digest = digest();
    for pasted in [
        format!(
            "1.2: Pulling from team/app\nDigest: {digest}\nStatus: Downloaded newer image for {APP}\n{APP}"
        ),
        format!("Status: Image is up to date for {APP}\n{APP}\n"),
    ] {
        assert_reads(&pasted, APP);
    }
    assert_reads(
        "The push refers to repository [contoso.azurecr.io/team/app]\n5f70bf18a086: Pushed",
        "contoso.azurecr.io/team/app",
    );
    assert_reads(
        &format!(
            "The push refers to repository [contoso.azurecr.io/team/app]\n1.2: digest: {digest} size: 528"
        ),
        "contoso.azurecr.io/team/app",
    );
}

#[test]
fn what_kubernetes_and_app_service_print_is_read() {
    let by_digest = format!("contoso.azurecr.io/team/app@{}", digest());
    assert_reads(
        &format!(
            "Failed to pull image \"{APP}\": rpc error: code = Unknown desc = failed to pull and unpack image \"{APP}\": \
             failed to authorize: unexpected status from GET request to https://contoso.azurecr.io/oauth2/token?scope=x: 401"
        ),
        APP,
    );
    assert_reads(&format!("Image ID: docker-pullable://{by_digest}"), &by_digest);
    assert_reads(&format!("Image: {APP}\nImage ID: {by_digest}"), &format!("{APP}@{}", digest()));
    assert_reads("DOCKER|contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1");
    assert_reads("COMPOSE|contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1");
    assert_reads("\"linuxFxVersion\": \"DOCKER|contoso.azurecr.io/app:1\",", "contoso.azurecr.io/app:1");
}

#[test]
fn options_and_files_of_a_command_are_not_its_image() {
    assert_reads(
        "az acr import --name contoso --source docker.io/library/nginx:1 --image nginx:1",
        "contoso/nginx:1",
    );
    assert_reads(
        "az acr import -n contoso --source docker.io/library/nginx:1 --registry other",
        "contoso/library/nginx:1",
    );
    assert_reads("docker run --device /dev/fuse contoso.azurecr.io/app:1", "contoso.azurecr.io/app:1");
    assert_reads(
        "docker run --cidfile ./id --cgroup-parent a/b contoso.azurecr.io/app:1",
        "contoso.azurecr.io/app:1",
    );
    assert_reads(
        "docker run contoso.azurecr.io/app:1 curl https://example.test/x",
        "contoso.azurecr.io/app:1",
    );
}

#[test]
fn the_documents_of_other_tools_are_read() {
    let digest = digest();
    let by_digest = format!("contoso.azurecr.io/team/app@{digest}");
    let both = format!("{APP}@{digest}");
    let other = format!("{APP}@sha256:{}", "1".repeat(64));
    for (document, expected) in [
        (
            json!({"Name": "contoso.azurecr.io/team/app", "Digest": digest, "RepoTags": ["1.2"]}),
            by_digest.as_str(),
        ),
        (json!([{"Name": "/web", "Image": digest, "Config": {"Image": APP}}]), APP),
        (
            json!([{"Id": digest, "RepoTags": [APP], "RepoDigests": [by_digest], "Config": {"Image": ""}}]),
            &by_digest,
        ),
        (json!({"Ref": both, "Descriptor": {"digest": digest}}), &both),
        (json!([{"Ref": both}, {"Ref": other}]), APP),
        (json!({"image.name": APP, "containerimage.digest": digest}), &both),
        (
            json!({"app": {"image.name": APP, "containerimage.digest": digest}, "buildx.build.warnings": []}),
            &both,
        ),
        (json!({"properties": 1, "linuxFxVersion": format!("DOCKER|{APP}")}), APP),
    ] {
        assert_reads(&document.to_string(), expected);
    }
    for (before, after) in
        [("'", "'"), ("`", "`"), ("```json\n", "\n```"), ("```json ", " ```"), ("``` ", "```")]
    {
        let attributes = json!({"registry": "contoso.azurecr.io", "imageName": "team/app", "tag": "1.2"});
        assert_reads(&format!("{before}{attributes}{after}"), APP);
    }
    let quoted = json!(json!({"Ref": APP}).to_string()).to_string();
    assert_reads(&quoted, APP);
    assert_reads("```sh\ndocker pull contoso.azurecr.io/team/app:1.2\n```", APP);
    assert_reads("```docker pull contoso.azurecr.io/team/app:1.2```", APP);
    let several = json!([{"Ref": "a.azurecr.io/b:1"}, {"Ref": "a.azurecr.io/c:1"}]).to_string();
    assert_eq!(PastedReference::parse(&several), Err(PasteError::Several(2)));
    let target = |name: &str| json!({"image.name": name, "containerimage.digest": digest});
    let bake = json!({"b": target("a.azurecr.io/b:1"), "c": target("a.azurecr.io/c:1")}).to_string();
    assert_eq!(PastedReference::parse(&bake), Err(PasteError::Several(2)));
}

#[test]
fn modules_of_tofu_are_read() {
    assert_reads("source = \"oci://contoso.azurecr.io/mod?tag=1.2\"", "contoso.azurecr.io/mod:1.2");
    assert_reads("oci://contoso.azurecr.io/mod//network?tag=1.2", "contoso.azurecr.io/mod:1.2");
    let digest = digest();
    let escaped = digest.replace(':', "%3A");
    for query in [&digest, &escaped] {
        assert_reads(
            &format!("oci://contoso.azurecr.io/mod?digest={query}"),
            &format!("contoso.azurecr.io/mod@{digest}"),
        );
    }
    assert!(matches!(PastedReference::parse("oci://contoso.azurecr.io/mod?tag=-"), Err(PasteError::Tag(_))));
}

#[test]
fn every_command_that_is_offered_can_be_pasted() {
    let references = [Reference::Tag("1.2".parse().unwrap()), Reference::Digest(digest().parse().unwrap())];
    for known in types::TYPES {
        let kind = known.pattern.replace('*', "");
        let fields = json!({"mediaType": MediaType::OCI_MANIFEST, "artifactType": kind, "digest": "sha256:0", "size": 1});
        let description = Description::of_descriptor(&serde_json::from_value::<Descriptor>(fields).unwrap());
        for reference in &references {
            let target = Target {
                login_server: "contoso.azurecr.io",
                repository: "team/app",
                reference,
                subject: None,
            };
            let expected = format!("contoso.azurecr.io/team/app{}", command::suffix(reference));
            for command in command::pulls(&description, &target) {
                // It restores what a file names.
                if command.line != "az bicep restore --file main.bicep" {
                    assert_reads(&command.line, &expected);
                }
            }
            let platforms = command::pulls_of_platform(&description, &target, "linux/amd64");
            for command in
                platforms.iter().chain(&command::az(&target)).filter(|it| it.line.contains("team/app"))
            {
                let read = PastedReference::parse(&command.line).unwrap();
                assert_eq!(
                    (read.repository.as_str(), read.reference().as_ref()),
                    ("team/app", Some(reference))
                );
                assert!(read.is_at("contoso.azurecr.io"), "{}", command.line);
            }
        }
    }
}
