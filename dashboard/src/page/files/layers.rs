//! The layers of an image: what the screens that read them are called with.

use acr_client_wasm::{RegistryClient, RepositoryName};
use acr_layers_worker::protocol::LayerSource;

/// A layer, and what made it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layer {
    /// As the worker knows it.
    pub(crate) source: LayerSource,
    /// Compressed bytes.
    pub(crate) size: u64,
    /// The instruction of the build; empty where it is not known.
    pub(crate) instruction: String,
}

/// Where the layers of an image are.
#[derive(Clone)]
pub(crate) struct Layers {
    pub(crate) client: RegistryClient,
    pub(crate) repository: RepositoryName,
    /// The lowest first.
    pub(crate) layers: Vec<Layer>,
}
