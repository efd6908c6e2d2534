//! The layers of an image or artifact, their sizes as proportional bars.

use acr_artifact::relation;
use acr_client_wasm::{Descriptor, Manifest};
use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::copy_button::CopyButton;
use crate::component::digest::DigestText;
use crate::component::empty_state::EmptyState;
use crate::component::facts::{Fact, Facts};
use crate::component::layer_bars::{LayerBar, LayerStrip};
use crate::component::plain_table::PlainTable;
use crate::format;
use crate::navigation::use_navigation;
use crate::text::manifest as text;

/// One layer as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layer {
    digest: String,
    /// In bytes; `None` where the manifest records none, as in schema 1.
    pub(super) size: Option<u64>,
    media_type: String,
    title: Option<String>,
    urls: Vec<String>,
}

impl From<&Descriptor> for Layer {
    fn from(layer: &Descriptor) -> Self {
        Self {
            digest: layer.digest.clone(),
            size: layer.size,
            media_type: layer.media_type.to_string(),
            title: layer.annotations.get("org.opencontainers.image.title").cloned(),
            urls: layer.urls.clone(),
        }
    }
}

/// The layers of an image, the lowest first; the blobs of an artifact and of a build cache.
pub(super) fn layers_of(manifest: &Manifest) -> Vec<Layer> {
    match manifest {
        // Schema 1 names the newest first; every other schema, and this table, the oldest.
        Manifest::V1(v1) => {
            let layer = |layer: &acr_client_wasm::FsLayer| Layer {
                digest: layer.blob_sum.clone(),
                size: None,
                media_type: String::new(),
                title: None,
                urls: Vec::new(),
            };
            v1.fs_layers.iter().rev().map(layer).collect()
        }
        Manifest::Unknown(_) | Manifest::List(_) | Manifest::Index(_) => {
            relation::blobs(manifest).iter().map(Layer::from).collect()
        }
        other => other.layers().iter().map(Layer::from).collect(),
    }
}

/// How many layers there are, and how large they are together: at least, where some do not state their size.
pub(super) fn total_line(layers: &[Layer]) -> String {
    let total = layers.iter().filter_map(|layer| layer.size).reduce(u64::saturating_add).map(format::size);
    let total = match total {
        None => text::SIZE_UNKNOWN.to_owned(),
        Some(total) if layers.iter().any(|layer| layer.size.is_none()) => text::at_least(&total),
        Some(total) => total,
    };
    text::layer_total(layers.len(), &total)
}

/// The tab.
#[component]
pub(crate) fn Layers() -> impl IntoView {
    let navigation = use_navigation();
    let data: ManifestData = expect_context();
    let Some(content) = untrack(|| data.content.ready()) else { return ().into_any() };
    let layers = layers_of(&content.manifest);
    if layers.is_empty() {
        return view! { <EmptyState title=text::NO_LAYERS hint=text::NO_LAYERS_HINT/> }.into_any();
    }
    let sizes: Vec<u64> = layers.iter().filter_map(|layer| layer.size).collect();
    let total = sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(*size));
    let largest = sizes.iter().copied().max().unwrap_or(0);
    let line = total_line(&layers);
    let (count, known) = (layers.len(), StoredValue::new(layers));
    let chosen = Memo::new(move |_| {
        let digest = navigation.param("layer");
        known.with_value(|layers| layers.iter().find(|layer| layer.digest == digest).cloned())
    });
    let row = Callback::new(move |position: usize| {
        let layer = known.with_value(|layers| layers.get(position).cloned());
        layer.map(|layer| view! { <Row position layer total largest/> }).into_any()
    });
    let heads = vec![
        (text::NUMBER, "c-layer"),
        (text::SIZE_SHORT, "c-number"),
        (text::SHARE, "c-bar"),
        (text::DIGEST, "c-digest c-wide"),
        (text::MEDIA_TYPE, "c-media c-wide"),
    ];
    view! {
        {(!sizes.is_empty()).then(|| view! { <LayerStrip sizes/> })}
        <p class="completeness">{line}</p>
        {move || chosen.get().map(|layer| view! { <Chosen layer/> })}
        <PlainTable name=text::LAYERS heads count row/>
    }
    .into_any()
}

#[component]
fn Row(position: usize, layer: Layer, total: u64, largest: u64) -> impl IntoView {
    let data: ManifestData = expect_context();
    let navigation = use_navigation();
    let route = data.route(data.session().registry()).with("tab", "layers").with("layer", &layer.digest);
    let href = navigation.href(&route);
    let name = layer.title.clone().unwrap_or_else(|| text::layer_number(position + 1));
    let size = layer.size;
    view! {
        <tr class="row">
            <th scope="row" class="c-layer">
                <a class="row-link" href=href title=layer.digest.clone()>
                    <span class="ellipsis">{name}</span>
                </a>
            </th>
            <td class="c-number">
                {match size {
                    Some(size) => view! { <span title=format::bytes(size)>{format::size(size)}</span> }.into_any(),
                    None => view! { <span class="muted" title=text::NO_SIZE>{text::UNKNOWN}</span> }.into_any(),
                }}
            </td>
            <td class="c-bar">
                {size
                    .map(|size| {
                        view! {
                            <LayerBar position size largest/>
                            <span class="muted">{format!("{:.0} %", format::percent(size, total))}</span>
                        }
                    })}
            </td>
            <td class="c-digest c-wide"><DigestText digest=layer.digest/></td>
            <td class="c-media c-wide" title=layer.media_type.clone()>{layer.media_type.clone()}</td>
        </tr>
    }
}

/// All that is known of the layer chosen.
#[component]
fn Chosen(layer: Layer) -> impl IntoView {
    view! {
        <section class="chosen">
            <Facts>
                <Fact name=text::DIGEST>
                    <code class="whole">{layer.digest.clone()}</code>
                    <CopyButton value=layer.digest name=text::COPY_DIGEST/>
                </Fact>
                <Fact name=text::MEDIA_TYPE>{layer.media_type}</Fact>
                <Fact name=text::SIZE>{layer.size.map_or_else(|| text::NO_SIZE.to_owned(), format::bytes)}</Fact>
                {layer
                    .urls
                    .into_iter()
                    .map(|url| view! { <Fact name="URL"><crate::component::outside_link::OutsideLink url/></Fact> })
                    .collect_view()}
            </Facts>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(size: Option<u64>) -> Layer {
        Layer { digest: String::new(), size, media_type: String::new(), title: None, urls: Vec::new() }
    }

    #[test]
    fn the_blobs_of_a_build_cache_are_its_layers() {
        let json = br#"{"schemaVersion":2,"manifests":[
            {"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:1","size":5},
            {"mediaType":"application/vnd.buildkit.cacheconfig.v0","digest":"sha256:2","size":7}]}"#;
        let media_type = acr_client_wasm::MediaType::new("application/vnd.oci.image.index.v1+json");
        let layers = layers_of(&Manifest::from_slice(json, &media_type).unwrap());
        assert_eq!(total_line(&layers).replace('\u{a0}', " "), "2 layers, 12 B");
    }

    #[test]
    fn a_total_that_no_layer_states_is_unknown_and_not_nothing() {
        assert_eq!(total_line(&[layer(None), layer(None)]), "2 layers, size unknown");
        assert_eq!(total_line(&[layer(Some(0))]), format!("1 layer, {}", format::size(0)));
        let some = total_line(&[layer(Some(5)), layer(None)]);
        assert_eq!(some, format!("2 layers, at least {}", format::size(5)));
    }
}
