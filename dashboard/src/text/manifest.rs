//! One manifest: its tabs and what is in them.

pub(crate) const COPY_DIGEST: &str = "Copy digest";
pub(crate) const COPY_PULL: &str = "Copy pull command";
pub(crate) const KIND_IMAGE: &str = "Image";
pub(crate) const KIND_INDEX: &str = "Image index";
pub(crate) const KIND_HELM: &str = "Helm chart";
pub(crate) const KIND_SIGNATURE: &str = "Signature";
pub(crate) const KIND_SBOM: &str = "SBOM";
pub(crate) const KIND_ATTESTATION: &str = "Attestation";
pub(crate) const KIND_WASM: &str = "WebAssembly";
pub(crate) const KIND_ARTIFACT: &str = "Artifact";

pub(crate) fn pull(tool: &str, login_server: &str, repository: &str, reference: &str) -> String {
    format!("{tool} pull {login_server}/{repository}{reference}")
}
