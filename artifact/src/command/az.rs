//! The same actions in `az acr`. Each function returns none where the login server is not one of Azure Container Registry.

use acr_client_wasm::Reference;

use super::quote::quote;
use super::registry::{Cloud, registry_name};
use super::target::{Command, Target, suffix};

/// Every `az acr` command for a manifest or a tag, the harmless ones first. Empty where `az` does not know the registry.
#[must_use]
pub fn az(target: &Target<'_>) -> Vec<Command> {
    let mut all = Vec::new();
    if let Some(cloud) = Cloud::of(target.login_server).name() {
        all.push(Command::new("Select the cloud", format!("az cloud set --name {cloud}")));
    }
    let Target { login_server, repository, reference, .. } = *target;
    let untagged = match reference {
        Reference::Tag(tag) => untag(login_server, repository, tag.as_str()),
        Reference::Digest(_) => None,
    };
    let lines = [
        ("Sign in", login(login_server)),
        ("Show", show(login_server, repository, reference)),
        ("Show the manifest", show_manifest(login_server, repository, reference)),
        ("List referrers", list_referrers(login_server, repository, reference)),
        ("Lock", lock(login_server, repository, reference, true)),
        ("Unlock", lock(login_server, repository, reference, false)),
        ("Untag", untagged),
        ("Delete", delete(login_server, repository, reference)),
    ];
    let before = all.len();
    all.extend(lines.into_iter().filter_map(|(name, line)| Some(Command::new(name, line?))));
    if all.len() == before { Vec::new() } else { all }
}

fn image(repository: &str, reference: &Reference) -> String {
    quote(&format!("{repository}{}", suffix(reference))).into_owned()
}

/// Sign in to the registry.
#[must_use]
pub fn login(login_server: &str) -> Option<String> {
    Some(format!("az acr login --name {}", registry_name(login_server)?))
}

/// Show the attributes of a tag or a manifest.
#[must_use]
pub fn show(login_server: &str, repository: &str, reference: &Reference) -> Option<String> {
    let (name, image) = (registry_name(login_server)?, image(repository, reference));
    Some(format!("az acr repository show --name {name} --image {image}"))
}

/// Show the attributes of a repository.
#[must_use]
pub fn show_repository(login_server: &str, repository: &str) -> Option<String> {
    let name = registry_name(login_server)?;
    Some(format!("az acr repository show --name {name} --repository {}", quote(repository)))
}

/// Show the document of a manifest.
#[must_use]
pub fn show_manifest(login_server: &str, repository: &str, reference: &Reference) -> Option<String> {
    let (name, image) = (registry_name(login_server)?, image(repository, reference));
    Some(format!("az acr manifest show --registry {name} --name {image}"))
}

/// List what refers to a manifest.
#[must_use]
pub fn list_referrers(login_server: &str, repository: &str, reference: &Reference) -> Option<String> {
    let (name, image) = (registry_name(login_server)?, image(repository, reference));
    Some(format!("az acr manifest list-referrers --registry {name} --name {image}"))
}

/// Lock or unlock a tag or a manifest: writing and deleting.
#[must_use]
pub fn lock(login_server: &str, repository: &str, reference: &Reference, locked: bool) -> Option<String> {
    let (name, image) = (registry_name(login_server)?, image(repository, reference));
    let enabled = !locked;
    Some(format!(
        "az acr repository update --name {name} --image {image} --write-enabled {enabled} --delete-enabled {enabled}"
    ))
}

/// Remove a tag; the manifest stays.
#[must_use]
pub fn untag(login_server: &str, repository: &str, tag: &str) -> Option<String> {
    let image = format!("{repository}:{tag}");
    Some(format!("az acr repository untag --name {} --image {}", registry_name(login_server)?, quote(&image)))
}

/// Delete a manifest with every tag on it.
#[must_use]
pub fn delete(login_server: &str, repository: &str, reference: &Reference) -> Option<String> {
    let (name, image) = (registry_name(login_server)?, image(repository, reference));
    Some(format!("az acr repository delete --name {name} --image {image} --yes"))
}

/// Delete a repository with everything in it.
#[must_use]
pub fn delete_repository(login_server: &str, repository: &str) -> Option<String> {
    let name = registry_name(login_server)?;
    Some(format!("az acr repository delete --name {name} --repository {} --yes", quote(repository)))
}
