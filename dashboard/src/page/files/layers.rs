//! The layers of an image: what the screens that read them are called with.

use acr_artifact::history::{History, StepLayer};
use acr_artifact::types::annotation;
use acr_artifact::{Description, Kind};
use acr_client_wasm::{
    Descriptor, Digest, FsLayer, Manifest, ManifestResult, MediaType, RegistryClient, RepositoryName,
};
use acr_layers_worker::protocol::LayerSource;

/// A layer, and what made it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layer {
    /// As the worker knows it.
    pub(crate) source: LayerSource,
    /// Compressed bytes; 0 where the manifest does not record them, as in schema 1.
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
    /// Where the tables of contents of its layers are.
    pub(crate) soci: SociIndex,
}

/// Where the SOCI index of an image is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SociIndex {
    /// It can have none.
    None,
    /// The image's manifest names its digest (SOCI v2).
    Named(String),
    /// It may be among the referrers of the image (SOCI v1).
    ReferringTo(Digest),
}

impl SociIndex {
    fn of(content: &ManifestResult, is_image: bool) -> Self {
        match (content.manifest.annotations().get(annotation::SOCI_INDEX), &content.manifest) {
            (Some(digest), _) => Self::Named(digest.clone()),
            (None, Manifest::V1(_)) => Self::None,
            (None, _) if is_image => Self::ReferringTo(content.digest.clone()),
            (None, _) => Self::None,
        }
    }
}

impl Layers {
    /// The layers of an image; of an artifact, those of its blobs that are archives.
    pub(crate) fn of(
        client: RegistryClient,
        repository: RepositoryName,
        content: &ManifestResult,
        description: &Description,
    ) -> Self {
        let is_image = description.is_runnable || description.kind == Kind::Image;
        let layers = match &content.manifest {
            // Schema 1 lists the newest first.
            Manifest::V1(manifest) => manifest.fs_layers.iter().rev().map(Layer::from).collect(),
            manifest => {
                let layers = manifest.layers().iter();
                layers.filter(|layer| is_image || is_archive(&layer.media_type)).map(Layer::from).collect()
            }
        };
        Self { client, repository, layers, soci: SociIndex::of(content, is_image) }
    }

    /// The same with the instructions that made them.
    pub(crate) fn with_instructions(mut self, history: &History) -> Self {
        for step in &history.steps {
            if let StepLayer::Layer(position) = step.layer {
                let layer = self.layers.get_mut(position).into_iter();
                layer.for_each(|layer| layer.instruction.clone_from(&step.instruction.text));
            }
        }
        self
    }

    /// The same, to be read completely.
    pub(crate) fn without_tables_of_contents(mut self) -> Self {
        self.layers.iter_mut().for_each(|layer| layer.source.contents = None);
        self.soci = SociIndex::None;
        self
    }
}

impl From<&Descriptor> for Layer {
    fn from(layer: &Descriptor) -> Self {
        let source = LayerSource {
            digest: layer.digest.clone(),
            media_type: layer.media_type.to_string(),
            urls: layer.urls.clone(),
            contents: layer.annotations.get(annotation::ESTARGZ_TOC).cloned(),
        };
        Self { source, size: layer.size.unwrap_or_default(), instruction: String::new() }
    }
}

impl From<&FsLayer> for Layer {
    fn from(layer: &FsLayer) -> Self {
        let source = LayerSource { digest: layer.blob_sum.clone(), ..LayerSource::default() };
        Self { source, size: 0, instruction: String::new() }
    }
}

/// Whether a media type is that of a tar archive, compressed or not.
fn is_archive(media_type: &MediaType) -> bool {
    let text = media_type.as_str().to_ascii_lowercase();
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    media_type.is_layer() || words.any(|word| matches!(word, "tar" | "tgz"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_of_artifacts_are_archives_by_their_media_type() {
        for archive in [
            "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.devcontainers.layer.v1+tar",
        ] {
            assert!(is_archive(&MediaType::new(archive)), "{archive}");
        }
        for other in [
            "application/vnd.cncf.helm.chart.provenance.v1.prov",
            "archive/zip",
            "application/wasm",
            "text/starlark",
            "",
        ] {
            assert!(!is_archive(&MediaType::new(other)), "{other}");
        }
    }
}
