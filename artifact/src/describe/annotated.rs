//! What annotations say that a manifest is, and how they make a kind more precise.

use acr_client_wasm::Descriptor;

use super::decision::{Decision, printable};
use crate::kind::Kind;
use crate::predicate::Predicate;
use crate::traits::Traits;
use crate::types::{self, annotation};

/// What annotations say of manifests that use an image's media types.
pub(super) fn by_annotation(traits: &Traits<'_>) -> Option<Decision> {
    let package = traits.annotation(annotation::GITHUB_PACKAGE);
    let kind = match package {
        Some("homebrew_bottle") => Kind::HomebrewBottle,
        Some(package) if package.starts_with("devcontainer") => return Some(dev_container(package)),
        _ if traits.carries("sh.brew.bottle.digest") => Kind::HomebrewBottle,
        _ if traits.carries("dev.containers.metadata") => Kind::DevContainer,
        _ if traits.carries(annotation::SOCI_LAYER) => {
            // The descriptor of a ztoc has the annotation itself, a SOCI index has it on its layers.
            let format = if traits.layers.is_empty() { "SOCI ztoc" } else { "SOCI" };
            return Some(Decision { kind: Kind::LazyLoadingIndex, format: format.to_owned() });
        }
        _ if traits.carries(annotation::TEKTON_KIND) => Kind::TektonBundle,
        _ if traits.carries(annotation::CROSSPLANE) => Kind::CrossplanePackage,
        _ if traits.annotations.contains_key(annotation::CNAB_RUNTIME) => Kind::CnabBundle,
        _ if traits.annotations.contains_key(annotation::WASM_VARIANT) => Kind::Wasm,
        _ => return None,
    };
    Some(Decision::plain(kind))
}

pub(super) fn dev_container(package: &str) -> Decision {
    let format = package.trim_start_matches("devcontainer").trim_start_matches(['_', '-']);
    Decision { kind: Kind::DevContainer, format: printable(format) }
}

/// Makes a kind more precise by what else the manifest says.
pub(super) fn refined(traits: &Traits<'_>, decision: Decision) -> Decision {
    match decision.kind {
        Kind::DevContainer if decision.format.is_empty() => {
            let collection = |layer: &Descriptor| layer.media_type.as_str().contains("collection");
            let package = traits.annotation(annotation::GITHUB_PACKAGE);
            match package {
                Some(package) if package.starts_with("devcontainer") => dev_container(package),
                _ if traits.layers.iter().any(collection) => dev_container("devcontainer_collection"),
                _ => decision,
            }
        }
        Kind::Attestation if decision.format != "BuildKit" => by_predicate(traits).unwrap_or(decision),
        Kind::HelmChart => {
            let signed = traits.layers.iter().any(|layer| layer.media_type.as_str().contains("provenance"));
            Decision { format: if signed { "with provenance" } else { "" }.to_owned(), ..decision }
        }
        _ => decision,
    }
}

/// What the predicates of an attestation make it: that of the manifest, else those of the layers where they agree.
pub(super) fn by_predicate(traits: &Traits<'_>) -> Option<Decision> {
    let own = traits.annotation(annotation::IN_TOTO_PREDICATE).map(Predicate::new);
    let keys = [annotation::IN_TOTO_PREDICATE, annotation::COSIGN_PREDICATE];
    let on_layers =
        traits.layers.iter().filter_map(|layer| keys.iter().find_map(|key| layer.annotations.get(*key)));
    let mut on_layers = on_layers.filter(|uri| !uri.is_empty()).map(|uri| Predicate::new(uri));
    let predicate = own.or_else(|| on_layers.next())?;
    let agree = on_layers.all(|other| other.kind == predicate.kind);
    agree.then_some(Decision { kind: predicate.kind, format: predicate.name })
}

/// Signatures and attestations share an artifact type since bundle v0.3; annotations distinguish them.
pub(super) fn sigstore_bundle(traits: &Traits<'_>, known: &types::KnownType) -> Decision {
    match traits.annotation(annotation::SIGSTORE_PREDICATE).map(Predicate::new) {
        Some(predicate) => Decision { kind: predicate.kind, format: predicate.name },
        None if traits.annotation(annotation::SIGSTORE_CONTENT) == Some("dsse-envelope") => {
            Decision { kind: Kind::Attestation, format: known.format.to_owned() }
        }
        None => known.into(),
    }
}

pub(super) fn predicates(traits: &Traits<'_>) -> Vec<String> {
    let keys = [annotation::SIGSTORE_PREDICATE, annotation::IN_TOTO_PREDICATE, annotation::COSIGN_PREDICATE];
    let layers = traits.layers.iter().map(|layer| &layer.annotations);
    let mut names: Vec<String> = Vec::new();
    for annotations in std::iter::once(traits.annotations).chain(layers) {
        let value = keys.iter().find_map(|key| annotations.get(*key)).filter(|value| !value.is_empty());
        let Some(value) = value else { continue };
        let name = printable(&Predicate::new(value).name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
