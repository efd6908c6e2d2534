//! Decides what a manifest is. One decision for documents, rows and entries, so that a thing has the same kind on every screen.

mod annotated;
mod decision;
mod index;
mod single;

use acr_client_wasm::{Descriptor, Manifest, ManifestAttributesBase, MediaType};

use self::annotated::predicates;
use self::decision::{Decision, printable};
use crate::kind::Kind;
use crate::relation;
use crate::traits::{Traits, artifact_of};
use crate::types;
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
    /// The digest of the manifest that it is about, by the document; none where only a row or an entry is known.
    pub subject: Option<String>,
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
    /// Whether cosign may have attached it: it finds images by their tags, and sigstore bundles among the referrers. What other tools attach
    /// states a type of its own.
    #[must_use]
    pub fn may_be_of_cosign(&self) -> bool {
        self.artifact_type.as_deref().is_none_or(|stated| {
            types::is_sigstore_bundle(stated) || stated.starts_with("application/vnd.dev.cosign.")
        })
    }

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
        let subject = relation::subject(manifest).map(|subject| subject.digest);
        let Manifest::Unknown(value) = manifest else { return Self { subject, ..Self::new(&traits) } };
        let artifact = artifact_of(value);
        let stated = artifact.media_type.as_ref().map_or("", MediaType::as_str);
        let traits = Traits {
            media_type: if stated.is_empty() { traits.media_type } else { stated },
            artifact_type: artifact.artifact_type.as_deref(),
            annotations: &artifact.annotations,
            layers: &artifact.blobs,
            ..traits
        };
        Self { subject, ..Self::new(&traits) }
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
            Self::of_content(index::content(traits), traits)
        } else {
            let mut decision = single::manifest(traits);
            if matches!(decision.kind, Kind::Image | Kind::Artifact) {
                decision = single::named_by_cosign(traits).unwrap_or(decision);
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

    /// Describes an index whose entries are this.
    fn of_content(content: Decision, traits: &Traits<'_>) -> Self {
        let is_cache = content.kind == Kind::BuildCache;
        Self {
            kind: if is_cache { Kind::BuildCache } else { Kind::Index },
            content: content.kind,
            format: content.format,
            predicates: Vec::new(),
            artifact_type: None,
            subject: None,
            variants: Vec::new(),
            is_index: true,
            is_runnable: matches!(content.kind, Kind::Image | Kind::CrossplanePackage | Kind::TektonBundle),
            is_provisional: !traits.complete && traits.stated_type().is_none(),
        }
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
            || matches!(decision.kind, Kind::Artifact | Kind::DevContainer) && !states_type(traits)
            || single::is_unexplained_bundle(traits);
        Self {
            kind: decision.kind,
            content: decision.kind,
            format: decision.format,
            predicates: Vec::new(),
            artifact_type: None,
            subject: None,
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
            (Kind::Index, Kind::Artifact) if !self.format.is_empty() => self.format.clone(),
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

/// Whether a manifest states a type that says something.
fn states_type(traits: &Traits<'_>) -> bool {
    traits.stated_type().is_some_and(|stated| !types::is_meaningless(stated))
}
