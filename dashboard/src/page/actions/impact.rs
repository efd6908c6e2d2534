//! What else goes and what stays, asked of the registry before one manifest is deleted.

use acr_client_wasm::{
    Digest, ManifestListOptions, Order, Reference, RegistryClient, RepositoryName, TagListOptions,
};

use crate::artifact::Kind;
use crate::page::repository::rows::ManifestRow;
use crate::session::PAGE;
use crate::text::action as text;

/// How many indexes of the repository are asked whether they refer to the manifest.
const INDEXES: usize = 25;

/// What the dialog says of one manifest's deletion, a sentence a line.
pub(crate) async fn of_delete(
    client: &RegistryClient,
    name: &RepositoryName,
    digest: &Digest,
) -> Vec<String> {
    let mut lines = Vec::new();
    // A question that is not answered is left out: the dialog then says less, and nothing wrong.
    let mut options = TagListOptions::default();
    (options.digest, options.n) = (Some(digest.clone()), Some(PAGE));
    if let Ok(Some(page)) = client.tags().list(name, options).next_page().await {
        let tags: Vec<_> = page.items.into_iter().map(|tag| tag.name).collect();
        lines.push(if tags.is_empty() { text::NO_TAGS_GO.to_owned() } else { text::tags_go(&tags) });
    }
    if let Ok(Some(page)) = client.manifests().referrers(name, digest, None).next_page().await {
        let kinds: Vec<_> = page
            .items
            .iter()
            .map(|one| one.artifact_type.as_deref().and_then(Kind::of_type).unwrap_or(Kind::Artifact).name())
            .collect();
        if !kinds.is_empty() {
            lines.push(text::referrers_orphaned(&kinds));
        }
    }
    if let Ok(attributes) = client.manifests().attributes(name, &Reference::Digest(digest.clone())).await {
        let children = attributes.manifest.references.len();
        if children > 0 {
            lines.push(text::children_stay(children));
        }
    }
    lines.extend(parents(client, name, digest).await.iter().map(|parent| text::child_of(parent)));
    lines
}

/// The live indexes that refer to the manifest, by tag where they have one.
async fn parents(client: &RegistryClient, name: &RepositoryName, digest: &Digest) -> Vec<String> {
    let mut options = ManifestListOptions::default();
    (options.n, options.order) = (Some(PAGE), Some(Order::TimeDescending));
    let Ok(Some(page)) = client.manifests().list(name, options).next_page().await else { return Vec::new() };
    let indexes = page.items.into_iter().map(ManifestRow::from).filter(|row| row.kind == Kind::Index);
    let mut found = Vec::new();
    for row in indexes.filter(|row| *row.digest != *digest.as_str()).take(INDEXES) {
        let Ok(parent) = row.digest.parse::<Digest>() else { continue };
        let Ok(answer) = client.manifests().attributes(name, &Reference::Digest(parent.clone())).await else {
            continue;
        };
        if answer.manifest.references.iter().any(|child| child.digest == digest.as_str()) {
            found.push(row.tags.first().cloned().unwrap_or_else(|| parent.short()));
        }
    }
    found
}
