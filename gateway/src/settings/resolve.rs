//! From settings to a configuration: every value read, every contradiction reported with its key. Pure.

use super::definition::Setting;
use super::draft::Draft;
use super::value::{Entries, Settings, Source};
use super::{gateway, registry};
use crate::config::{Config, ConfigError};

/// The configuration that settings amount to.
///
/// # Errors
/// The first key with a value that cannot be used.
pub fn resolve(settings: Settings) -> Result<Config, ConfigError> {
    let mut config = Config::unchecked(Vec::new());
    apply(&gateway::settings(), &settings.gateway, &mut config, str::to_owned)?;
    for (index, entries) in settings.registries.iter().enumerate() {
        let mut draft = Draft::default();
        let key = |key: &str| format!("registries[{index}].{key}");
        apply(&registry::settings(), entries, &mut draft, key)?;
        let mut registry = draft.finish(index)?;
        registry.storage_hosts.extend(config.storage_hosts.iter().cloned());
        config.registries.push(registry);
    }
    config.check()?;
    Ok(config)
}

/// Reads every entry in the order of the definitions. `key` says what the file calls a setting.
fn apply<T>(
    settings: &[Setting<T>],
    entries: &Entries,
    to: &mut T,
    key: impl Fn(&str) -> String,
) -> Result<(), ConfigError> {
    for setting in settings {
        let Some(entry) = entries.get(setting.key) else { continue };
        setting.apply(to, &entry.value).map_err(|message| match &entry.source {
            Source::File => ConfigError::new(key(setting.key), message),
            Source::Named(name) => ConfigError::new(name, message),
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Action, AllowedActions};
    use crate::settings::SettingsFile;

    fn resolved(text: &str) -> Result<Config, ConfigError> {
        resolve(SettingsFile::parse(Path::new("gateway.toml"), text.to_owned()).unwrap().settings)
    }

    const IDENTITY_THAT_UNTAGS: &str =
        "[[registries]]\nurl = \"contoso.azurecr.io\"\nidentity = \"anonymous\"\nallow = [\"untag\"]\n";

    #[test]
    fn an_identity_may_write_when_a_trusted_proxy_names_the_user() {
        let proxy = "user_header = \"X-Forwarded-User\"\ntrusted_proxies = [\"10.0.0.0/8\"]\n";
        let config = resolved(&format!("{proxy}{IDENTITY_THAT_UNTAGS}")).unwrap();
        let untag: AllowedActions = [Action::Untag].into_iter().collect();
        assert_eq!(config.registries[0].allowed_actions(), untag);
    }

    #[test]
    fn an_identity_may_not_write_for_unnamed_users() {
        let error = resolved(IDENTITY_THAT_UNTAGS).unwrap_err();
        assert_eq!(error.key(), "registries[0].allow");
        let error = resolved(&format!("user_header = \"X-User\"\n{IDENTITY_THAT_UNTAGS}")).unwrap_err();
        assert_eq!(error.key(), "user_header");
    }
}
