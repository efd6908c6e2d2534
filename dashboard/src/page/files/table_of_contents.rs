//! Lists a layer without reading it: from the eStargz table of contents at its end, or from the ztoc that the image's SOCI index has for it.

use acr_artifact::types::annotation;
use acr_client_wasm::{Descriptor, Digest, Reference};
use acr_layers_worker::protocol::{LayerSummary, Reply, Request};

use super::layers::{Layer, Layers, SociIndex};
use super::reader::{Reader, Ztocs};

/// How many bytes at the end of a layer name the place of its eStargz table of contents.
const FOOTER: u64 = 51;
/// Bytes of the largest table of contents that is fetched, as it is stored.
const LARGEST: u64 = 32 << 20;
/// The artifact type of a SOCI index that refers to its image.
const SOCI: &str = "application/vnd.amazon.soci.index.v1+json";

/// Lists a layer. `None` where it has no table of contents, or none that can be used: then it has to be read.
pub(super) async fn list(reader: &Reader, layer: &Layer) -> Option<LayerSummary> {
    match layer.source.contents {
        Some(_) => estargz(reader, layer).await,
        None => soci(reader, layer).await,
    }
}

async fn estargz(reader: &Reader, layer: &Layer) -> Option<LayerSummary> {
    let digest: Digest = layer.source.digest.parse().ok()?;
    let (blobs, repository) = (reader.layers.client.blobs(), &reader.layers.repository);
    let (footer, last) = (layer.size.checked_sub(FOOTER)?, layer.size.checked_sub(1)?);
    let footer = blobs.get_chunk(repository, &digest, footer, last).await.ok()?;
    let (Reply::Offset(offset), _) = reader.send(&Request::FindContents, Some(&footer)).await else {
        return None;
    };
    layer.size.checked_sub(offset).filter(|size| (1..=LARGEST).contains(size))?;
    let table = blobs.get_chunk(repository, &digest, offset, last).await.ok()?;
    match reader.send(&Request::ReadContents(layer.source.clone(), offset), Some(&table)).await.0 {
        Reply::Layer(summary) => Some(summary),
        _ => None,
    }
}

async fn soci(reader: &Reader, layer: &Layer) -> Option<LayerSummary> {
    if reader.ztocs.get().is_none() {
        // Layers are read one after the other, so the index is asked for once.
        let _ = reader.ztocs.set(ztocs(&reader.layers).await.unwrap_or_default());
    }
    let ztoc: Digest = reader.ztocs.get()?.get(&layer.source.digest)?.digest.parse().ok()?;
    let layers = &reader.layers;
    let bytes = layers.client.blobs().get_bytes(&layers.repository, &ztoc, LARGEST).await.ok()?;
    match reader.send(&Request::ReadZtoc(layer.source.clone(), layer.size), Some(&bytes)).await.0 {
        Reply::Layer(summary) => Some(summary),
        _ => None,
    }
}

/// Reads the image's SOCI index; `None` where it has none that can be read.
async fn ztocs(layers: &Layers) -> Option<Ztocs> {
    let (manifests, repository) = (layers.client.manifests(), &layers.repository);
    let index: Digest = match &layers.soci {
        SociIndex::None => return None,
        SociIndex::Named(digest) => digest.parse().ok()?,
        SociIndex::ReferringTo(image) => {
            let page = manifests.referrers(repository, image, Some(SOCI)).next_page().await.ok()??;
            page.items.into_iter().next()?.digest.parse().ok()?
        }
    };
    let index = manifests.get(repository, &Reference::Digest(index)).await.ok()?;
    Some(by_layer(index.manifest.layers()))
}

fn by_layer(ztocs: &[Descriptor]) -> Ztocs {
    let layer =
        |ztoc: &Descriptor| Some((ztoc.annotations.get(annotation::SOCI_LAYER)?.clone(), ztoc.clone()));
    ztocs.iter().filter_map(layer).collect()
}
