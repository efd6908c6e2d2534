//! A client of the Azure Container Registry runtime API for the browser: all 29 operations and referrers, typed, streaming, cancellable.
//!
//! ```no_run
//! # async fn example() -> Result<(), acr_client_wasm::Error> {
//! use acr_client_wasm::{ListOptions, RegistryClient};
//!
//! // In a browser: through a gateway on the page's own origin, since the service itself answers no browser.
//! let client = RegistryClient::builder("/registries/contoso").login_server("contoso.azurecr.io").build()?;
//! let mut repositories = client.repositories().list(ListOptions::default());
//! while let Some(page) = repositories.next_page().await? {
//!     println!("{:?}", page.items);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Names are parsed once ([`RepositoryName`], [`Reference`], [`Digest`]); the registry's documents are in [`model`]; failures are an
//! [`Error`]. Requests go out through a [`Transport`]: fetch in a browser, anything else elsewhere. Futures are local, and dropping one
//! aborts its request.

#[cfg(target_arch = "wasm32")]
mod browser;
mod client;
mod error;
mod http;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod js;
pub mod model;
pub mod name;
mod operation;
mod pipeline;

#[cfg(target_arch = "wasm32")]
pub use browser::{BrowserEnvironment, FetchBody, FetchTransport, TokenFunction, read_credential};
pub use client::{
    BlobDownload, Blobs, ExchangeRequest, GrantType, ManifestResult, Manifests, Mount, Page, Pager, Progress,
    RegistryClient, RegistryClientBuilder, Repositories, Tags, Tokens, Upload, UploadOptions, UploadedBlob,
};
pub use error::{AcrErrorInfo, AcrErrors, Detail, Error, ErrorKind};
pub use http::{Body, Headers, Request, Response, ResponseBody, TransportError};
pub use model::*;
pub use name::{
    Access, Challenge, Digest, DigestHasher, MediaType, NameError, Reference, RepositoryName, Scope, Secret,
    TagName,
};
pub use operation::Order;
pub use operation::blobs::BlobProperties;
pub use operation::manifests::{ManifestContent, ManifestListOptions, media_type_of as manifest_media_type};
pub use operation::repositories::ListOptions;
pub use operation::tags::TagListOptions;
pub use pipeline::{
    Credential, CredentialError, CredentialOptions, EntraTokenSource, Environment, Governor, RateLimit,
    RetryPolicy, SessionInfo, Transport,
};

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
