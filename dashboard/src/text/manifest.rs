//! One manifest: its tabs and what is in them.

use acr_artifact::platform::Count;

use crate::format;

pub(crate) const NOT_PARSED: &str =
    "The manifest does not match its media type, so only its raw content can be shown.";
pub(crate) const BYTES: &str = "Raw content";
pub(crate) const FETCH_RAW: &str = "You can delete it in the repository, under Manifests.";
pub(crate) const OVERVIEW: &str = "Overview";
pub(crate) const PLATFORMS: &str = "Platforms";
pub(crate) const LAYERS: &str = "Layers";
pub(crate) const FILES: &str = "Files";
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
pub(crate) const FORMAT: &str = "Layer format";
pub(crate) const MANIFESTS: &str = "Manifests";
pub(crate) const TAGS: &str = "Tags";
pub(crate) const UNTAGGED: &str = "Untagged";
pub(crate) const SUBJECT: &str = "Subject";
pub(crate) const NUMBER: &str = "Layer";
pub(crate) const INSTRUCTION: &str = "Instruction";
pub(crate) const ATTESTATIONS: &str = "Attestations";
pub(crate) const NAME: &str = "Name";
pub(crate) const VALUE: &str = "Value";
pub(crate) const UNKNOWN: &str = "–";
pub(crate) const SIZE_UNKNOWN: &str = "size unknown";
pub(crate) const NO_SIZE: &str = "not recorded in the manifest";

pub(crate) const ONE_PLATFORM: &str = "One platform";
pub(crate) const ONE_PLATFORM_HINT: &str =
    "This is a single image, not an index. Its platform is shown under Overview.";
pub(crate) const NO_PLATFORMS: &str = "No platforms";
pub(crate) const NO_PLATFORMS_HINT: &str = "Only an index has platforms. This is a single artifact.";
pub(crate) const EMPTY_INDEX_HINT: &str = "This index lists no manifests.";
pub(crate) const OPEN_PLATFORM: &str = "Open this platform";
pub(crate) const CACHE_HINT: &str = "This is a build cache. Its blobs are listed under Layers.";
pub(crate) const NO_LAYERS: &str = "No layers";
pub(crate) const NO_LAYERS_HINT: &str = "This manifest lists no layers.";
pub(crate) const NO_HISTORY: &str = "No history";
pub(crate) const NO_HISTORY_HINT: &str = "Only the config of an image contains a build history.";
pub(crate) const NO_CONFIG: &str = "No config";
pub(crate) const NO_CONFIG_HINT: &str = "This manifest has no config.";
pub(crate) const CONFIG_REMEDY: &str = "The manifest is damaged, or its type is not supported. See Raw JSON.";
pub(crate) const CONFIG_UNREADABLE: &str = "The config of the image cannot be read";
pub(crate) const CONFIG_FIELDS_UNREAD: &str =
    "These fields of the config have an unexpected type and are left out:";
pub(crate) const CONFIG_UNREADABLE_REMEDY: &str = "The content is shown in the Config tab, but it is not a valid image config. Build and push the image again.";
pub(crate) const NO_ANNOTATIONS: &str = "No annotations";
pub(crate) const NO_ANNOTATIONS_HINT: &str = "This manifest has no annotations.";
pub(crate) const NO_REFERRERS: &str = "No referrers";
pub(crate) const NO_REFERRERS_HINT: &str = "No signature, SBOM or attestation in this repository refers to this manifest, neither through the referrers API nor through cosign tags.";
pub(crate) const REFERRERS_OF: &str = "Referrers of this manifest";
pub(crate) const BY_COSIGN_TAG: &str = "through a cosign tag";
pub(crate) const MORE: &str = "Show its referrers";
pub(crate) const DOCKERFILE: &str = "Reconstructed Dockerfile";
pub(crate) const DOCKERFILE_HINT: &str = "Reconstructed from the build history of the image. Copied files and earlier build stages are not included.";
pub(crate) const EMPTY_LAYER: &str = "no layer";
pub(crate) const UNKNOWN_LAYER: &str = "unknown layer";
pub(crate) const MISMATCH_HINT: &str = "No size is shown next to a step.";
pub(crate) const BUILD_ARGUMENTS: &str = "Build arguments";
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
pub(crate) const ON_BUILD: &str = "Triggers (ONBUILD)";
pub(crate) const OS_FEATURES: &str = "OS features";
pub(crate) const AUTHOR: &str = "Author";
pub(crate) const BY_TAG: &str = "By tag";
pub(crate) const BY_DIGEST: &str = "By digest";
pub(crate) const AZ: &str = "Azure CLI";

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
    format!("The referrers of {name} could not be read")
}

pub(crate) fn layer_total(count: usize, size: &str) -> String {
    format!("{}, {size}", format::counted(count, "layer", "layers"))
}

pub(crate) fn at_least(size: &str) -> String {
    format!("at least {size}")
}

pub(crate) fn layer_number(number: usize) -> String {
    format!("Layer {number}")
}

pub(crate) fn entries(count: Count) -> String {
    let Count { platforms, attestations, others } = count;
    if platforms == 0 {
        return format::counted(attestations + others, "manifest", "manifests");
    }
    let mut line = format::counted(platforms, "platform", "platforms");
    if attestations > 0 {
        line.push_str(&format!(", {}", format::counted(attestations, "attestation", "attestations")));
    }
    if others > 0 {
        line.push_str(&format!(", {others} more"));
    }
    line
}
