//! What to type in a shell for what the page shows: pulling, and the same actions in `az acr`. Pure.

use acr_client_wasm::Reference;

use crate::artifact::Kind;

/// One thing to type, and what types it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// The tool, or what the command does.
    pub(crate) name: &'static str,
    /// The whole line.
    pub(crate) line: String,
}

/// An image's full name without tag or digest: `contoso.azurecr.io/team/app`.
fn image(login_server: &str, repository: &str) -> String {
    format!("{login_server}/{repository}")
}

/// How a reference is put after a repository: `:1.2`, `@sha256:…`.
pub(crate) fn suffix(reference: &Reference) -> String {
    match reference {
        Reference::Tag(tag) => format!(":{tag}"),
        Reference::Digest(digest) => format!("@{digest}"),
    }
}

/// The tools that can pull this kind of thing.
pub(crate) fn pulls(kind: Kind, login_server: &str, repository: &str, reference: &Reference) -> Vec<Command> {
    let whole = format!("{}{}", image(login_server, repository), suffix(reference));
    let command = |name: &'static str, line: String| Command { name, line };
    match kind {
        Kind::Image | Kind::Index => vec![
            command("docker", format!("docker pull {whole}")),
            command("podman", format!("podman pull {whole}")),
            command("nerdctl", format!("nerdctl pull {whole}")),
            command("crictl", format!("crictl pull {whole}")),
        ],
        Kind::HelmChart => {
            let base = format!("oci://{}", image(login_server, repository));
            let line = match reference {
                Reference::Tag(tag) => {
                    format!("helm pull {base} --version {}", tag.as_str().replace('_', "+"))
                }
                Reference::Digest(digest) => format!("helm pull {base}@{digest}"),
            };
            vec![command("helm", line), command("oras", format!("oras pull {whole}"))]
        }
        _ => vec![
            command("oras", format!("oras pull {whole}")),
            command("oras manifest", format!("oras manifest fetch {whole}")),
        ],
    }
}

/// The name `az acr` takes for a registry.
fn registry(login_server: &str) -> &str {
    login_server.split_once('.').map_or(login_server, |(name, _)| name)
}

/// The screen's questions and actions in `az acr`.
pub(crate) fn az(login_server: &str, repository: &str, reference: &Reference) -> Vec<Command> {
    let registry = registry(login_server);
    let image = format!("{repository}{}", suffix(reference));
    let command = |name: &'static str, line: String| Command { name, line };
    let mut all = vec![
        command("Show", format!("az acr repository show --name {registry} --image {image}")),
        command("Show the manifest", format!("az acr manifest show --registry {registry} --name {image}")),
        command("Lock", lock(registry, &image, true)),
        command("Unlock", lock(registry, &image, false)),
    ];
    if matches!(reference, Reference::Tag(_)) {
        all.push(command(
            "Untag",
            untag(login_server, repository, suffix(reference).trim_start_matches(':')),
        ));
    }
    all.push(command("Delete", delete(login_server, repository, reference)));
    all
}

fn lock(registry: &str, image: &str, lock: bool) -> String {
    let enabled = !lock;
    format!(
        "az acr repository update --name {registry} --image {image} --write-enabled {enabled} --delete-enabled {enabled}"
    )
}

/// Untag in `az acr`.
pub(crate) fn untag(login_server: &str, repository: &str, tag: &str) -> String {
    format!("az acr repository untag --name {} --image {repository}:{tag}", registry(login_server))
}

/// Delete of a manifest in `az acr`.
pub(crate) fn delete(login_server: &str, repository: &str, reference: &Reference) -> String {
    format!(
        "az acr repository delete --name {} --image {repository}{} --yes",
        registry(login_server),
        suffix(reference)
    )
}

/// Delete of a repository in `az acr`.
pub(crate) fn delete_repository(login_server: &str, repository: &str) -> String {
    format!("az acr repository delete --name {} --repository {repository} --yes", registry(login_server))
}

/// Lock or unlock in `az acr`.
pub(crate) fn set_lock(login_server: &str, repository: &str, reference: &Reference, locked: bool) -> String {
    lock(registry(login_server), &format!("{repository}{}", suffix(reference)), locked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Reference {
        Reference::Tag(text.parse().unwrap())
    }

    #[test]
    fn images_are_pulled_by_engines_and_charts_by_helm() {
        let images = pulls(Kind::Image, "contoso.azurecr.io", "team/app", &tag("1.2"));
        assert_eq!(images[0].line, "docker pull contoso.azurecr.io/team/app:1.2");
        let charts = pulls(Kind::HelmChart, "contoso.azurecr.io", "charts/app", &tag("1.0_build"));
        assert_eq!(charts[0].line, "helm pull oci://contoso.azurecr.io/charts/app --version 1.0+build");
        let artifacts = pulls(Kind::Sbom, "contoso.azurecr.io", "app", &tag("x"));
        assert!(artifacts.iter().all(|command| command.line.starts_with("oras ")));
    }

    #[test]
    fn untag_is_offered_for_tags_only() {
        let digest: Reference = Reference::Digest(format!("sha256:{}", "0".repeat(64)).parse().unwrap());
        assert!(
            az("contoso.azurecr.io", "app", &tag("1"))
                .iter()
                .any(|c| c.line == "az acr repository untag --name contoso --image app:1")
        );
        assert!(az("contoso.azurecr.io", "app", &digest).iter().all(|c| c.name != "Untag"));
    }
}
