//! Where what Storage shows comes from, and where its links lead accordingly.

use acr_client_wasm::{Reference, RepositoryName};
use acr_inventory::{Graph, ManifestId};

use super::rows::Part;
use crate::analysis::{Analysis, SharedInventory};
use crate::route::{NAMESPACE, REPOSITORY, Route};

/// The present, or a snapshot. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    /// What was read.
    pub(super) inventory: SharedInventory,
    /// What reads it; `None` for a snapshot.
    pub(super) analysis: Option<Analysis>,
}

impl Origin {
    /// What an analysis reads.
    pub(super) fn present(analysis: Analysis) -> Self {
        Self { inventory: analysis.inventory, analysis: Some(analysis) }
    }

    /// What a file contains.
    pub(super) fn snapshot(inventory: SharedInventory) -> Self {
        Self { inventory, analysis: None }
    }

    /// Where a row leads; `None` where only the registry itself could answer, of which a snapshot asks nothing. A name that no repository can
    /// have, as a registry may list it, leads to the screen itself.
    pub(super) fn route(self, registry: &str, part: &Part) -> Option<Route> {
        let storage = Route::storage(registry);
        match (self.analysis, part) {
            (_, Part::Namespace(name)) => Some(storage.with(NAMESPACE, name)),
            (None, Part::Repository(name)) => Some(storage.with(REPOSITORY, name)),
            (None, Part::Tag { .. } | Part::Untagged { .. }) => None,
            (Some(_), part) => Some(present(registry, part).unwrap_or(storage)),
        }
    }

    /// Where a manifest is shown, likewise.
    pub(super) fn manifest_route(self, registry: &str, graph: Graph<'_>, id: ManifestId) -> Option<Route> {
        self.analysis.and_then(|_| manifest(registry, graph, id))
    }
}

fn present(registry: &str, part: &Part) -> Option<Route> {
    let repository = |name: &str| Some(Route::repository(registry, &name.parse().ok()?));
    match part {
        Part::Namespace(name) => Some(Route::storage(registry).with(NAMESPACE, name)),
        Part::Repository(name) => Some(repository(name)?.with("tab", "storage")),
        Part::Tag { repository, tag } => {
            let (repository, tag) = (repository.parse().ok()?, tag.parse().ok()?);
            Some(Route::manifest(registry, &repository, Reference::Tag(tag)))
        }
        Part::Untagged { repository: name } => {
            Some(repository(name)?.with("tab", "manifests").with("show", "untagged"))
        }
    }
}

fn manifest(registry: &str, graph: Graph<'_>, id: ManifestId) -> Option<Route> {
    let inventory = graph.inventory();
    let repository: RepositoryName =
        inventory.repository_name(inventory.manifest_repository(id)?).parse().ok()?;
    let digest = inventory.digest_text(inventory.manifest_digest(id)?).parse().ok()?;
    Some(Route::manifest(registry, &repository, Reference::Digest(digest)))
}
