//! What an operator can set. `definition` says what a setting is, `gateway` and `registry` define each one once, and everything
//! else follows from that: reading the TOML file (`file`), flags and environment variables (`flags`), the JSON schema and the example
//! file (`document`), and the configuration that the values amount to (`resolve`).
//!
//! A flag is the key with dashes (`limits.upload_bytes` is `--limits-upload-bytes`), a variable is the flag in capitals after
//! `ACR_GATEWAY_`. Flags win over variables, variables over the file.

mod bounds;
mod definition;
mod document;
mod draft;
mod entra;
mod file;
mod flags;
mod gateway;
mod identity;
mod locate;
mod registry;
mod resolve;
mod value;

pub use document::{example, schema};
pub use file::{SettingsError, SettingsFile};
pub use flags::{GatewayFlags, RegistryFlags};
pub use resolve::resolve;
pub use value::Settings;
