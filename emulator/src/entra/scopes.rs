//! The scopes of a request: what they ask of OpenID Connect, and the resource that they are for. Pure.

use super::error::EntraError;

/// Scopes that ask for no access to a resource.
const OPENID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The resources that tokens are issued for.
const RESOURCES: [&str; 4] = [
    "https://containerregistry.azure.net",
    "https://management.azure.com",
    "https://management.chinacloudapi.cn",
    "https://management.usgovcloudapi.net",
];

/// The scopes of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scopes(Vec<String>);

impl Scopes {
    /// The scopes of the parameter `scope`.
    pub(super) fn parse(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an ID token is asked for.
    pub(super) fn wants_id_token(&self) -> bool {
        self.has("openid")
    }

    /// Whether a refresh token is asked for.
    pub(super) fn wants_refresh_token(&self) -> bool {
        self.has("offline_access")
    }

    /// The resource: what stands before `/.default` or before the name of a permission.
    pub(super) fn resource(&self) -> Result<&str, EntraError> {
        let scope = self.0.iter().find(|scope| !OPENID_SCOPES.contains(&scope.as_str()));
        let resource = scope.and_then(|scope| scope.rsplit_once('/')).map_or("", |(resource, _)| resource);
        if RESOURCES.contains(&resource) {
            return Ok(resource);
        }
        let message = format!("The resource principal named {resource} was not found in the tenant.");
        Err(EntraError::new("invalid_resource", 500_011, message))
    }

    fn has(&self, wanted: &str) -> bool {
        self.0.iter().any(|scope| scope == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_stands_before_the_permission() {
        let scopes = Scopes::parse("openid https://management.azure.com/.default offline_access");
        assert_eq!(scopes.resource().unwrap(), "https://management.azure.com");
        assert!(scopes.wants_id_token() && scopes.wants_refresh_token());
        let scopes = Scopes::parse("https://containerregistry.azure.net/user_impersonation");
        assert_eq!(scopes.resource().unwrap(), "https://containerregistry.azure.net");
        assert!(!scopes.wants_id_token() && !scopes.wants_refresh_token());
        for unknown in ["", "openid profile", "https://graph.microsoft.com/.default", "User.Read"] {
            assert_eq!(Scopes::parse(unknown).resource().unwrap_err().code, 500_011, "{unknown}");
        }
    }
}
