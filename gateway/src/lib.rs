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
//! One request passes through: `shape` (is it well-formed and for us), `route` (which part), then for a registry `target` (may
//! this path be asked), `operation` (what is it), the permissions, and `forward` (there and back). `config` holds what all of them
//! take their orders from.

mod admission;
mod assets;
pub mod check;
pub mod cli;
mod client;
pub mod config;
pub mod demo;
mod forward;
mod framing;
mod gateway;
mod identity;
mod journal;
pub mod logging;
mod metrics;
pub mod open_files;
pub mod operation;
mod page;
mod page_config;
mod permission;
mod problem;
pub mod route;
mod security;
mod server;
pub mod settings;
mod shape;
pub mod target;
mod tls;
mod trace;
mod upstream;

pub use assets::Assets;
pub use config::{Config, ConfigError, Registry};
pub use forward::SOURCE_CLIENT;
pub use gateway::{Gateway, Peer};
pub use problem::Problem;
pub use server::{BindError, RunningServer, Server};
