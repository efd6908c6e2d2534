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
//! Names are parsed once ([`RepositoryName`], [`Reference`], [`Digest`]); what the registry says is in [`model`]; what goes wrong is an
//! [`Error`]. Requests go out through a [`Transport`]: fetch in a browser, anything else elsewhere. Futures are local, and dropping one
//! aborts its request.

pub mod auth;
mod base64;
mod client;
mod endpoint;
mod environment;
mod error;
mod http;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
mod js;
mod json;
pub mod model;
pub mod name;
mod operation;
mod pager;
mod transport;

pub use auth::{Access, Credential, EntraTokenSource, Scope, Secret, SessionInfo};
pub use client::{
    BlobDownload, BlobProperties, Blobs, ExchangeRequest, GrantType, ManifestContent, ManifestResult,
    Manifests, Mount, Progress, RegistryClient, RegistryClientBuilder, Repositories, Tags, Tokens, Upload,
    UploadOptions, UploadedBlob,
};
pub use environment::Environment;
pub use error::{Error, ErrorKind};
pub use http::{Governor, RateLimit, RetryPolicy};
pub use model::*;
pub use name::{Digest, DigestHasher, MediaType, NameError, Reference, RepositoryName, TagName};
pub use operation::Order;
pub use operation::manifests::ManifestListOptions;
pub use operation::repositories::ListOptions;
pub use operation::tags::TagListOptions;
pub use pager::{Page, Pager};
pub use transport::{Body, Headers, Request, Response, ResponseBody, Transport, TransportError};
#[cfg(target_arch = "wasm32")]
pub use transport::{BrowserEnvironment, FetchBody, FetchTransport, TokenFunction};

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
