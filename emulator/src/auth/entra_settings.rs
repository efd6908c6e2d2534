//! The settings of the emulator's Microsoft Entra tenant.

use std::time::Duration;

/// The tenant and its one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntraSettings {
    /// The id of the tenant, the first segment of every path of the authority.
    pub tenant: String,
    /// The id of the application that may sign users in.
    pub client_id: String,
    /// The redirect URIs that are registered for it as a single-page application.
    pub redirect_uris: Vec<String>,
    /// The repository that the account "reader" may read.
    pub reader_repository: String,
    /// How long an access token lives: one hour.
    pub access_token_lifetime: Duration,
    /// How long after a sign-in its refresh tokens are accepted: one day, as for every single-page application.
    pub refresh_token_lifetime: Duration,
}

impl Default for EntraSettings {
    fn default() -> Self {
        Self {
            tenant: "2f8c1d60-6a1b-4c7e-9d35-0b7e4a1c5f90".to_owned(),
            client_id: "c0ffee00-1b2c-4d3e-8f40-a1b2c3d4e5f6".to_owned(),
            redirect_uris: Vec::new(),
            reader_repository: "samples/hello-world".to_owned(),
            access_token_lifetime: Duration::from_secs(3_600),
            refresh_token_lifetime: Duration::from_secs(24 * 3_600),
        }
    }
}
