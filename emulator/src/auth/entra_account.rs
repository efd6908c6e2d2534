//! The accounts of the emulator's Microsoft Entra tenant, and what each of them may do in the registry.

use super::identity::ScopeMap;

/// An account of the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntraAccount {
    /// May do everything.
    Owner,
    /// May read one repository, and not list the catalog.
    Reader,
    /// Has no role on the registry.
    NoRole,
    /// A member of another tenant that was invited into this one; reads everything.
    Guest,
}

/// The tenant that guests come from.
const HOME_OF_GUESTS: &str = "9b1f5e0c-3d7a-4a52-8f60-5c2e7d914b38";

impl EntraAccount {
    /// Every account, in the order of the page that offers them.
    pub(crate) const ALL: [Self; 4] = [Self::Owner, Self::Reader, Self::NoRole, Self::Guest];

    /// The value of the account in the form of the sign-in page.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Reader => "reader",
            Self::NoRole => "no-role",
            Self::Guest => "guest",
        }
    }

    /// The account of a form value.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.key() == key)
    }

    /// The account of a `login_hint`, in any case.
    pub(crate) fn from_username(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.username().eq_ignore_ascii_case(name))
    }

    /// The claim `name`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Owner => "Olivia Owner",
            Self::Reader => "Ravi Reader",
            Self::NoRole => "Nora Norole",
            Self::Guest => "Gil Guest",
        }
    }

    /// The claim `preferred_username`.
    pub(crate) fn username(self) -> &'static str {
        match self {
            Self::Owner => "owner@contoso.example",
            Self::Reader => "reader@contoso.example",
            Self::NoRole => "norole@contoso.example",
            Self::Guest => "guest@fabrikam.example",
        }
    }

    /// The claim `oid`.
    pub(crate) fn object_id(self) -> &'static str {
        match self {
            Self::Owner => "5d2a0f41-7c1e-4f0b-9a58-1f6f0a7b3c01",
            Self::Reader => "5d2a0f41-7c1e-4f0b-9a58-1f6f0a7b3c02",
            Self::NoRole => "5d2a0f41-7c1e-4f0b-9a58-1f6f0a7b3c03",
            Self::Guest => "5d2a0f41-7c1e-4f0b-9a58-1f6f0a7b3c04",
        }
    }

    /// The tenant that the account belongs to, where it is not the one it signs in to.
    pub(crate) fn home_tenant(self) -> Option<&'static str> {
        (self == Self::Guest).then_some(HOME_OF_GUESTS)
    }

    /// What the account may do; `None` stands for everything.
    fn scope_map(self, reader_repository: &str) -> Option<ScopeMap> {
        let reads = |repository: &str| {
            let actions = ["content/read", "metadata/read"];
            let actions = actions.map(|action| format!("repositories/{repository}/{action}")).to_vec();
            ScopeMap { actions }
        };
        match self {
            Self::Owner => None,
            Self::Reader => Some(reads(reader_repository)),
            Self::NoRole => Some(ScopeMap::default()),
            Self::Guest => Some(reads("*")),
        }
    }
}

/// Which rights Entra identities have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EntraRoles {
    /// Every identity may do everything.
    Everything,
    /// The accounts of the emulator's tenant have theirs, and no other identity has any.
    Tenant {
        /// The repository that [`EntraAccount::Reader`] reads.
        reader_repository: String,
    },
}

impl EntraRoles {
    /// What the identity of an object id may do; `None` stands for everything.
    pub(super) fn scope_map(&self, object_id: &str) -> Option<ScopeMap> {
        match self {
            Self::Everything => None,
            Self::Tenant { reader_repository } => {
                let account = EntraAccount::ALL.into_iter().find(|account| account.object_id() == object_id);
                account.map_or_else(|| Some(ScopeMap::default()), |known| known.scope_map(reader_repository))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_has_its_rights_and_strangers_have_none() {
        let roles = EntraRoles::Tenant { reader_repository: "team/app".to_owned() };
        let actions = |account: EntraAccount| roles.scope_map(account.object_id()).map(|map| map.actions);
        assert_eq!(actions(EntraAccount::Owner), None);
        assert_eq!(
            actions(EntraAccount::Reader).unwrap(),
            ["repositories/team/app/content/read", "repositories/team/app/metadata/read"]
        );
        assert!(actions(EntraAccount::NoRole).unwrap().is_empty());
        assert_eq!(roles.scope_map("somebody"), Some(ScopeMap::default()));
        assert_eq!(EntraRoles::Everything.scope_map("somebody"), None);
    }

    #[test]
    fn an_account_is_found_by_its_name_and_by_its_form_value() {
        for account in EntraAccount::ALL {
            assert_eq!(EntraAccount::from_key(account.key()), Some(account));
            assert_eq!(EntraAccount::from_username(&account.username().to_uppercase()), Some(account));
        }
        assert_eq!(EntraAccount::from_key(""), None);
    }
}
