//! Where an inventory comes from: a snapshot file, or a registry that is read.

use std::io::Read as _;
use std::path::Path;

use acr_client_wasm::{Credential, Environment as _, RegistryClient, Secret};
use acr_inventory::Instant;
use acr_inventory::snapshot::{Snapshot, read};

use crate::failure::Failure;
use crate::options::Options;
use crate::read::{Request, read_registry};
use crate::transport::{HyperTransport, SystemEnvironment};

/// An inventory, and how much of it could be had.
pub(crate) struct Loaded {
    pub(crate) snapshot: Snapshot,
    /// The host that a registry was read from; it may call itself otherwise.
    pub(crate) address: Option<String>,
    failed: usize,
}

impl Loaded {
    /// 5 where something could not be read, else 0.
    pub(crate) fn exit_code(&self) -> u8 {
        if self.failed > 0 { 5 } else { 0 }
    }
}

/// Reads a source: a file where there is one of that name, else a registry.
pub(crate) fn load(source: &str, options: &Options) -> Result<Loaded, Failure> {
    if Path::new(source).is_file() {
        let text =
            std::fs::read_to_string(source).map_err(|error| Failure::file(Path::new(source), &error))?;
        let snapshot = read(&text).map_err(|error| Failure::snapshot(source, &error))?;
        return Ok(Loaded { snapshot, address: None, failed: 0 });
    }
    let endpoint = if source.contains("://") { source.to_owned() } else { format!("https://{source}") };
    let host = endpoint.split("://").nth(1).unwrap_or_default();
    if !host.contains(['.', ':']) && !host.starts_with("localhost") {
        return Err(Failure::File(format!("{source} is neither a file nor a registry")));
    }
    let transport = HyperTransport::new().map_err(|error| Failure::Setup(error.to_string()))?;
    let client = RegistryClient::builder(&endpoint)
        .credential(credential(options)?)
        .transport(transport)
        .environment(SystemEnvironment)
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Setup(error.to_string()))?;
    let taken = now();
    let request = Request {
        repositories: &options.repository,
        concurrency: usize::from(options.concurrency),
        verbose: options.verbose,
    };
    let reading = runtime.block_on(read_registry(&client, &SystemEnvironment, &request))?;
    if let Some(error) = &reading.gave_up {
        eprintln!("acr-inventory: gave up before everything was read: {error}");
    }
    if let Some(error) = &reading.first_error {
        eprintln!("acr-inventory: {} requests failed, the first with: {error}", reading.failed);
    }
    let snapshot = Snapshot { inventory: reading.inventory, taken };
    let address = Some(client.login_server().to_owned());
    Ok(Loaded { snapshot, address, failed: reading.failed })
}

/// The credential of the environment. It is never an argument, which other users of the machine can see.
fn credential(options: &Options) -> Result<Credential, Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(token) = variable("ACR_REFRESH_TOKEN") {
        return Ok(Credential::RefreshToken(Secret::new(token)));
    }
    let Some(username) = variable("ACR_USERNAME") else {
        if options.password_stdin || variable("ACR_PASSWORD").is_some() {
            return Err(Failure::Usage("a password needs ACR_USERNAME".to_owned()));
        }
        return Ok(Credential::Anonymous);
    };
    let password = if options.password_stdin {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
        Some(text.trim_end_matches(['\r', '\n']).to_owned())
    } else {
        variable("ACR_PASSWORD")
    };
    let password =
        password.ok_or_else(|| Failure::Usage("ACR_USERNAME is set and ACR_PASSWORD is not".to_owned()))?;
    Ok(Credential::Password { username, password: Secret::new(password) })
}

fn now() -> Instant {
    Instant::from_unix_millis(i64::try_from(SystemEnvironment.now().as_millis()).unwrap_or(i64::MAX))
}
