//! How an emulator is set up. Defaults are the real service's, or an emulator's where the service has none.

mod behaviour;
pub(crate) mod clock;
mod seed;
mod sku;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Account, EntraKeys, EntraSettings, ScopedToken, SeveralScopes};
use crate::fault::FaultPlan;
pub use behaviour::Behaviour;
use clock::{Clock, SystemClock};
pub use seed::{Scale, Seed};
pub use sku::Sku;

/// What a request to mount a blob does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MountMode {
    /// Opens an upload session instead, as the service did in January 2024.
    Fallback,
    /// Mounts the blob, as the service does since, and did in January 2022.
    #[default]
    Real,
}

/// The settings of an emulator. `EmulatorBuilder` fills it in.
#[derive(Clone)]
pub struct Config {
    /// The name of the registry; the request's `Host` when `None`.
    pub login_server: Option<String>,
    /// Whether clients reach it over TLS, which its challenges then say.
    pub tls: bool,
    /// The admin user. With neither it, nor tokens, nor anonymous pull, the registry is open to all.
    pub admin: Option<Account>,
    /// Repository-scoped tokens.
    pub tokens: Vec<ScopedToken>,
    /// Whether callers without credentials may read.
    pub anonymous_pull: bool,
    /// How long an access token lives: 75 minutes.
    pub access_token_lifetime: Duration,
    /// How long a refresh token lives: 3 hours and 15 minutes.
    pub refresh_token_lifetime: Duration,
    /// How the service answers, which has changed over the years.
    pub behaviour: Behaviour,
    /// The service tier.
    pub sku: Sku,
    /// Whether the order of actions and scopes in a challenge varies, as it does in the service.
    pub vary: bool,
    /// What the token service does with a request for several scopes.
    pub several_scopes: SeveralScopes,
    /// Whether Entra tokens for Azure Resource Manager are accepted, as with the service's policy
    /// `azureADAuthenticationAsArmPolicy`.
    pub arm_audience: bool,
    /// The keys that Entra tokens must be signed with; signatures are not checked when `None`.
    pub entra_keys: Option<EntraKeys>,
    /// The Microsoft Entra tenant of the registry. With it only tokens of its authority are accepted, and credentials are
    /// required.
    pub entra: Option<EntraSettings>,
    /// What a request to mount a blob does.
    pub mount: MountMode,
    /// Whether blobs are answered with a redirect to the storage address, where there is one.
    pub blob_redirect: bool,
    /// The host that storage addresses name. `None`: another name of the registry's host where there is one, `localhost`
    /// for `127.0.0.1` and the other way round, and else the registry's own.
    pub storage_host: Option<String>,
    /// How long a storage address is good: 20 minutes.
    pub redirect_lifetime: Duration,
    /// How long an upload session lives untouched: one day.
    pub upload_lifetime: Duration,
    /// The largest manifest, in bytes: 4 MiB.
    pub max_manifest_size: u64,
    /// The largest blob, in bytes: 200 GiB.
    pub max_blob_size: u64,
    /// Bytes of blobs and uploads that an emulator without a data folder holds at most: 2 GiB.
    pub memory: u64,
    /// The folder to keep the registry in; memory when `None`.
    pub data: Option<PathBuf>,
    /// What an empty registry is filled with.
    pub seed: Seed,
    /// How much of it there is on top.
    pub scale: Scale,
    /// The faults to begin with.
    pub faults: FaultPlan,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            login_server: None,
            tls: false,
            admin: None,
            tokens: Vec::new(),
            anonymous_pull: false,
            access_token_lifetime: Duration::from_secs(4_500),
            refresh_token_lifetime: Duration::from_secs(11_700),
            behaviour: Behaviour::default(),
            sku: Sku::default(),
            vary: false,
            several_scopes: SeveralScopes::default(),
            arm_audience: true,
            entra_keys: None,
            entra: None,
            mount: MountMode::default(),
            blob_redirect: false,
            storage_host: None,
            redirect_lifetime: Duration::from_secs(20 * 60),
            upload_lifetime: Duration::from_secs(24 * 60 * 60),
            max_manifest_size: 4 * MIB,
            max_blob_size: 200 * 1024 * MIB,
            memory: 2 * 1024 * MIB,
            data: None,
            seed: Seed::default(),
            scale: Scale::default(),
            faults: FaultPlan::default(),
            clock: Arc::new(SystemClock::default()),
        }
    }
}
