//! How an image's layers can differ from ordinary ones of the same content.

use crate::traits::Traits;
use crate::types::annotation;

/// A form of an image for a runtime that loads it in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Variant {
    /// eStargz: gzip layers with a table of contents.
    EStargz,
    /// zstd:chunked: zstd layers with a table of contents.
    ZstdChunked,
    /// Layers compressed with zstd.
    Zstd,
    /// Nydus (RAFS).
    Nydus,
    /// overlaybd, which ACR's artifact streaming writes.
    Overlaybd,
    /// An image with a SOCI index (SOCI v2).
    Soci,
}

impl Variant {
    /// The name, as the format's own project writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EStargz => "eStargz",
            Self::ZstdChunked => "zstd:chunked",
            Self::Zstd => "zstd",
            Self::Nydus => "Nydus",
            Self::Overlaybd => "overlaybd",
            Self::Soci => "SOCI",
        }
    }

    /// All that apply, each once.
    pub(crate) fn all_of(traits: &Traits<'_>) -> Vec<Self> {
        let layer = |part: &str| traits.layers.iter().any(|layer| layer.media_type.as_str().contains(part));
        let feature = |part: &str| traits.os_features.iter().any(|feature| feature.contains(part));
        let stated =
            |part: &str| traits.stated_type().or(traits.config_type).is_some_and(|it| it.contains(part));
        let nydus = feature("nydus")
            || stated("nydus.image")
            || layer("nydus")
            || traits.carries(annotation::NYDUS_BOOTSTRAP)
            || traits.carries(annotation::NYDUS_BLOB);
        let chunked = traits.carries(annotation::ZSTD_CHUNKED);
        let zstd = !chunked && (layer("+zstd") || traits.annotations.contains_key(annotation::ZSTD));
        [
            (Self::EStargz, traits.carries(annotation::ESTARGZ_TOC)),
            (Self::ZstdChunked, chunked),
            (Self::Zstd, zstd),
            (Self::Nydus, nydus),
            (Self::Overlaybd, feature("overlaybd") || traits.carries(annotation::OVERLAYBD)),
            (Self::Soci, traits.annotations.contains_key(annotation::SOCI_INDEX)),
        ]
        .into_iter()
        .filter_map(|(variant, applies)| applies.then_some(variant))
        .collect()
    }
}
