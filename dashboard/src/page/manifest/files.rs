//! The files of an image: hands the layers and what made them to the screen that reads them.

use acr_artifact::history::History;
use leptos::prelude::*;

use super::data::ManifestData;
use super::history::history;
use crate::component::skeleton::Skeleton;
use crate::lazy::lazy;
use crate::page::files::{FILES, Layers};
use crate::query::Load;

/// The tab.
#[component]
pub(crate) fn FilesTab() -> impl IntoView {
    let data: ManifestData = expect_context();
    let config = data.config();
    move || match config.get() {
        Load::Loading => view! { <Skeleton lines=8/> }.into_any(),
        // Without a config the layers have no instructions, and no more than that.
        Load::Failed(_) => files(data, &History::default()),
        Load::Ready(bytes) => files(data, &history(data, bytes.as_deref()).unwrap_or_default()),
    }
}

fn files(data: ManifestData, history: &History) -> AnyView {
    let Some(content) = untrack(|| data.content.ready()) else { return ().into_any() };
    let layers = Layers::of(data.session().client, data.repository(), &content, &data.description());
    let layers = StoredValue::new_local(layers.with_instructions(history));
    lazy(FILES, move |view| view(layers.get_value()))
}
