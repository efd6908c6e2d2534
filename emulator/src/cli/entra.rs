//! The flags of the Microsoft Entra authority.

use std::time::Duration;

use acr_emulator::EntraSettings;
use clap::Args;

/// Options of the authority; each needs `--entra`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Microsoft Entra ID")]
pub(super) struct EntraOptions {
    /// Port of the authority; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0, requires = "entra")]
    entra_port: u16,
    /// Redirect URI that is registered for the application; may be repeated
    #[arg(long, value_name = "URL", requires = "entra")]
    entra_redirect_uri: Vec<String>,
    /// Id of the application [default: c0ffee00-1b2c-4d3e-8f40-a1b2c3d4e5f6]
    #[arg(long, value_name = "ID", requires = "entra")]
    entra_client_id: Option<String>,
    /// Id of the tenant [default: 2f8c1d60-6a1b-4c7e-9d35-0b7e4a1c5f90]
    #[arg(long, value_name = "ID", requires = "entra")]
    entra_tenant: Option<String>,
    /// Repository that the account "reader" may read [default: samples/hello-world]
    #[arg(long, value_name = "REPOSITORY", requires = "entra")]
    entra_reader_repository: Option<String>,
    /// Seconds an Entra access token lives [default: 3600]
    #[arg(long, value_name = "SECONDS", requires = "entra", value_parser = clap::value_parser!(u64).range(1..))]
    entra_access_token_lifetime: Option<u64>,
    /// Seconds after a sign-in that its Entra refresh tokens are accepted [default: 86400]
    #[arg(long, value_name = "SECONDS", requires = "entra", value_parser = clap::value_parser!(u64).range(1..))]
    entra_refresh_token_lifetime: Option<u64>,
}

impl EntraOptions {
    pub(super) fn port(&self) -> u16 {
        self.entra_port
    }

    /// The settings that the flags describe.
    pub(super) fn settings(&self) -> EntraSettings {
        let default = EntraSettings::default();
        let seconds = |given: Option<u64>, default: Duration| given.map_or(default, Duration::from_secs);
        EntraSettings {
            tenant: self.entra_tenant.clone().unwrap_or(default.tenant),
            client_id: self.entra_client_id.clone().unwrap_or(default.client_id),
            redirect_uris: self.entra_redirect_uri.clone(),
            reader_repository: self.entra_reader_repository.clone().unwrap_or(default.reader_repository),
            access_token_lifetime: seconds(self.entra_access_token_lifetime, default.access_token_lifetime),
            refresh_token_lifetime: seconds(
                self.entra_refresh_token_lifetime,
                default.refresh_token_lifetime,
            ),
        }
    }
}
