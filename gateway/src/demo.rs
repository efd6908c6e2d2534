//! The demonstration: an emulated registry in this process, reached over a real socket like any other. Part of the binary only with the
//! feature `demo`.

pub use acr_emulator::Scale;
use acr_emulator::{Emulator, RunningEmulator, Seed};

use crate::config::Config;
use crate::settings::{self, Settings};

const NAME: &str = "demo";
const LOGIN_SERVER: &str = "demo.azurecr.io";

/// Starts the registry on a free loopback port and returns a configuration for it. The registry stops when dropped.
///
/// Its blobs are redirected to a second loopback port, which is the one storage host the configuration adds.
///
/// # Errors
/// A setting that cannot be used, or no free port.
pub async fn start(settings: Settings, scale: Scale) -> anyhow::Result<(Config, RunningEmulator)> {
    let emulator =
        Emulator::builder().login_server(LOGIN_SERVER).seed(Seed::Demo).scale(scale).blob_redirect(true);
    let emulator = emulator
        .start()
        .await
        .map_err(|error| anyhow::anyhow!("the demonstration's registry does not start: {error}"))?;
    let (url, storage) = (emulator.url(), emulator.storage_url());
    let storage: Vec<&str> = storage.iter().map(String::as_str).collect();
    let settings = settings.with_registry(
        &[
            ("url", &url),
            ("name", NAME),
            ("login_server", LOGIN_SERVER),
            ("display_name", "Demonstration registry"),
        ],
        &[("sign_in", &["anonymous"]), ("storage_hosts", &storage)],
    );
    Ok((settings::resolve(settings)?, emulator))
}
