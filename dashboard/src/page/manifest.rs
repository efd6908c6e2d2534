//! One manifest.

use acr_client_wasm::{Reference, RepositoryName};
use leptos::prelude::*;

/// The screen.
#[component]
pub(crate) fn ManifestScreen(repository: RepositoryName, reference: Reference) -> impl IntoView {
    let _ = (repository, reference);
}
