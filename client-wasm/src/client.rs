//! The client: what it is made of, and the way to its resources. Operations are told in `client/`, one file a resource.

mod blobs;
mod builder;
mod download;
mod manifests;
mod repositories;
mod tags;
mod tokens;
mod upload;

use std::fmt;
use std::sync::Arc;

pub use blobs::{BlobProperties, Blobs, Mount};
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) use blobs::{call_for_chunk, chunk_of, properties};
pub use builder::RegistryClientBuilder;
pub use download::BlobDownload;
pub use manifests::{ManifestContent, ManifestResult, Manifests};
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) use manifests::{call_for_content, call_to_create, content_of, created};
pub use repositories::Repositories;
pub use tags::Tags;
pub use tokens::{ExchangeRequest, GrantType, Tokens};
pub use upload::{Progress, Upload, UploadOptions, UploadedBlob};

use crate::auth::SessionInfo;
use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Pipeline, RateLimit};
use crate::json::Json;
use crate::operation;

/// A registry, as seen through one credential. Cheap to clone; clones share tokens and limits.
#[derive(Clone)]
pub struct RegistryClient {
    pub(crate) pipeline: Arc<Pipeline>,
}

impl RegistryClient {
    /// Begins a client for the registry that answers at `endpoint`: an absolute URL, or a path on the page's own origin.
    pub fn builder(endpoint: impl AsRef<str>) -> RegistryClientBuilder {
        RegistryClientBuilder::new(endpoint.as_ref())
    }

    /// Where requests go.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.pipeline.sender.endpoint.as_str()
    }

    /// The registry's login server: the `service` of token requests.
    #[must_use]
    pub fn login_server(&self) -> &str {
        self.pipeline.tokens.service()
    }

    /// Repositories: list, attributes, deletion.
    #[must_use]
    pub fn repositories(&self) -> Repositories {
        Repositories(self.clone())
    }

    /// Manifests: list, attributes, content, referrers.
    #[must_use]
    pub fn manifests(&self) -> Manifests {
        Manifests(self.clone())
    }

    /// Tags: list, attributes, deletion.
    #[must_use]
    pub fn tags(&self) -> Tags {
        Tags(self.clone())
    }

    /// Blobs: download, upload, deletion.
    #[must_use]
    pub fn blobs(&self) -> Blobs {
        Blobs(self.clone())
    }

    /// The token service, for those who want its tokens themselves. No other operation needs it called.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        Tokens(self.clone())
    }

    /// V2Support_Check: whether a Registry V2 answers at the endpoint.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] where it does and refuses the credential, [`ErrorKind::Network`] where nothing answers; an answer that
    /// is none of a Registry V2 is no error but `false`.
    pub async fn check_support(&self) -> Result<bool, Error> {
        supported(self.pipeline.answer(&operation::check_support()).await)
    }

    /// Who this client is to the registry and what it may do, by the tokens it holds now.
    #[must_use]
    pub fn session(&self) -> SessionInfo {
        self.pipeline.tokens.session()
    }

    /// What the registry last said about its limits, `None` where it said nothing.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        let limit = self.pipeline.sender.rate_limit();
        (limit != RateLimit::default()).then_some(limit)
    }
}

/// Whether the answer to V2Support_Check is one of a Registry V2.
pub(crate) fn supported(answer: Result<Box<Answer>, Error>) -> Result<bool, Error> {
    match answer {
        Ok(answer) => Ok(is_registry_v2(&answer.body)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::Protocol => Ok(false),
            _ => Err(error),
        },
    }
}

/// The registry answers `{}`; a web page that answers everything with its index does not.
fn is_registry_v2(body: &[u8]) -> bool {
    body.is_empty() || Json::parse(body).is_some_and(Json::is_object)
}

impl fmt::Debug for RegistryClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryClient")
            .field("endpoint", &self.endpoint())
            .field("login_server", &self.login_server())
            .finish_non_exhaustive()
    }
}
