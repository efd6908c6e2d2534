//! Which manifest a pull gets, by what the client accepts.

use std::sync::Arc;

use super::content::Content;
use super::media_type::Kind;
use super::state::Registry;
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, Reference, RepositoryName};

/// What `GET /v2/N/manifests/REF` answers with.
pub(crate) struct Pulled {
    pub(crate) digest: Digest,
    pub(crate) content: Arc<Content>,
}

impl Registry {
    /// A manifest to pull. `accepts` decides whether the client takes it as it is.
    pub(crate) fn pull(
        &self,
        name: &RepositoryName,
        reference: &Reference,
        accepts: impl Fn(&Content) -> bool,
    ) -> Result<Pulled, ApiError> {
        let unknown = || match reference {
            Reference::Tag(tag) => ApiError::manifest_unknown_tag(tag.as_str()),
            Reference::Digest(digest) => ApiError::manifest_unknown_digest(name.as_str(), digest),
        };
        let repository = self.repositories.get(name).ok_or_else(unknown)?;
        let (digest, tag_readable) = match reference {
            Reference::Digest(digest) => (digest, true),
            Reference::Tag(tag) => {
                let tag = repository.tags.get(tag).ok_or_else(unknown)?;
                (&tag.digest, tag.flags.read_enabled)
            }
        };
        let manifest = repository.manifests.get(digest).ok_or_else(unknown)?;
        if !(repository.flags.read_enabled && tag_readable && manifest.flags.read_enabled) {
            return Err(ApiError::disallowed());
        }
        let content = &manifest.content;
        if accepts(content) {
            return Ok(Pulled { digest: digest.clone(), content: content.clone() });
        }
        match content.kind {
            Kind::DockerList if matches!(reference, Reference::Tag(_)) => {
                let child = content.children.iter().find(|child| {
                    child.os.as_deref() == Some("linux") && child.architecture.as_deref() == Some("amd64")
                });
                let digest = &child.ok_or_else(unknown)?.digest;
                let manifest = repository.manifests.get(digest).ok_or_else(unknown)?;
                Ok(Pulled { digest: digest.clone(), content: manifest.content.clone() })
            }
            Kind::OciIndex => Err(ApiError::manifest_not_acceptable(
                "OCI index found, but accept header does not support OCI indexes",
            )),
            Kind::OciManifest => Err(ApiError::manifest_not_acceptable(
                "OCI manifest found, but accept header does not support OCI manifests",
            )),
            Kind::Artifact => Err(ApiError::manifest_not_acceptable(
                "OCI artifact found, but accept header does not support OCI artifacts",
            )),
            Kind::DockerV1 | Kind::DockerV2 | Kind::DockerList => {
                Ok(Pulled { digest: digest.clone(), content: content.clone() })
            }
        }
    }
}
