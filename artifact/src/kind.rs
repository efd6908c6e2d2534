//! The kinds of things people store in a registry, with the name each has on a page.

/// What a manifest is, as far as people treat it differently.
///
/// The list is open: a type that the table does not know is an [`Artifact`](Self::Artifact), shown under its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A container image of one platform.
    Image,
    /// An OCI image index or a Docker manifest list, whatever its entries are.
    Index,
    /// A Helm chart, with or without provenance file.
    HelmChart,
    /// A signature: cosign, Notation, a sigstore bundle without attestation.
    Signature,
    /// A software bill of materials.
    Sbom,
    /// An in-toto attestation about another manifest.
    Attestation,
    /// A report of a vulnerability or licence scanner.
    ScanReport,
    /// BuildKit's registry cache.
    BuildCache,
    /// An index that lets a runtime start an image before all of it is there: SOCI, artifact streaming.
    LazyLoadingIndex,
    /// A WebAssembly module or component.
    Wasm,
    /// A Bicep module or a Bicep extension.
    Bicep,
    /// Kubernetes manifests for Flux.
    Flux,
    /// A Compose project.
    Compose,
    /// An AI model.
    Model,
    /// A dev container feature, template or collection.
    DevContainer,
    /// Policies for Open Policy Agent, Conftest or Gatekeeper.
    OpaBundle,
    /// Policies for Kyverno.
    KyvernoPolicy,
    /// An image in the SIF format of Singularity and Apptainer.
    Singularity,
    /// A Homebrew bottle.
    HomebrewBottle,
    /// A provider of OpenTofu or Terraform.
    TofuProvider,
    /// A module of OpenTofu or Terraform.
    TofuModule,
    /// Rules or a plugin for Falco.
    Falco,
    /// A bundle of Tekton resources.
    TektonBundle,
    /// A Crossplane package.
    CrossplanePackage,
    /// A CNAB bundle.
    CnabBundle,
    /// A plugin of the Docker engine.
    DockerPlugin,
    /// Anything else. [`Description::artifact_type`](crate::Description::artifact_type) has its own name.
    Artifact,
}

impl Kind {
    /// The name of the kind, as a page shows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "Image",
            Self::Index => "Image index",
            Self::HelmChart => "Helm chart",
            Self::Signature => "Signature",
            Self::Sbom => "SBOM",
            Self::Attestation => "Attestation",
            Self::ScanReport => "Scan report",
            Self::BuildCache => "Build cache",
            Self::LazyLoadingIndex => "Lazy loading index",
            Self::Wasm => "WebAssembly",
            Self::Bicep => "Bicep module",
            Self::Flux => "Flux artifact",
            Self::Compose => "Compose project",
            Self::Model => "AI model",
            Self::DevContainer => "Dev container",
            Self::OpaBundle => "OPA bundle",
            Self::KyvernoPolicy => "Kyverno policy",
            Self::Singularity => "Singularity image",
            Self::HomebrewBottle => "Homebrew bottle",
            Self::TofuProvider => "Provider",
            Self::TofuModule => "Module",
            Self::Falco => "Falco artifact",
            Self::TektonBundle => "Tekton bundle",
            Self::CrossplanePackage => "Crossplane package",
            Self::CnabBundle => "CNAB bundle",
            Self::DockerPlugin => "Docker plugin",
            Self::Artifact => "Artifact",
        }
    }

    /// Whether a thing of this kind says something about another manifest instead of being used on its own.
    #[must_use]
    pub const fn is_evidence(self) -> bool {
        matches!(
            self,
            Self::Signature | Self::Sbom | Self::Attestation | Self::ScanReport | Self::LazyLoadingIndex
        )
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
