//! An Azure Container Registry in one process, for tests, demos and development.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let registry = acr_emulator::Emulator::start().await.unwrap();
//! println!("{}", registry.url());
//! # });
//! ```
//!
//! [`Emulator::respond`] answers a request without any socket; [`Emulator::start`] listens on a free port.
//!
//! Inside, requests flow one way: `server` (sockets) to `emulator` (one request) to `route` (what it names) to
//! `operation` (one file a resource) to `service` (the state and how it changes) to `registry` (the state itself, pure)
//! and `storage` (bytes at rest). `auth` and `fault` stand beside the operations; `seed` pushes what an empty registry
//! begins with. Nothing here knows a client of this project.

mod admin;
mod auth;
mod client;
mod clock;
mod config;
mod emulator;
mod error;
mod fault;
mod host;
mod name;
mod operation;
mod page;
mod query;
mod range;
mod registry;
mod response;
mod route;
mod seed;
mod server;
mod service;
mod storage;
mod storage_address;
mod storage_service;
mod tls;
mod upload;
mod upload_state;

pub use auth::{Account, ScopeMap, ScopedToken, Secret};
pub use client::ClientAddress;
pub use clock::{Clock, ManualClock, SystemClock, Time};
pub use config::{Config, MountMode};
pub use emulator::{BuildError, Emulator, EmulatorBuilder};
pub use fault::{Fault, FaultPlan, FaultRule, Throttle};
pub use response::Response;
pub use seed::{Scale, Seed};
pub use server::{ListenOptions, RunningEmulator};
pub use tls::{TlsError, server_config};
