//! The files of an image: hands the layers and what made them to the screen that reads them.

use acr_artifact::config::ReadConfig;
use acr_artifact::history::{History, StepLayer};
use acr_artifact::types::annotation;
use acr_layers_worker::protocol::LayerSource;
use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::skeleton::Skeleton;
use crate::lazy::lazy;
use crate::page::files::{FILES, Layer, Layers};
use crate::query::Load;

/// The tab.
#[component]
pub(crate) fn FilesTab() -> impl IntoView {
    let data: ManifestData = expect_context();
    let config = data.config();
    move || match config.get() {
        Load::Loading => view! { <Skeleton lines=8/> }.into_any(),
        // Without a config the layers have no instructions, and no more than that.
        Load::Failed(_) | Load::Ready(None) => files(data, None),
        Load::Ready(Some(bytes)) => files(data, ReadConfig::from_slice(&bytes).ok()),
    }
}

fn files(data: ManifestData, config: Option<ReadConfig>) -> AnyView {
    let session = data.session();
    let layers = untrack(|| data.content.ready()).map(|content| content.manifest.layers().to_vec());
    let layers = layers.unwrap_or_default();
    let mut instructions = vec![String::new(); layers.len()];
    let history = config.map(|config| History::new(&config, layers.len())).unwrap_or_default();
    for step in history.steps {
        if let StepLayer::Layer(position) = step.layer {
            instructions.get_mut(position).into_iter().for_each(|it| it.clone_from(&step.instruction.text));
        }
    }
    let layers = layers.into_iter().zip(instructions).map(|(layer, instruction)| Layer {
        source: LayerSource {
            digest: layer.digest,
            media_type: layer.media_type.to_string(),
            urls: layer.urls,
            contents: layer.annotations.get(annotation::ESTARGZ_TOC).cloned(),
        },
        size: layer.size,
        instruction,
    });
    let layers = Layers { client: session.client, repository: data.repository(), layers: layers.collect() };
    let layers = StoredValue::new_local(layers);
    lazy(FILES, move |view| view(layers.get_value()))
}
