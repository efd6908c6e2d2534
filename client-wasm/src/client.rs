//! The client: a handle for each resource of a registry, the pager of every list, uploads and downloads.

mod blobs;
mod download;
mod manifests;
mod pager;
mod registry_client;
mod repositories;
pub(crate) mod request;
mod tags;
mod tokens;
mod upload;
mod upload_content;

pub use blobs::{Blobs, Mount};
pub use download::BlobDownload;
pub use manifests::{ManifestResult, Manifests};
pub use pager::{Page, Pager};
pub use registry_client::{RegistryClient, RegistryClientBuilder};
pub use repositories::Repositories;
pub use tags::Tags;
pub use tokens::{ExchangeRequest, GrantType, Tokens};
pub use upload::Upload;
pub use upload_content::{Progress, UploadOptions, UploadedBlob};
