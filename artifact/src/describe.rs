//! Decides what a manifest is. One decision for documents, rows and entries, so that a thing has the same kind on every screen.

use acr_client_wasm::{Descriptor, Manifest, ManifestAttributesBase, MediaType};

use crate::kind::Kind;
use crate::predicate::Predicate;
use crate::relation;
use crate::traits::{Traits, artifact_of};
use crate::types::{self, annotation};
use crate::variant::Variant;

/// What a manifest is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The kind.
    pub kind: Kind,
    /// What the entries of an index are, for instance [`Kind::Image`] or [`Kind::TofuProvider`]; elsewhere the same as `kind`.
    pub content: Kind,
    /// The format within the kind, for instance `SPDX`; empty where there is nothing to say.
    pub format: String,
    /// Predicates of the attestations it holds, in order, each once.
    pub predicates: Vec<String>,
    /// The type it states for itself, cleaned of control characters: its name where the kind is not known.
    pub artifact_type: Option<String>,
    /// How its layers differ from ordinary ones.
    pub variants: Vec<Variant>,
    /// Whether it has the shape of an index, whatever the kind: a build cache may be one.
    pub is_index: bool,
    /// Whether container engines can pull and run it.
    pub is_runnable: bool,
    /// Whether the document itself could still show another kind. True of rows and entries that say too little: an image's config type
    /// is also what cosign's signatures have.
    pub is_provisional: bool,
}

impl Description {
    /// Describes a document, with the media type of the response that it came in.
    ///
    /// ```
    /// use acr_artifact::{Description, Kind};
    /// use acr_client_wasm::{Manifest, MediaType};
    ///
    /// let media_type = MediaType::new(MediaType::OCI_INDEX);
    /// let json = br#"{"schemaVersion":2,"artifactType":"application/vnd.opentofu.provider","manifests":[]}"#;
    /// let description = Description::of_manifest(&Manifest::from_slice(json, &media_type)?, &media_type);
    /// assert_eq!((description.kind, description.content), (Kind::Index, Kind::TofuProvider));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn of_manifest(manifest: &Manifest, media_type: &MediaType) -> Self {
        let traits = Traits::of_manifest(manifest, media_type);
        let Manifest::Unknown(value) = manifest else { return Self::new(&traits) };
        let artifact = artifact_of(value);
        let stated = artifact.media_type.as_ref().map_or("", MediaType::as_str);
        Self::new(&Traits {
            media_type: if stated.is_empty() { traits.media_type } else { stated },
            artifact_type: artifact.artifact_type.as_deref(),
            annotations: &artifact.annotations,
            layers: &artifact.blobs,
            ..traits
        })
    }

    /// Describes a row of the list of manifests.
    #[must_use]
    pub fn of_row(row: &ManifestAttributesBase) -> Self {
        Self::new(&Traits::of_row(row))
    }

    /// Describes an entry of an index or of the answer of the referrers API.
    #[must_use]
    pub fn of_descriptor(descriptor: &Descriptor) -> Self {
        Self::new(&Traits::of_descriptor(descriptor))
    }

    /// Describes whatever these facts are about.
    #[must_use]
    pub fn new(traits: &Traits<'_>) -> Self {
        let mut this = if MediaType::new(traits.media_type).is_index() {
            index(traits)
        } else {
            let mut decision = manifest(traits);
            if matches!(decision.kind, Kind::Image | Kind::Artifact) {
                decision = named_by_cosign(traits).unwrap_or(decision);
            }
            Self::from_decision(decision, traits)
        };
        this.variants = Variant::all_of(traits);
        this.predicates = predicates(traits);
        let own = Some(traits.media_type).filter(|own| !MediaType::new(own).is_manifest());
        let mut stated = [traits.stated_type(), traits.config_type, own].into_iter().flatten();
        this.artifact_type = stated.find(|stated| !types::is_meaningless(stated)).map(printable);
        this
    }

    fn from_decision(decision: Decision, traits: &Traits<'_>) -> Self {
        let image_config = traits.config_type.is_some_and(|config| MediaType::new(config).is_config());
        let runnable = match decision.kind {
            Kind::Image => true,
            // These are images that hold something for a tool: engines pull them all the same.
            Kind::CrossplanePackage | Kind::TektonBundle => image_config,
            Kind::Wasm => image_config && traits.layers.iter().all(|layer| layer.media_type.is_layer()),
            _ => false,
        };
        let open = matches!(decision.kind, Kind::Image) && !MediaType::new(traits.media_type).is_docker_v1()
            || matches!(decision.kind, Kind::Artifact | Kind::DevContainer) && traits.stated_type().is_none();
        Self {
            kind: decision.kind,
            content: decision.kind,
            format: decision.format,
            predicates: Vec::new(),
            artifact_type: None,
            variants: Vec::new(),
            is_index: false,
            is_runnable: runnable,
            is_provisional: !traits.complete && open,
        }
    }

    /// Whether it is evidence whose format and predicate are not known: its document may name them.
    #[must_use]
    pub fn lacks_detail(&self) -> bool {
        self.kind.is_evidence() && self.format.is_empty() && self.predicates.is_empty()
    }

    /// The name for a page: `Helm chart`, `SBOM (SPDX)`, `Attestation (SLSA provenance v1)`, `Build cache (BuildKit)`, and for an unknown
    /// artifact its own type.
    #[must_use]
    pub fn title(&self) -> String {
        let detail = match (self.kind, self.content) {
            (Kind::Index, Kind::Image | Kind::Index) => String::new(),
            (Kind::Index, Kind::Artifact) => self.artifact_type.clone().unwrap_or_default(),
            (Kind::Index, content) if self.format.is_empty() => content.name().to_owned(),
            (Kind::Index, content) => format!("{}, {}", content.name(), self.format),
            (Kind::Artifact, _) if !self.format.is_empty() => return self.format.clone(),
            (Kind::Artifact, _) => {
                return self.artifact_type.clone().unwrap_or_else(|| self.kind.name().to_owned());
            }
            (Kind::Attestation | Kind::Sbom | Kind::ScanReport, _) if !self.predicates.is_empty() => {
                self.predicates.join(", ")
            }
            _ => self.format.clone(),
        };
        if detail.is_empty() {
            self.kind.name().to_owned()
        } else {
            format!("{} ({detail})", self.kind.name())
        }
    }
}

/// A kind and the format within it.
struct Decision {
    kind: Kind,
    format: String,
}

impl Decision {
    fn plain(kind: Kind) -> Self {
        Self { kind, format: String::new() }
    }
}

impl From<&types::KnownType> for Decision {
    fn from(known: &types::KnownType) -> Self {
        Self { kind: known.kind, format: known.format.to_owned() }
    }
}

fn index(traits: &Traits<'_>) -> Description {
    let is_cache = |entry: &Descriptor| {
        types::find(entry.media_type.as_str()).is_some_and(|known| known.kind == Kind::BuildCache)
    };
    let by_type = |stated: &str| types::find(stated).map_or(Decision::plain(Kind::Artifact), Decision::from);
    let content = if traits.entries.iter().any(is_cache) {
        Decision { kind: Kind::BuildCache, format: "BuildKit".to_owned() }
    } else if let Some(stated) = traits.stated_type().filter(|stated| !types::is_meaningless(stated)) {
        by_type(stated)
    } else if let Some(decision) = by_annotation(traits) {
        decision
    } else {
        let mut stated =
            traits.entries.iter().map(|entry| entry.artifact_type.as_deref().and_then(types::find));
        let first = stated.next().flatten();
        let alike = first.filter(|first| stated.all(|other| other.map(|it| it.kind) == Some(first.kind)));
        alike.map_or(Decision::plain(Kind::Image), Decision::from)
    };
    let is_cache = content.kind == Kind::BuildCache;
    Description {
        kind: if is_cache { Kind::BuildCache } else { Kind::Index },
        content: content.kind,
        format: content.format,
        predicates: Vec::new(),
        artifact_type: None,
        variants: Vec::new(),
        is_index: true,
        is_runnable: matches!(content.kind, Kind::Image | Kind::CrossplanePackage | Kind::TektonBundle),
        is_provisional: !traits.complete && traits.stated_type().is_none(),
    }
}

fn manifest(traits: &Traits<'_>) -> Decision {
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
    let may_be_image = traits.media_type.is_empty() || media_type.is_image_manifest();
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
    // Neither the list nor an index says more of BuildKit's attestations than this.
    if traits.platform == Some(("unknown", "unknown")) {
        return Decision::plain(Kind::Attestation);
    }
    image
}

/// What the layers are where they are no layers of an image.
fn by_layers(traits: &Traits<'_>) -> Option<Decision> {
    let mut decision: Option<Decision> = None;
    for layer in traits.layers {
        if layer.media_type.is_layer() && !layer.media_type.as_str().contains("nydus") {
            return None;
        }
        let known = types::find(layer.media_type.as_str()).filter(|known| known.kind != Kind::Image);
        if decision.is_none() {
            decision = known.map(|known| match types::is_sigstore_bundle(layer.media_type.as_str()) {
                true => sigstore_bundle(traits, known),
                false => known.into(),
            });
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

/// What annotations say of manifests that use an image's media types.
fn by_annotation(traits: &Traits<'_>) -> Option<Decision> {
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

fn dev_container(package: &str) -> Decision {
    let format = package.trim_start_matches("devcontainer").trim_start_matches(['_', '-']);
    Decision { kind: Kind::DevContainer, format: printable(format) }
}

/// Makes a kind more precise by what else the manifest says.
fn refined(traits: &Traits<'_>, decision: Decision) -> Decision {
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

/// What the predicates of an attestation make it: that of the manifest, else those that cosign notes on the layers where they agree.
fn by_predicate(traits: &Traits<'_>) -> Option<Decision> {
    let own = traits.annotation(annotation::IN_TOTO_PREDICATE).map(Predicate::new);
    let on_layers =
        traits.layers.iter().filter_map(|layer| layer.annotations.get(annotation::COSIGN_PREDICATE));
    let mut on_layers = on_layers.filter(|uri| !uri.is_empty()).map(|uri| Predicate::new(uri));
    let predicate = own.or_else(|| on_layers.next())?;
    let agree = on_layers.all(|other| other.kind == predicate.kind);
    agree.then_some(Decision { kind: predicate.kind, format: predicate.name })
}

/// Signatures and attestations share an artifact type since bundle v0.3; annotations tell them apart.
fn sigstore_bundle(traits: &Traits<'_>, known: &types::KnownType) -> Decision {
    match traits.annotation(annotation::SIGSTORE_PREDICATE).map(Predicate::new) {
        Some(predicate) => Decision { kind: predicate.kind, format: predicate.name },
        None if traits.annotation(annotation::SIGSTORE_CONTENT) == Some("dsse-envelope") => {
            Decision { kind: Kind::Attestation, format: known.format.to_owned() }
        }
        None => known.into(),
    }
}

fn is_legacy_docker_image(traits: &Traits<'_>, config: &str) -> bool {
    let docker_layer = |layer: &Descriptor| layer.media_type.as_str().contains("docker.image.rootfs");
    traits.media_type == MediaType::DOCKER_MANIFEST
        && types::LEGACY_DOCKER_CONFIGS.contains(&types::normalised(config).as_str())
        && (traits.layers.iter().any(docker_layer) || traits.layers.is_empty())
}

fn named_by_cosign(traits: &Traits<'_>) -> Option<Decision> {
    let kind = traits.tags.iter().find_map(|tag| relation::cosign_tag(tag))?.kind;
    Some(Decision { kind, format: if kind == Kind::Signature { "cosign" } else { "" }.to_owned() })
}

fn predicates(traits: &Traits<'_>) -> Vec<String> {
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

/// A text of the registry without control characters.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
