//! The gateway of the ACR dashboard: serves the dashboard and forwards its requests to the configured registries, so that both
//! have one origin. Library first; the binary `acr-gateway` only reads its command line and calls this.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use acr_gateway::{Config, Gateway, Server};
//!
//! let config = Config::new(vec!["contoso.azurecr.io".parse()?])?;
//! let server = Server::bind(Gateway::new(config)?).await?;
//! println!("Serving on {}", server.url());
//! server.serve(std::future::pending()).await;
//! # Ok(())
//! # }
//! ```
//!
//! A request passes through the rooms in this order: `inbound` (is it well-formed, for this gateway, from whom, and is there room),
//! `route` (which part of the gateway, which operation, is it allowed), then `site` (the page) or `outbound` (the registry and back).
//! `observe` records what happened. `config` is what all of them are configured with, `settings` where that comes from.

pub mod check;
pub mod cli;
pub mod config;
mod connection;
#[cfg(feature = "demo")]
pub mod demo;
pub mod entra_setup;
mod gateway;
pub mod inbound;
pub mod observe;
mod outbound;
mod problem;
mod quoted;
pub mod route;
mod server;
pub mod settings;
mod site;
mod workers;

pub use config::{Config, ConfigError, Registry};
pub use gateway::Gateway;
pub use inbound::caller::Peer;
pub use outbound::headers::SOURCE_CLIENT;
pub use problem::Problem;
pub use server::{BindError, Reloader, RunningServer, Server};
pub use site::assets::Assets;
pub use workers::Workers;
