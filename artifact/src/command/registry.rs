//! The name of a registry in Azure Resource Manager, which `az acr` wants, and the cloud it is in, from its login server.

/// A cloud of Azure, by the name that `az cloud set --name` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cloud {
    /// Azure.
    Public,
    /// Azure Government.
    UsGovernment,
    /// Azure operated by 21Vianet.
    China,
    /// A cloud that this crate does not know, for instance Azure Stack Hub.
    Other,
}

impl Cloud {
    /// The cloud of a login server.
    #[must_use]
    pub fn of(login_server: &str) -> Self {
        let host = host(login_server);
        if host.ends_with(".azurecr.io") {
            Self::Public
        } else if host.ends_with(".azurecr.us") {
            Self::UsGovernment
        } else if host.ends_with(".azurecr.cn") {
            Self::China
        } else {
            Self::Other
        }
    }

    /// The name for `az cloud set --name`; none for the public cloud, which is the default, and for unknown ones.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::UsGovernment => Some("AzureUSGovernment"),
            Self::China => Some("AzureChinaCloud"),
            Self::Public | Self::Other => None,
        }
    }
}

/// The name that `az acr` takes for a registry. Registry names are alphanumeric, so a dash in the first label begins the hash of a domain
/// name label, which is no part of the name. None where the host is not one of Azure Container Registry.
///
/// ```
/// use acr_artifact::command::registry_name;
///
/// assert_eq!(registry_name("contosoacr-e7ggejfuhzhgedc8.azurecr.io").as_deref(), Some("contosoacr"));
/// assert_eq!(registry_name("contoso.westeurope.geo.azurecr.io").as_deref(), Some("contoso"));
/// assert_eq!(registry_name("Contoso.azurecr.us:443").as_deref(), Some("contoso"));
/// assert_eq!(registry_name("registry.example.com"), None);
/// ```
#[must_use]
pub fn registry_name(login_server: &str) -> Option<String> {
    let host = host(login_server);
    let (label, domain) = host.split_once('.')?;
    if !domain.split('.').any(|part| part == "azurecr") {
        return None;
    }
    let name = label.split('-').next().unwrap_or_default();
    let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
    valid.then(|| name.to_owned())
}

/// The host in lower case, without scheme, path, final dot and port.
fn host(login_server: &str) -> String {
    let lower = login_server.trim().to_ascii_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    host.trim_end_matches('.').to_owned()
}
