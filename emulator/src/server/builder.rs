//! Setting an emulator up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::build_error::BuildError;
use super::emulator::Emulator;
use super::listen::{self, ListenOptions, RunningEmulator};
use crate::auth::{Account, EntraKeys, EntraSettings, ScopedToken, Secret, SeveralScopes};
use crate::config::clock::Clock;
use crate::config::{Behaviour, Config, MountMode, Scale, Seed, Sku};
use crate::fault::FaultPlan;
use crate::seed;
use crate::service::Service;

impl Emulator {
    /// An emulator to set up.
    #[must_use]
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Starts an empty emulator that is open to all, on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start() -> Result<RunningEmulator, BuildError> {
        Self::builder().start().await
    }
}

/// Sets up an emulator. Every setting has the default of [`Config`].
#[derive(Clone, Default)]
pub struct EmulatorBuilder {
    config: Config,
    listen: ListenOptions,
}

impl std::fmt::Debug for EmulatorBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmulatorBuilder").finish_non_exhaustive()
    }
}

impl EmulatorBuilder {
    /// Starts from settings that exist.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Where to listen, for `start`.
    #[must_use]
    pub fn listen(mut self, listen: ListenOptions) -> Self {
        self.listen = listen;
        self
    }

    /// The name of the registry, such as `contoso.azurecr.io`; else the request's `Host`.
    #[must_use]
    pub fn login_server(mut self, name: impl Into<String>) -> Self {
        self.config.login_server = Some(name.into());
        self
    }

    /// What an empty registry is filled with.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.config.seed = seed;
        self
    }

    /// How many repositories and tags there are on top of the seed.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.config.scale = scale;
        self
    }

    /// The admin user. From here on credentials are required. A second call adds a second password.
    #[must_use]
    pub fn admin(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        let (username, password) = (username.into(), Secret::new(password));
        match &mut self.config.admin {
            Some(admin) if admin.username == username => admin.passwords.push(password),
            admin => *admin = Some(Account { username, passwords: vec![password] }),
        }
        self
    }

    /// A repository-scoped token. From here on credentials are required.
    #[must_use]
    pub fn token(mut self, token: ScopedToken) -> Self {
        self.config.tokens.push(token);
        self
    }

    /// Whether callers without credentials may read.
    #[must_use]
    pub fn anonymous_pull(mut self, on: bool) -> Self {
        self.config.anonymous_pull = on;
        self
    }

    /// How long access tokens live.
    #[must_use]
    pub fn access_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.access_token_lifetime = lifetime;
        self
    }

    /// How long refresh tokens live.
    #[must_use]
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.refresh_token_lifetime = lifetime;
        self
    }

    /// How the service answers, which has changed over the years.
    #[must_use]
    pub fn behaviour(mut self, behaviour: Behaviour) -> Self {
        self.config.behaviour = behaviour;
        self
    }

    /// The service tier, whose budget the rate headers count down from.
    #[must_use]
    pub fn sku(mut self, sku: Sku) -> Self {
        self.config.sku = sku;
        self
    }

    /// Whether the order of actions and scopes in a challenge varies.
    #[must_use]
    pub fn vary(mut self, on: bool) -> Self {
        self.config.vary = on;
        self
    }

    /// What the token service does with a request for several scopes.
    #[must_use]
    pub fn several_scopes(mut self, answer: SeveralScopes) -> Self {
        self.config.several_scopes = answer;
        self
    }

    /// Whether Entra tokens for Azure Resource Manager are accepted.
    #[must_use]
    pub fn arm_audience(mut self, on: bool) -> Self {
        self.config.arm_audience = on;
        self
    }

    /// The keys that Entra tokens must be signed with. Without them signatures are not checked.
    #[must_use]
    pub fn entra_keys(mut self, keys: EntraKeys) -> Self {
        self.config.entra_keys = Some(keys);
        self
    }

    /// The Microsoft Entra tenant of the registry. A running emulator serves its authority on a port of its own.
    #[must_use]
    pub fn entra(mut self, settings: EntraSettings) -> Self {
        self.config.entra = Some(settings);
        self
    }

    /// Bytes of blobs and uploads that an emulator without a data folder holds at most.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Self {
        self.config.memory = bytes;
        self
    }

    /// The host that storage addresses name, without a port.
    #[must_use]
    pub fn storage_host(mut self, host: impl Into<String>) -> Self {
        self.config.storage_host = Some(host.into());
        self
    }

    /// What a request to mount a blob does.
    #[must_use]
    pub fn mount(mut self, mode: MountMode) -> Self {
        self.config.mount = mode;
        self
    }

    /// Whether blobs are answered with a redirect to storage. Takes a running emulator: `respond` alone has no
    /// storage address to lead to, and answers with the bytes.
    #[must_use]
    pub fn blob_redirect(mut self, on: bool) -> Self {
        self.config.blob_redirect = on;
        self
    }

    /// How long a storage address is good.
    #[must_use]
    pub fn redirect_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.redirect_lifetime = lifetime;
        self
    }

    /// How long an upload session lives untouched.
    #[must_use]
    pub fn upload_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.upload_lifetime = lifetime;
        self
    }

    /// The largest blob, in bytes.
    #[must_use]
    pub fn max_blob_size(mut self, bytes: u64) -> Self {
        self.config.max_blob_size = bytes;
        self
    }

    /// The folder to keep the registry in.
    #[must_use]
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.data = Some(folder.into());
        self
    }

    /// The faults to begin with.
    #[must_use]
    pub fn faults(mut self, plan: FaultPlan) -> Self {
        self.config.faults = plan;
        self
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.config.clock = clock;
        self
    }

    /// Sets the emulator up, and fills it.
    ///
    /// # Errors
    /// When the data folder cannot be used.
    pub fn build(self) -> Result<Emulator, BuildError> {
        let service = Service::open(self.config).map_err(|error| BuildError::new(error.to_string()))?;
        seed::fill(&service)
            .map_err(|error| BuildError::new(format!("the registry could not be filled: {error}")))?;
        Ok(Emulator::new(service))
    }

    /// Sets the emulator up and starts listening; it stops when the returned value is dropped.
    ///
    /// # Errors
    /// When it cannot be set up, or a port is not free.
    pub async fn start(mut self) -> Result<RunningEmulator, BuildError> {
        self.config.tls |= self.listen.tls.is_some();
        let listen = std::mem::take(&mut self.listen);
        let emulator = self.build()?;
        if !emulator.service().journal_is_written().await {
            return Err(BuildError::new(
                "what the registry was filled with cannot be written to the data folder",
            ));
        }
        listen::start(emulator, listen).await
    }
}
