//! Each kind is handled by a tool that can.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use acr_artifact::command::{self, Cloud, Target};
use acr_artifact::{Description, Kind};
use acr_client_wasm::{Descriptor, Manifest, MediaType, Reference};
use serde_json::json;

fn of_type(kind: &str) -> Description {
    let fields =
        json!({"mediaType": MediaType::OCI_MANIFEST, "artifactType": kind, "digest": "sha256:0", "size": 1});
    Description::of_descriptor(&serde_json::from_value::<Descriptor>(fields).unwrap())
}

fn tag(text: &str) -> Reference {
    Reference::Tag(text.parse().unwrap())
}

fn digest() -> Reference {
    Reference::Digest(format!("sha256:{}", "0".repeat(64)).parse().unwrap())
}

fn first(kind: &str, reference: &Reference) -> String {
    let target =
        Target { login_server: "contoso.azurecr.io", repository: "team/app", reference, subject: None };
    command::pull(&of_type(kind), &target).line
}

#[test]
fn the_copy_button_has_the_tool_of_the_kind() {
    for (kind, line) in [
        (MediaType::OCI_CONFIG, "docker pull contoso.azurecr.io/team/app:1.2"),
        (
            "application/vnd.cncf.helm.config.v1+json",
            "helm pull oci://contoso.azurecr.io/team/app --version 1.2",
        ),
        (
            "application/vnd.cncf.flux.config.v1+json",
            "flux pull artifact oci://contoso.azurecr.io/team/app:1.2 --output .",
        ),
        (
            "application/vnd.docker.compose.project",
            "docker compose -f oci://contoso.azurecr.io/team/app:1.2 config",
        ),
        (
            "application/vnd.sylabs.sif.config.v1+json",
            "apptainer pull oras://contoso.azurecr.io/team/app:1.2",
        ),
        (
            "application/vnd.ms.bicep.module.artifact",
            "module example 'br:contoso.azurecr.io/team/app:1.2' = {}",
        ),
        ("application/vnd.ollama.image.model", "ollama pull contoso.azurecr.io/team/app:1.2"),
        ("application/vnd.acme.rocket", "oras pull contoso.azurecr.io/team/app:1.2"),
        ("application/spdx+json", "oras pull contoso.azurecr.io/team/app:1.2"),
        ("application/vnd.buildkit.cacheconfig.v0", "oras manifest fetch contoso.azurecr.io/team/app:1.2"),
    ] {
        assert_eq!(first(kind, &tag("1.2")), line);
    }
    let by_digest = first("application/vnd.cncf.helm.config.v1+json", &digest());
    assert_eq!(by_digest, format!("helm pull oci://contoso.azurecr.io/team/app@{digest}", digest = digest()));
    let timoni = "application/vnd.timoni.module";
    assert_eq!(
        first(timoni, &tag("1.2")),
        "timoni mod pull oci://contoso.azurecr.io/team/app --version 1.2 --output ."
    );
    assert_eq!(first(timoni, &digest()), format!("oras pull contoso.azurecr.io/team/app@{}", digest()));
    let plus = first("application/vnd.cncf.helm.config.v1+json", &tag("1.2.3_build.7"));
    assert_eq!(plus, "helm pull oci://contoso.azurecr.io/team/app --version 1.2.3+build.7");
}

#[test]
fn only_images_are_pulled_by_engines() {
    let types = acr_artifact::types::TYPES.iter().map(|known| known.pattern.replace('*', ""));
    for kind in types.chain(["application/vnd.acme.rocket".to_owned()]) {
        let description = of_type(&kind);
        for reference in [tag("1.2"), digest()] {
            let target = Target {
                login_server: "contoso.azurecr.io",
                repository: "a",
                reference: &reference,
                subject: Some("sha256:1"),
            };
            let lines = command::pulls(&description, &target);
            assert!(!lines.is_empty());
            let engine = |line: &str| {
                ["docker pull", "podman ", "nerdctl ", "crictl "].iter().any(|it| line.starts_with(it))
            };
            assert_eq!(lines.iter().any(|it| engine(&it.line)), description.kind == Kind::Image, "{kind}");
        }
    }
}

#[test]
fn evidence_is_verified_by_its_subject() {
    let reference = digest();
    let target = Target {
        login_server: "c.azurecr.io",
        repository: "a",
        reference: &reference,
        subject: Some("sha256:1"),
    };
    for (kind, line) in [
        ("application/vnd.cncf.notary.signature", "notation inspect c.azurecr.io/a@sha256:1"),
        ("application/vnd.dev.cosign.artifact.sig.v1+json", "cosign tree c.azurecr.io/a@sha256:1"),
        (
            "application/vnd.dev.cosign.artifact.att.v1+json",
            "cosign download attestation c.azurecr.io/a@sha256:1",
        ),
    ] {
        assert_eq!(command::pull(&of_type(kind), &target).line, line);
    }
    // cosign finds none of what ORAS attaches.
    for kind in ["application/vnd.in-toto+json", "application/openvex+json", "application/spdx+json"] {
        let lines = command::pulls(&of_type(kind), &target);
        assert!(lines[0].line.starts_with("oras pull c.azurecr.io/a@"), "{kind}: {lines:?}");
        assert!(!lines.iter().any(|it| it.line.starts_with("cosign")), "{kind}: {lines:?}");
    }
    let sbom = tag(&format!("sha256-{}.sbom", "0a".repeat(32)));
    let target = Target { reference: &sbom, subject: None, ..target };
    let line = format!("cosign download sbom c.azurecr.io/a@sha256:{}", "0a".repeat(32));
    assert_eq!(
        command::pull(&of_type("application/vnd.dev.cosign.artifact.sbom.v1+json"), &target).line,
        line
    );
}

#[test]
fn the_subject_is_taken_from_the_document_the_tag_and_the_page() {
    let hex = "0a".repeat(32);
    let line = format!("cosign tree c.azurecr.io/a@sha256:{hex}");
    let description = of_type("application/vnd.dev.cosign.artifact.sig.v1+json");
    let mut read = description.clone();
    read.subject = Some(format!("sha256:{hex}"));
    let (by_tag, by_digest) = (tag(&format!("sha256-{hex}.sig")), digest());
    let subject = format!("sha256:{hex}");
    for (description, reference, subject) in [
        (&read, &by_digest, None),
        (&description, &by_tag, None),
        (&description, &by_digest, Some(subject.as_str())),
        (&read, &by_digest, Some("sha256:1")),
    ] {
        let target = Target { login_server: "c.azurecr.io", repository: "a", reference, subject };
        assert_eq!(command::pull(description, &target).line, line);
    }
    let json = json!({"schemaVersion": 2, "artifactType": "application/vnd.cncf.notary.signature", "layers": [],
        "config": {"mediaType": MediaType::OCI_EMPTY, "digest": "sha256:0", "size": 2},
        "subject": {"mediaType": MediaType::OCI_MANIFEST, "digest": subject, "size": 1}});
    let media_type = MediaType::new(MediaType::OCI_MANIFEST);
    let manifest = Manifest::from_slice(json.to_string().as_bytes(), &media_type).unwrap();
    assert_eq!(Description::of_manifest(&manifest, &media_type).subject, Some(subject));
}

#[test]
fn az_gets_the_registrys_name() {
    let reference = tag("1");
    let lines = |login_server: &str| {
        let target = Target { login_server, repository: "app", reference: &reference, subject: None };
        command::az(&target).into_iter().map(|it| it.line).collect::<Vec<_>>()
    };
    let label = lines("contosoacr-e7ggejfuhzhgedc8.azurecr.io");
    assert!(
        label.contains(&"az acr repository untag --name contosoacr --image app:1".to_owned()),
        "{label:?}"
    );
    assert!(label.contains(&"az acr login --name contosoacr".to_owned()));
    assert!(label.contains(&"az acr manifest show --registry contosoacr --name app:1".to_owned()));
    assert!(
        lines("contoso.westeurope.geo.azurecr.io")
            .iter()
            .all(|line| line.contains(" contoso ") || line.ends_with(" contoso"))
    );
    assert_eq!(lines("contoso.azurecr.us")[0], "az cloud set --name AzureUSGovernment");
    assert_eq!(lines("contoso.azurecr.cn")[0], "az cloud set --name AzureChinaCloud");
    assert_eq!(Cloud::of("contoso.azurecr.io"), Cloud::Public);
    assert!(lines("localhost:5000").is_empty() && lines("registry.example.com").is_empty());
    assert!(lines("evil$(x).azurecr.io").is_empty());
    let reference = digest();
    let target = Target {
        login_server: "contoso.azurecr.io",
        repository: "app",
        reference: &reference,
        subject: None,
    };
    assert!(command::az(&target).iter().all(|it| it.name != "Untag"));
}

#[test]
fn hostile_names_are_quoted() {
    let reference = tag("1");
    let target = Target {
        login_server: "a.azurecr.io",
        repository: "x; rm -rf ~ '$(id)'\n",
        reference: &reference,
        subject: None,
    };
    let line = command::pull(&of_type("application/vnd.acme.rocket"), &target).line;
    assert_eq!(line, r"oras pull 'a.azurecr.io/x; rm -rf ~ '\''$(id)'\'':1'");
}
