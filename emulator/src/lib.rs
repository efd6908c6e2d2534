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
//! Inside, requests flow one way: `server` (sockets, one request) to `protocol::route` (what it names) to `operation`
//! (one file for each resource) to `service` (the running registry) to `registry` (the state itself, pure) and `storage`
//! (bytes). ARCHITECTURE.md has the table of which folder may import which. Nothing here depends on a client.

mod auth;
mod config;
mod entra;
mod fault;
mod operation;
mod protocol;
mod registry;
mod response;
mod seed;
mod server;
mod service;
mod storage;
mod upload;

pub use auth::{
    Account, EntraKeys, EntraKeysError, EntraSettings, ScopeMap, ScopedToken, Secret, SeveralScopes,
    unsigned_entra_token,
};
pub use config::clock::{Clock, ManualClock, SystemClock};
pub use config::{Behaviour, Config, MountMode, Scale, Seed, Sku};
pub use fault::{EntraRefusal, Fault, FaultPlan, FaultRule, Throttle};
pub use protocol::time::Time;
pub use response::Response;
pub use server::{
    BuildError, ClientAddress, Emulator, EmulatorBuilder, ListenOptions, RunningEmulator, TlsError,
    server_config,
};
