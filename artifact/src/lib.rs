//! What a manifest in a container registry is.
//!
//! The crate reads documents and texts and answers questions about them. It does no input or output, knows no browser and never panics
//! on input: whatever a registry sends is hostile text.
//!
//! | question | answer |
//! |---|---|
//! | What is this manifest, row or entry? | [`Description`], decided by the table in [`types`] |
//! | What does it refer to? | [`relation`] |
//! | What does it run on? | [`platform`] |
//! | What does its config say? | [`config`] |
//! | Which Dockerfile does its history amount to? | [`history`] |
//! | Which command pulls, shows or deletes it? | [`command`] |
//! | What did a person paste? | [`paste`] |
//!
//! ```
//! use acr_artifact::{Description, Kind, command};
//! use acr_client_wasm::{Manifest, MediaType, Reference};
//!
//! let chart = br#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:0","size":2},
//!     "layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:1","size":9}]}"#;
//! let media_type = MediaType::new(MediaType::OCI_MANIFEST);
//! let description = Description::of_manifest(&Manifest::from_slice(chart, &media_type)?, &media_type);
//! assert_eq!(description.kind, Kind::HelmChart);
//!
//! let target = command::Target {
//!     login_server: "contoso.azurecr.io",
//!     repository: "charts/web",
//!     reference: &Reference::Tag("1.2.3_build.7".parse()?),
//!     subject: None,
//! };
//! let pull = command::pull(&description, &target);
//! assert_eq!(pull.line, "helm pull oci://contoso.azurecr.io/charts/web --version 1.2.3+build.7");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod command;
pub mod config;
mod describe;
pub mod history;
mod kind;
pub mod paste;
pub mod platform;
mod predicate;
pub mod relation;
mod traits;
pub mod types;
mod variant;

pub use describe::Description;
pub use kind::Kind;
pub use predicate::Predicate;
pub use relation::{CosignTag, attested, cosign_tag, evidence_tags};
pub use traits::Traits;
pub use variant::Variant;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
