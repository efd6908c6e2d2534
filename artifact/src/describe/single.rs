//! Manifests that are no index.

use acr_client_wasm::{Descriptor, MediaType};

use super::annotated::{by_annotation, refined, sigstore_bundle};
use super::decision::Decision;
use crate::kind::Kind;
use crate::relation;
use crate::traits::Traits;
use crate::types::{self, annotation};

/// What a manifest is that is no index.
pub(super) fn manifest(traits: &Traits<'_>) -> Decision {
    let media_type = MediaType::new(traits.media_type);
    if media_type.is_docker_v1() {
        return Decision::plain(Kind::Image);
    }
    if traits.annotation(annotation::BUILDKIT_TYPE) == Some("attestation-manifest") {
        return Decision { kind: Kind::Attestation, format: "BuildKit".to_owned() };
    }
    if let Some(known) = types::find(traits.media_type) {
        // An entry of a cache's index is a blob and no manifest at all.
        return known.into();
    }
    if media_type.is_layer() {
        return Decision { kind: Kind::Artifact, format: "Layer".to_owned() };
    }
    let stated = traits.stated_type().filter(|stated| !types::is_meaningless(stated));
    if let Some(stated) = stated {
        let known = types::find(stated);
        return match known {
            Some(known) if types::is_sigstore_bundle(stated) => sigstore_bundle(traits, known),
            Some(known) if known.kind == Kind::Image => image(traits, known.into()),
            Some(known) => refined(traits, known.into()),
            None => by_annotation(traits).unwrap_or(Decision::plain(Kind::Artifact)),
        };
    }
    match traits.config_type {
        Some(config) if is_legacy_docker_image(traits, config) => image(traits, Decision::plain(Kind::Image)),
        Some(config) if !types::is_meaningless(config) => match types::find(config) {
            Some(known) if known.kind == Kind::Image => image(traits, known.into()),
            Some(known) => refined(traits, known.into()),
            None => Decision::plain(Kind::Artifact),
        },
        Some(_) => {
            by_layers(traits).or_else(|| by_annotation(traits)).unwrap_or(Decision::plain(Kind::Artifact))
        }
        None => without_config(traits),
    }
}

/// A manifest whose config is missing, or that is known by media type alone, as most entries of an index are.
fn without_config(traits: &Traits<'_>) -> Decision {
    let media_type = MediaType::new(traits.media_type);
    // A type that says nothing still says that it is no image: the referrers API lists an image's config type in its place.
    let states_nothing = traits.stated_type().is_some_and(types::is_meaningless);
    let may_be_image = !states_nothing && (traits.media_type.is_empty() || media_type.is_image_manifest());
    let decision = by_layers(traits).or_else(|| by_annotation(traits));
    match decision {
        Some(decision) => decision,
        None if may_be_image => image(traits, Decision::plain(Kind::Image)),
        None => Decision::plain(Kind::Artifact),
    }
}

/// An image's config says little: cosign, BuildKit, Ollama and others write one too, and only layers or annotations show it.
fn image(traits: &Traits<'_>, image: Decision) -> Decision {
    if let Some(decision) = by_layers(traits).or_else(|| by_annotation(traits)) {
        return decision;
    }
    match traits.platform {
        // Neither the list nor an index says more of BuildKit's attestations than this.
        Some(("unknown", "unknown")) => Decision::plain(Kind::Attestation),
        // Zarf's name for a package for every operating system; no image has it.
        Some(("multi", _)) => Decision { kind: Kind::Artifact, format: "Zarf package".to_owned() },
        _ => image,
    }
}

/// What the layers are where they are no layers of an image.
fn by_layers(traits: &Traits<'_>) -> Option<Decision> {
    let mut decision: Option<Decision> = None;
    for layer in traits.layers {
        if layer.media_type.is_layer() && !layer.media_type.as_str().contains("nydus") {
            return None;
        }
        let known = types::find(layer.media_type.as_str()).filter(|known| known.kind != Kind::Image);
        // Spin puts its own layer after those of plain WebAssembly.
        let is_better = |found: &Decision, known: &types::KnownType| {
            found.kind == known.kind && found.format.is_empty() && !known.format.is_empty()
        };
        let Some(known) = known else { continue };
        if decision.as_ref().is_none_or(|found| is_better(found, known)) {
            let is_bundle = types::is_sigstore_bundle(layer.media_type.as_str());
            decision = Some(if is_bundle { sigstore_bundle(traits, known) } else { known.into() });
        }
    }
    let is_envelope = |kind: &str| traits.layers.iter().any(|layer| layer.media_type.as_str() == kind);
    match decision {
        None if is_envelope("application/jose+json") || is_envelope("application/cose") => {
            Some(Decision { kind: Kind::Signature, format: "Notation".to_owned() })
        }
        other => other.map(|decision| refined(traits, decision)),
    }
}

fn is_legacy_docker_image(traits: &Traits<'_>, config: &str) -> bool {
    let docker_layer = |layer: &Descriptor| layer.media_type.as_str().contains("docker.image.rootfs");
    traits.media_type == MediaType::DOCKER_MANIFEST
        && types::LEGACY_DOCKER_CONFIGS.contains(&types::normalised(config).as_str())
        && (traits.layers.iter().any(docker_layer) || traits.layers.is_empty())
}

/// What a tag of cosign's scheme says that a manifest is.
pub(super) fn named_by_cosign(traits: &Traits<'_>) -> Option<Decision> {
    let kind = traits.tags.iter().find_map(|tag| relation::cosign_tag(tag))?.kind;
    Some(Decision { kind, format: if kind == Kind::Signature { "cosign" } else { "" }.to_owned() })
}

/// Whether it is a sigstore bundle of which neither the content nor the predicate is known, so that it could be a signature or an attestation.
pub(super) fn is_unexplained_bundle(traits: &Traits<'_>) -> bool {
    let known = [annotation::SIGSTORE_CONTENT, annotation::SIGSTORE_PREDICATE];
    traits.stated_type().or(traits.config_type).is_some_and(types::is_sigstore_bundle)
        && known.iter().all(|key| traits.annotation(key).is_none())
}
