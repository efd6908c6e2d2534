//! What the end-to-end tests stand on: services started as their users start them, a real browser, and page objects that find
//! things by role and accessible name. No assertion about the product lives here; those are in the journeys.

pub mod archive;
pub mod browser;
pub mod certificate;
pub mod demo;
pub mod embedded;
pub mod environment;
pub mod exported;
pub mod fault;
pub mod fonts;
pub mod interposer;
pub mod json;
pub mod oci_layout;
pub mod page;
pub mod picture;
pub mod push;
pub mod reference;
pub mod role;
pub mod scene;
pub mod service;
pub mod skopeo;
pub mod static_site;
pub mod stub_registry;
pub mod tenant;
pub mod toolchain;
