//! How people sign in with Microsoft: the application of the page, its tenant, and the authority that signs them in. Parsing and
//! checking only, no I/O.

use std::fmt;
use std::str::FromStr;

use super::origin::Origin;
use super::storage::azure_registry;

/// The scope of tokens for registries, in every cloud.
pub(super) const REGISTRY_SCOPE: &str = "https://containerregistry.azure.net/.default";

/// The page's file that Microsoft redirects to, below the base path.
pub const REDIRECT_PAGE: &str = "redirect.html";

/// What is set for all registries, or for one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntraConfig {
    /// The id of the application that is registered for the page.
    pub client_id: Option<String>,
    /// The id or a domain of the tenant whose users sign in.
    pub tenant: Option<String>,
    /// Where they sign in.
    pub authority: Option<EntraAuthority>,
    /// The scope that their tokens are requested with.
    pub scope: Option<String>,
}

impl EntraConfig {
    /// What is set here, and what `other` sets in addition.
    pub(crate) fn or(&self, other: &Self) -> Self {
        Self {
            client_id: self.client_id.clone().or_else(|| other.client_id.clone()),
            tenant: self.tenant.clone().or_else(|| other.tenant.clone()),
            authority: self.authority.clone().or_else(|| other.authority.clone()),
            scope: self.scope.clone().or_else(|| other.scope.clone()),
        }
    }

    /// How people sign in to the registry of a login server; `None` where no application is set.
    pub(super) fn sign_in(self, login_server: &str) -> Option<EntraSignIn> {
        let authority = self.authority.unwrap_or_else(|| EntraAuthority::of_login_server(login_server));
        let resource_manager = authority.resource_manager_scope();
        let scope = self.scope.unwrap_or_else(|| REGISTRY_SCOPE.to_owned());
        let other_scope = if scope == REGISTRY_SCOPE { resource_manager } else { REGISTRY_SCOPE };
        Some(EntraSignIn {
            client_id: self.client_id?,
            tenant: self.tenant.unwrap_or_else(|| "organizations".to_owned()),
            authority,
            other_scope: other_scope.to_owned(),
            scope,
        })
    }

    /// Whether anything is set.
    pub(crate) fn is_set(&self) -> bool {
        *self != Self::default()
    }
}

/// Where users sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntraAuthority {
    /// The public cloud.
    Public,
    /// Azure for US Government.
    UsGovernment,
    /// Azure operated by 21Vianet in China.
    China,
    /// Another authority, by the origin of its address.
    At(Origin),
}

impl EntraAuthority {
    /// The cloud of a registry, by its login server; the public one for hosts outside Azure.
    pub(crate) fn of_login_server(login_server: &str) -> Self {
        match azure_registry(login_server) {
            Some((_, "azurecr.us")) => Self::UsGovernment,
            Some((_, "azurecr.cn")) => Self::China,
            _ => Self::Public,
        }
    }

    /// The cloud whose authority is at an origin, by any of its hosts. Its other addresses and scopes follow.
    fn of_origin(origin: Origin) -> Self {
        match origin.as_str() {
            "https://login.microsoftonline.com" | "https://login.windows.net" => Self::Public,
            "https://login.microsoftonline.us" | "https://login.usgovcloudapi.net" => Self::UsGovernment,
            "https://login.partner.microsoftonline.cn" | "https://login.chinacloudapi.cn" => Self::China,
            _ => Self::At(origin),
        }
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        match self {
            Self::Public => "https://login.microsoftonline.com",
            Self::UsGovernment => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
            Self::At(origin) => origin.as_str(),
        }
    }

    /// The scope of Azure Resource Manager, whose tokens a registry accepts unless its policy says otherwise.
    #[must_use]
    pub fn resource_manager_scope(&self) -> &'static str {
        match self {
            Self::UsGovernment => "https://management.usgovcloudapi.net/.default",
            Self::China => "https://management.chinacloudapi.cn/.default",
            Self::Public | Self::At(_) => "https://management.azure.com/.default",
        }
    }
}

impl FromStr for EntraAuthority {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "public" => Ok(Self::Public),
            "usgov" => Ok(Self::UsGovernment),
            "china" => Ok(Self::China),
            url => match url.parse::<Origin>() {
                Ok(origin) if origin.as_str().starts_with("https://") => Ok(Self::of_origin(origin)),
                _ => Err(format!(
                    "{text:?} is not an authority; use public, usgov, china, or an https URL without a path, such as \
                     https://login.microsoftonline.com (the tenant is a setting of its own)"
                )),
            },
        }
    }
}

impl fmt::Display for EntraAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.origin())
    }
}

/// How people sign in to one registry with Microsoft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntraSignIn {
    /// The application.
    pub client_id: String,
    /// The tenant; any organization's when none is set.
    pub tenant: String,
    /// Where they sign in.
    pub authority: EntraAuthority,
    /// The scope that tokens are requested with.
    pub scope: String,
    /// The scope to try when the registry refuses the audience of the first.
    pub other_scope: String,
}

impl EntraSignIn {
    /// The address of the tenant's authority.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/{}", self.authority, self.tenant)
    }

    /// The address of its OpenID configuration.
    #[must_use]
    pub fn openid_configuration(&self) -> String {
        format!("{}/v2.0/.well-known/openid-configuration", self.url())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{IdentityConfig, Registry, SignIn};

    fn application() -> EntraConfig {
        EntraConfig { client_id: Some("app".into()), ..EntraConfig::default() }
    }

    fn registry(text: &str) -> Registry {
        text.parse().unwrap()
    }

    #[test]
    fn the_cloud_of_a_registry_decides_where_its_users_sign_in() {
        for (login_server, url, other) in [
            (
                "contoso.azurecr.io",
                "https://login.microsoftonline.com/organizations",
                "https://management.azure.com/.default",
            ),
            (
                "contoso.azurecr.us",
                "https://login.microsoftonline.us/organizations",
                "https://management.usgovcloudapi.net/.default",
            ),
            (
                "contoso.azurecr.cn",
                "https://login.partner.microsoftonline.cn/organizations",
                "https://management.chinacloudapi.cn/.default",
            ),
            // A name of a country is not a cloud.
            (
                "registry.contoso.us",
                "https://login.microsoftonline.com/organizations",
                "https://management.azure.com/.default",
            ),
        ] {
            let sign_in = registry(login_server).entra_sign_in(&application()).unwrap();
            assert_eq!((sign_in.url().as_str(), sign_in.other_scope.as_str()), (url, other));
            assert_eq!(sign_in.scope, REGISTRY_SCOPE);
        }
    }

    #[test]
    fn what_is_set_for_a_registry_wins_over_what_is_set_for_all() {
        let mut one = registry("contoso.azurecr.io");
        one.entra.tenant = Some("fabrikam.example".into());
        one.entra.scope = Some("https://management.azure.com/.default".into());
        let for_all = EntraConfig { tenant: Some("contoso.example".into()), ..application() };
        let sign_in = one.entra_sign_in(&for_all).unwrap();
        assert_eq!(sign_in.url(), "https://login.microsoftonline.com/fabrikam.example");
        assert_eq!(sign_in.other_scope, REGISTRY_SCOPE);
    }

    #[test]
    fn it_is_offered_where_an_application_is_configured_and_the_page_asks() {
        let mut one = registry("contoso.azurecr.io");
        assert_eq!(one.entra_sign_in(&EntraConfig::default()), None);
        one.sign_in = vec![SignIn::Password];
        assert_eq!(one.entra_sign_in(&application()), None);
        let mut held = registry("contoso.azurecr.io");
        held.identity = Some(IdentityConfig::Anonymous);
        assert_eq!(held.entra_sign_in(&application()), None);
    }

    #[test]
    fn an_authority_is_a_cloud_or_an_https_origin() {
        assert_eq!("usgov".parse(), Ok(EntraAuthority::UsGovernment));
        let other: EntraAuthority = "https://127.0.0.1:5444".parse().unwrap();
        assert_eq!(other.origin(), "https://127.0.0.1:5444");
        for (text, authority) in [
            ("https://login.microsoftonline.com/", EntraAuthority::Public),
            ("https://login.windows.net", EntraAuthority::Public),
            ("https://Login.MicrosoftOnline.us:443", EntraAuthority::UsGovernment),
            ("https://login.chinacloudapi.cn", EntraAuthority::China),
            ("https://login.partner.microsoftonline.cn", EntraAuthority::China),
        ] {
            assert_eq!(text.parse(), Ok(authority), "{text}");
        }
        assert!(matches!("https://login.microsoftonline.us:8443".parse(), Ok(EntraAuthority::At(_))));
        for text in ["", "azure", "http://login.example", "https://login.example/tenant", "https://a b"] {
            assert!(text.parse::<EntraAuthority>().is_err(), "{text}");
        }
    }
}
