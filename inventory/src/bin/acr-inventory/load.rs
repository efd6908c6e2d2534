//! Where an inventory comes from: a snapshot file, or a registry that is read.

use std::io::Read as _;
use std::path::Path;

use acr_client_wasm::{Credential, Environment as _, RegistryClient, Secret};
use acr_inventory::snapshot::{Snapshot, read};
use acr_inventory::{Instant, Inventory};

use crate::failure::Failure;
use crate::options::Options;
use crate::print::visible;
use crate::read::{Request, read_registry};
use crate::transport::{HyperTransport, SystemEnvironment};

/// An inventory, and how much of it could be had.
pub(crate) struct Loaded {
    pub(crate) snapshot: Snapshot,
    /// The host that a registry was read from; it may call itself otherwise.
    pub(crate) address: Option<String>,
    is_complete: bool,
}

impl Loaded {
    /// Reports on standard error what went wrong, else what was not read of what was asked for.
    fn new(snapshot: Snapshot, problem: Option<String>, options: &Options) -> Self {
        let problem = problem.or_else(|| unread(&snapshot.inventory, &options.repository));
        if let Some(problem) = &problem {
            eprintln!("acr-inventory: {}", visible(problem));
        }
        Self { is_complete: problem.is_none(), snapshot, address: None }
    }

    /// 5 where something was not read, else 0.
    pub(crate) fn exit_code(&self) -> u8 {
        if self.is_complete { 0 } else { 5 }
    }
}

/// What is missing of the registry, or of these repositories where any are named.
fn unread(inventory: &Inventory, repositories: &[String]) -> Option<String> {
    let graph = inventory.graph();
    if repositories.is_empty() {
        return (!graph.is_complete()).then(|| format!("not all of {} was read", inventory.registry()));
    }
    repositories.iter().find_map(|name| match inventory.find_repository(name) {
        None => Some(format!("{} has no repository {name}", inventory.registry())),
        Some(id) => (!graph.is_repository_read(id)).then(|| format!("not all of {name} was read")),
    })
}

/// Reads a source: a file where there is one of that name, standard input for `-`, else a registry.
pub(crate) fn load(source: &str, options: &Options) -> Result<Loaded, Failure> {
    let path = Path::new(source);
    if source == "-" {
        if options.password_stdin {
            return Err(Failure::Usage("standard input cannot be a snapshot and a password".to_owned()));
        }
        let text = std::io::read_to_string(std::io::stdin());
        return from_text("standard input", text, options);
    }
    // A folder may have the name of a registry.
    if path.exists() && (!path.is_dir() || is_path(source)) {
        return from_text(source, std::fs::read_to_string(path), options);
    }
    if is_path(source) {
        return Err(Failure::File(format!("{source}: there is no such file")));
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
    let failed = reading.failed;
    let gave_up = reading.gave_up.map(|error| format!("gave up before everything was read: {error}"));
    let first = reading.first_error.map(|error| format!("{failed} requests failed, the first with: {error}"));
    let snapshot = Snapshot { inventory: reading.inventory, taken };
    let loaded = Loaded::new(snapshot, gave_up.or(first), options);
    Ok(Loaded { address: Some(client.login_server().to_owned()), ..loaded })
}

fn from_text(name: &str, text: std::io::Result<String>, options: &Options) -> Result<Loaded, Failure> {
    let text = text.map_err(|error| Failure::file(Path::new(name), &error))?;
    let snapshot = read(&text).map_err(|error| Failure::snapshot(name, &error))?;
    Ok(Loaded::new(snapshot, None, options))
}

/// Whether a source looks like a file and not like a host.
fn is_path(source: &str) -> bool {
    const ENDINGS: [&str; 9] = ["jsonl", "ndjson", "json", "txt", "gz", "zst", "xz", "tar", "zip"];
    let extension = Path::new(source).extension().and_then(|extension| extension.to_str());
    let is_file =
        extension.is_some_and(|extension| ENDINGS.iter().any(|one| extension.eq_ignore_ascii_case(one)));
    !source.contains("://") && (source.contains(['/', '\\']) || is_file)
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
