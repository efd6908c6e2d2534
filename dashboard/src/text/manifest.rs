//! One manifest: its tabs and what is in them.

pub(crate) const NOT_PARSED: &str = "The registry has it, but it is no manifest of the kind its media type promises, so only its bytes can be shown.";
pub(crate) const BYTES: &str = "As it was pushed";
pub(crate) const FETCH_RAW: &str = "Under the repository's Manifests it can be deleted like any other.";
pub(crate) const OVERVIEW: &str = "Overview";
pub(crate) const PLATFORMS: &str = "Platforms";
pub(crate) const LAYERS: &str = "Layers";
pub(crate) const HISTORY: &str = "History";
pub(crate) const CONFIG: &str = "Config";
pub(crate) const ANNOTATIONS: &str = "Annotations";
pub(crate) const REFERRERS: &str = "Referrers";
pub(crate) const RAW: &str = "Raw JSON";
pub(crate) const ATTRIBUTES: &str = "Attributes";
pub(crate) const COMMANDS: &str = "Commands";

pub(crate) const COPY_DIGEST: &str = "Copy digest";
pub(crate) const COPY_PULL: &str = "Copy pull command";
pub(crate) const COPY_JSON: &str = "Copy JSON";
pub(crate) const COPY_COMMAND: &str = "Copy command";
pub(crate) const COPY: &str = "Copy";
pub(crate) const COPY_VALUE: &str = "Copy value";
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const KIND_IMAGE: &str = "Image";
pub(crate) const KIND_INDEX: &str = "Image index";
pub(crate) const KIND_HELM: &str = "Helm chart";
pub(crate) const KIND_SIGNATURE: &str = "Signature";
pub(crate) const KIND_SBOM: &str = "SBOM";
pub(crate) const KIND_ATTESTATION: &str = "Attestation";
pub(crate) const KIND_WASM: &str = "WebAssembly";
pub(crate) const KIND_ARTIFACT: &str = "Artifact";

pub(crate) const TYPE: &str = "Type";
pub(crate) const MEDIA_TYPE: &str = "Media type";
pub(crate) const ARTIFACT_TYPE: &str = "Artifact type";
pub(crate) const DIGEST: &str = "Digest";
pub(crate) const SIZE: &str = "Size (compressed)";
pub(crate) const SIZE_SHORT: &str = "Size";
pub(crate) const SHARE: &str = "Share";
pub(crate) const PLATFORM: &str = "Platform";
pub(crate) const CREATED: &str = "Created";
pub(crate) const LAST_UPDATED: &str = "Last updated";
pub(crate) const TAGS: &str = "Tags";
pub(crate) const UNTAGGED: &str = "Untagged";
pub(crate) const SUBJECT: &str = "About";
pub(crate) const NUMBER: &str = "Layer";
pub(crate) const INSTRUCTION: &str = "Instruction";
pub(crate) const ATTESTATIONS: &str = "Attestations";
pub(crate) const NAME: &str = "Name";
pub(crate) const VALUE: &str = "Value";
pub(crate) const UNKNOWN: &str = "–";
pub(crate) const SIZE_UNKNOWN: &str = "size unknown";
pub(crate) const NO_SIZE: &str = "not said by this schema";

pub(crate) const ONE_PLATFORM: &str = "One platform";
pub(crate) const ONE_PLATFORM_HINT: &str =
    "This is an image and no index: it is for the one platform the overview names.";
pub(crate) const NO_PLATFORMS: &str = "No platforms";
pub(crate) const NO_PLATFORMS_HINT: &str =
    "Only an index lists platforms. This is an artifact and stands by itself.";
pub(crate) const EMPTY_INDEX_HINT: &str = "This index names no manifest.";
pub(crate) const INDEX_LAYERS: &str = "An index has no layers";
pub(crate) const INDEX_LAYERS_HINT: &str = "Its platforms have. Choose one under Platforms.";
pub(crate) const SHOW_PLATFORMS: &str = "Show platforms";
pub(crate) const NO_LAYERS: &str = "No layers";
pub(crate) const NO_LAYERS_HINT: &str = "This manifest names none.";
pub(crate) const NO_HISTORY: &str = "No history";
pub(crate) const NO_HISTORY_HINT: &str =
    "Only images carry the history of their build, in their config. Of an index, choose a platform first.";
pub(crate) const NO_CONFIG: &str = "No config";
pub(crate) const NO_CONFIG_HINT: &str = "This manifest names none. Of an index, choose a platform first.";
pub(crate) const CONFIG_REMEDY: &str =
    "The manifest is damaged, or of a kind this page does not know. Look at Raw JSON.";
pub(crate) const CONFIG_UNREADABLE: &str = "The image's config cannot be read";
pub(crate) const CONFIG_UNREADABLE_REMEDY: &str = "The raw bytes, which the Config tab shows, do not parse as an image's config. Build and push the image again.";
pub(crate) const NO_ANNOTATIONS: &str = "No annotations";
pub(crate) const NO_ANNOTATIONS_HINT: &str = "Whoever built this gave it none.";
pub(crate) const NO_REFERRERS: &str = "No referrers";
pub(crate) const NO_REFERRERS_HINT: &str = "No signature, SBOM or attestation in this repository refers to this manifest, by referrers or by cosign's tags.";
pub(crate) const REFERRERS_OF: &str = "What refers to this manifest";
pub(crate) const BY_COSIGN_TAG: &str = "by cosign's tag";
pub(crate) const MORE: &str = "Show what refers to it";
pub(crate) const DOCKERFILE: &str = "The Dockerfile it amounts to";
pub(crate) const DOCKERFILE_HINT: &str =
    "Put together from the image's own history: what was copied in, and the stages before, are not in it.";
pub(crate) const EMPTY_LAYER: &str = "no layer";
pub(crate) const ENVIRONMENT: &str = "Environment";
pub(crate) const LABELS: &str = "Labels";
pub(crate) const ENTRYPOINT: &str = "Entrypoint";
pub(crate) const CMD: &str = "Command";
pub(crate) const USER: &str = "User";
pub(crate) const WORKING_DIR: &str = "Working directory";
pub(crate) const PORTS: &str = "Ports";
pub(crate) const VOLUMES: &str = "Volumes";
pub(crate) const STOP_SIGNAL: &str = "Stop signal";
pub(crate) const HEALTHCHECK: &str = "Health check";
pub(crate) const AUTHOR: &str = "Author";
pub(crate) const ROOT: &str = "root (not set)";
pub(crate) const BY_TAG: &str = "By tag";
pub(crate) const BY_DIGEST: &str = "By digest";
pub(crate) const AZ: &str = "The same in az acr";

pub(crate) fn pull(tool: &str, login_server: &str, repository: &str, reference: &str) -> String {
    format!("{tool} pull {login_server}/{repository}{reference}")
}

pub(crate) fn open_failed(name: &str) -> String {
    format!("{name} could not be opened")
}

pub(crate) fn attributes_failed(name: &str) -> String {
    format!("The attributes of {name} could not be read")
}

pub(crate) fn config_failed(digest: &str) -> String {
    format!("The config {digest} could not be read")
}

pub(crate) fn siblings_failed(repository: &str) -> String {
    format!("The sizes of the manifests of {repository} could not be read")
}

pub(crate) fn referrers_failed(name: &str) -> String {
    format!("What refers to {name} could not be read")
}

pub(crate) fn layer_total(count: usize, size: &str) -> String {
    format!("{count} {}, {size}", if count == 1 { "layer" } else { "layers" })
}

pub(crate) fn layer_number(number: usize) -> String {
    format!("Layer {number}")
}

pub(crate) fn attestation_for(platform: &str) -> String {
    format!("Attestation for {platform}")
}

pub(crate) fn platforms_and(platforms: usize, attestations: usize) -> String {
    let part =
        |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let platforms = part(platforms, "platform", "platforms");
    match attestations {
        0 => platforms,
        number => format!("{platforms}, {}", part(number, "attestation", "attestations")),
    }
}
