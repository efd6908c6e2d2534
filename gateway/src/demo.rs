//! The demonstration: an emulated registry in this process, reached over a real socket like any other.

use acr_emulator::{Emulator, RunningEmulator, Scale, Seed};

use crate::config::{Config, SignIn};
use crate::settings::{self, RegistrySettings, Settings};

const NAME: &str = "demo";
const LOGIN_SERVER: &str = "demo.azurecr.io";

/// Starts the registry on a free loopback port and returns a configuration for it. The registry stops when dropped.
///
/// Its blobs are redirected to a second loopback port, which is the one storage host the configuration adds.
///
/// # Errors
/// A setting that cannot be, or no port to be had.
pub async fn start(mut settings: Settings, scale: Scale) -> anyhow::Result<(Config, RunningEmulator)> {
    let emulator =
        Emulator::builder().login_server(LOGIN_SERVER).seed(Seed::Demo).scale(scale).blob_redirect(true);
    let emulator = emulator
        .start()
        .await
        .map_err(|error| anyhow::anyhow!("the demonstration's registry does not start: {error}"))?;
    settings.registries = vec![RegistrySettings {
        url: emulator.url(),
        name: Some(NAME.to_owned()),
        login_server: Some(LOGIN_SERVER.to_owned()),
        display_name: Some("Demonstration registry".to_owned()),
        sign_in: Some(vec![SignIn::Anonymous]),
        storage_hosts: emulator.storage_address().map(|address| vec![format!("http://{address}")]),
        ..RegistrySettings::default()
    }];
    Ok((settings::resolve(settings)?, emulator))
}
