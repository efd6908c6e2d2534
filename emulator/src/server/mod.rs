//! The emulator from outside: one request and its answer, listening on ports, the admin endpoint and the storage host.

mod admin;
mod build_error;
mod builder;
mod client_address;
mod emulator;
mod entra;
mod host;
mod listen;
mod storage;
mod tls;

pub use build_error::BuildError;
pub use builder::EmulatorBuilder;
pub use client_address::ClientAddress;
pub use emulator::Emulator;
pub use listen::{ListenOptions, RunningEmulator};
pub use tls::{TlsError, server_config};
