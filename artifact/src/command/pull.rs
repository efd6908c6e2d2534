//! Which tool pulls, shows or verifies what. The first command of a kind is the one for a copy button.

use acr_client_wasm::Reference;

use super::quote::quote;
use super::target::{Command, Target};
use crate::describe::Description;
use crate::kind::Kind;
use crate::relation;

/// The command for a copy button.
#[must_use]
pub fn pull(description: &Description, target: &Target<'_>) -> Command {
    pulls(description, target).into_iter().next().unwrap_or_else(|| fetch(&quote(&target.full())))
}

/// The commands that work for this kind of thing, the usual one first. Container engines are named for what they can run alone.
#[must_use]
pub fn pulls(description: &Description, target: &Target<'_>) -> Vec<Command> {
    let full = target.full();
    let name = quote(&full);
    let oras = || Command::new("oras", format!("oras pull {name}"));
    let line = |tool: &'static str, line: String| vec![Command::new(tool, line), oras()];
    let mut commands = match description.content {
        Kind::BuildCache => Vec::new(),
        _ if description.is_runnable && description.content == Kind::Image => engines(&name),
        Kind::HelmChart => [helm(target), vec![oras()]].concat(),
        Kind::Signature | Kind::Sbom | Kind::Attestation => {
            [evidence(description, target), vec![oras()]].concat()
        }
        Kind::Bicep => bicep(description, target, &name),
        Kind::Flux => {
            line("flux", format!("flux pull artifact {} --output .", quote(&format!("oci://{full}"))))
        }
        Kind::Compose => {
            line("docker compose", format!("docker compose -f {} config", quote(&format!("oci://{full}"))))
        }
        Kind::Singularity => {
            line("apptainer", format!("apptainer pull {}", quote(&format!("oras://{full}"))))
        }
        Kind::OpaBundle => line("conftest", format!("conftest pull {}", quote(&format!("oci://{full}")))),
        Kind::KyvernoPolicy => line("kyverno", format!("kyverno oci pull --image {name}")),
        Kind::Falco => line("falcoctl", format!("falcoctl artifact install {name}")),
        Kind::TektonBundle => line("tkn", format!("tkn bundle list {name}")),
        Kind::DockerPlugin => vec![Command::new("docker plugin", format!("docker plugin install {name}"))],
        Kind::Model => model(description, target, &name),
        Kind::DevContainer => dev_container(description, target, &name),
        Kind::Wasm => wasm(description, &name),
        Kind::TofuProvider | Kind::TofuModule if matches!(target.reference, Reference::Tag(_)) => {
            tofu(description, target, &name)
        }
        Kind::CrossplanePackage if description.is_runnable => [vec![oras()], engines(&name)].concat(),
        _ => own_tool(description, target).into_iter().chain([oras()]).collect(),
    };
    commands.push(fetch(&name));
    commands
}

/// The commands that pull the image of a platform by a reference to its index. Empty for what engines cannot run, and where the name of the
/// platform is not one that they take.
///
/// ```
/// use acr_artifact::{Description, Traits, command};
/// use acr_client_wasm::{MediaType, Reference};
///
/// let image = Description::new(&Traits { media_type: MediaType::OCI_MANIFEST, ..Traits::default() });
/// let reference = Reference::Tag("1.2".parse()?);
/// let target = command::Target { login_server: "contoso.azurecr.io", repository: "app", reference: &reference, subject: None };
/// let commands = command::pulls_of_platform(&image, &target, "linux/arm64/v8");
/// assert_eq!(commands[0].line, "docker pull --platform linux/arm64/v8 contoso.azurecr.io/app:1.2");
/// assert!(command::pulls_of_platform(&image, &target, "linux/arm64 · zstd").is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn pulls_of_platform(description: &Description, target: &Target<'_>, platform: &str) -> Vec<Command> {
    // The version of Windows is not part of it.
    let platform = platform.split(" (").next().unwrap_or_default();
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !description.is_runnable || platform.split('/').count() < 2 || !platform.split('/').all(is_part) {
        return Vec::new();
    }
    let full = target.full();
    let name = quote(&full);
    let line = |tool: &'static str, command: &str| {
        Command::new(tool, format!("{command} --platform {platform} {name}"))
    };
    vec![
        line("docker", "docker pull"),
        line("podman", "podman pull"),
        line("nerdctl", "nerdctl pull"),
        line("oras manifest", "oras manifest fetch"),
    ]
}

/// `oras manifest fetch` works for everything that a registry holds.
fn fetch(name: &str) -> Command {
    Command::new("oras manifest", format!("oras manifest fetch {name}"))
}

fn engines(name: &str) -> Vec<Command> {
    ["docker", "podman", "nerdctl", "crictl"]
        .into_iter()
        .map(|tool| Command::new(tool, format!("{tool} pull {name}")))
        .collect()
}

/// Helm names a chart without its version, and writes `+` as `_` in tags, which cannot hold a plus.
fn helm(target: &Target<'_>) -> Vec<Command> {
    let chart = format!("oci://{}", target.repository());
    let arguments = match target.reference {
        Reference::Tag(tag) => {
            let version = tag.as_str().replace('_', "+");
            format!("{} --version {}", quote(&chart), quote(&version))
        }
        Reference::Digest(digest) => quote(&format!("{chart}@{digest}")).into_owned(),
    };
    vec![
        Command::new("helm", format!("helm pull {arguments}")),
        Command::new("helm show", format!("helm show all {arguments}")),
    ]
}

/// Tools that verify want the name of what was signed, not of the signature.
fn evidence(description: &Description, target: &Target<'_>) -> Vec<Command> {
    let tag = match target.reference {
        Reference::Tag(tag) => Some(tag.as_str()),
        Reference::Digest(_) => None,
    };
    let by_tag = tag.and_then(relation::tag_subject);
    let known = [description.subject.as_deref(), by_tag.as_deref(), target.subject];
    let Some(subject) = known.into_iter().flatten().find(|subject| !subject.is_empty()) else {
        return Vec::new();
    };
    let name = format!("{}@{subject}", target.repository());
    let name = quote(&name);
    let of_cosign = tag.and_then(relation::cosign_tag);
    let is_found = of_cosign.is_some() || description.may_be_of_cosign();
    match description.kind {
        Kind::Signature if description.format == "Notation" => {
            vec![Command::new("notation", format!("notation inspect {name}"))]
        }
        Kind::Signature => vec![
            Command::new("cosign tree", format!("cosign tree {name}")),
            Command::new("cosign", format!("cosign download signature {name}")),
        ],
        Kind::Attestation if description.format == "BuildKit" => {
            vec![Command::new("docker buildx", format!("docker buildx imagetools inspect {name}"))]
        }
        Kind::Sbom if of_cosign.is_some_and(|tag| tag.kind == Kind::Sbom) => {
            vec![Command::new("cosign", format!("cosign download sbom {name}"))]
        }
        // An SBOM may be the predicate of an attestation.
        Kind::Attestation | Kind::Sbom
            if is_found && (description.kind == Kind::Attestation || !description.predicates.is_empty()) =>
        {
            vec![Command::new("cosign", format!("cosign download attestation {name}"))]
        }
        _ => Vec::new(),
    }
}

/// Bicep restores modules from the registry that a file names; there is no command that pulls one.
fn bicep(description: &Description, target: &Target<'_>, name: &str) -> Vec<Command> {
    let oras = Command::new("oras", format!("oras pull {name}"));
    let Reference::Tag(_) = target.reference else { return vec![oras] };
    let module = format!("br:{}", target.full()).replace('\'', r"\'");
    let declaration = match description.format.as_str() {
        "extension" => format!("extension '{module}'"),
        _ => format!("module example '{module}' = {{}}"),
    };
    vec![
        Command::new("bicep", declaration),
        Command::new("az bicep", "az bicep restore --file main.bicep".to_owned()),
        oras,
    ]
}

fn model(description: &Description, target: &Target<'_>, name: &str) -> Vec<Command> {
    let tool = match description.format.as_str() {
        "Ollama" if matches!(target.reference, Reference::Tag(_)) => {
            ("ollama", format!("ollama pull {name}"))
        }
        "KitOps" => ("kit", format!("kit unpack {name}")),
        "Docker Model Runner" => ("docker model", format!("docker model pull {name}")),
        "CNCF ModelPack" => ("modctl", format!("modctl pull {name}")),
        _ => ("oras", format!("oras pull {name}")),
    };
    let mut commands = vec![Command::new(tool.0, tool.1)];
    if tool.0 != "oras" {
        commands.push(Command::new("oras", format!("oras pull {name}")));
    }
    commands
}

fn dev_container(description: &Description, target: &Target<'_>, name: &str) -> Vec<Command> {
    let oras = Command::new("oras", format!("oras pull {name}"));
    let first = match description.format.as_str() {
        "template" => {
            Command::new("devcontainer", format!("devcontainer templates apply --template-id {name}"))
        }
        "collection" => return vec![oras],
        _ => Command::new("devcontainer", format!("devcontainer features info manifest {name}")),
    };
    match target.reference {
        Reference::Tag(_) => vec![first, oras],
        Reference::Digest(_) => vec![oras],
    }
}

fn wasm(description: &Description, name: &str) -> Vec<Command> {
    let oras = Command::new("oras", format!("oras pull {name}"));
    match description.format.as_str() {
        "Spin application" => vec![Command::new("spin", format!("spin registry pull {name}")), oras],
        "wasmCloud" => vec![Command::new("wash", format!("wash pull {name}")), oras],
        _ if description.is_runnable => [vec![oras], engines(name)].concat(),
        _ => vec![Command::new("wkg", format!("wkg oci pull {name}")), oras],
    }
}

/// OpenTofu installs from a registry by its configuration; this is what `source` takes for a module.
fn tofu(description: &Description, target: &Target<'_>, name: &str) -> Vec<Command> {
    let oras = Command::new("oras", format!("oras pull {name}"));
    match (description.content, target.reference) {
        (Kind::TofuModule, Reference::Tag(tag)) => {
            let source = format!("source = \"oci://{}?tag={tag}\"", target.repository());
            vec![Command::new("tofu", source), oras]
        }
        _ => vec![oras],
    }
}

fn own_tool(description: &Description, target: &Target<'_>) -> Option<Command> {
    let full = target.full();
    let oci = format!("oci://{full}");
    let (tool, line) = match description.format.as_str() {
        // Timoni puts the version after the address itself, so it pulls no digest.
        "Timoni module" => {
            let Reference::Tag(tag) = target.reference else { return None };
            let module = format!("oci://{}", target.repository());
            ("timoni", format!("timoni mod pull {} --version {tag} --output .", quote(&module)))
        }
        "Zarf package" => ("zarf", format!("zarf package pull {}", quote(&oci))),
        "Inspektor Gadget" => ("ig", format!("ig image pull {}", quote(&full))),
        _ => return None,
    };
    Some(Command::new(tool, line))
}
