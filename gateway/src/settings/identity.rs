//! The settings of the identity that the gateway holds for a registry, and which of them go together.

use std::path::PathBuf;

use super::definition::Setting;
use super::registry::Draft;
use crate::config::{IdentityConfig, SecretSource};

/// An identity as it is put together.
#[derive(Default)]
pub(super) struct IdentityDraft {
    kind: Option<String>,
    username: Option<String>,
    secret_file: Option<PathBuf>,
    secret_variable: Option<String>,
    client_id: Option<String>,
    tenant_id: Option<String>,
}

type KeyedError = (&'static str, String);

/// The settings of an identity.
pub(super) fn settings() -> Vec<Setting<Draft>> {
    vec![
        Setting::text(
            "identity",
            "KIND",
            "The identity that the gateway holds for this registry: anonymous, password, \
             refresh-token, managed or workload. The page then asks for no credential. Such a \
             gateway only reads unless `allow` says otherwise, and belongs behind a proxy that \
             authenticates people (see user_header).",
            |r: &mut Draft, v| {
                r.identity.kind = Some(v.to_owned());
                Ok(())
            },
        )
        .choices(&["anonymous", "password", "refresh-token", "managed", "workload"])
        .example("\"password\""),
        Setting::text("username", "USER", "User name of identity password.", |r: &mut Draft, v| {
            r.identity.username = Some(v.to_owned());
            Ok(())
        })
        .example("\"dashboard-read\""),
        Setting::text(
            "secret_file",
            "FILE",
            "File that holds the password or refresh token. It is read again whenever the secret \
             is needed, so that a rotated one is picked up.",
            |r: &mut Draft, v| {
                r.identity.secret_file = Some(PathBuf::from(v));
                Ok(())
            },
        )
        .example("\"/run/secrets/contoso\""),
        Setting::text(
            "secret_variable",
            "VARIABLE",
            "Environment variable that holds the password or refresh token, instead of a file.",
            |r: &mut Draft, v| {
                r.identity.secret_variable = Some(v.to_owned());
                Ok(())
            },
        )
        .example("\"CONTOSO_PASSWORD\""),
        Setting::text(
            "client_id",
            "ID",
            "Client id of identity managed (a user-assigned one) or workload.",
            |r: &mut Draft, v| {
                r.identity.client_id = Some(v.to_owned());
                Ok(())
            },
        )
        .default_words("that of the environment")
        .example("\"00000000-0000-0000-0000-000000000000\""),
        Setting::text("tenant_id", "ID", "Tenant of identity workload.", |r: &mut Draft, v| {
            r.identity.tenant_id = Some(v.to_owned());
            Ok(())
        })
        .default_words("that of the environment")
        .example("\"00000000-0000-0000-0000-000000000000\""),
    ]
}

impl IdentityDraft {
    /// The identity that the draft amounts to; none when no kind is set.
    pub(super) fn finish(self) -> Result<Option<IdentityConfig>, KeyedError> {
        let Some(kind) = self.kind.as_deref() else {
            let orphan =
                self.secret_file.is_some() || self.secret_variable.is_some() || self.username.is_some();
            return match orphan {
                true => Err((
                    "identity",
                    "a secret is configured without an identity; set identity = \"password\" or \
             \"refresh-token\""
                        .into(),
                )),
                false => Ok(None),
            };
        };
        Ok(Some(match kind {
            "anonymous" => IdentityConfig::Anonymous,
            "password" => {
                let missing =
                    ("username", "identity \"password\" needs a user name; set username".to_owned());
                let username = self.username.clone().ok_or(missing)?;
                IdentityConfig::Password { username, secret: self.secret()? }
            }
            "refresh-token" => IdentityConfig::RefreshToken { secret: self.secret()? },
            "managed" => IdentityConfig::Managed { client_id: self.client_id },
            "workload" => IdentityConfig::Workload { client_id: self.client_id, tenant_id: self.tenant_id },
            other => {
                let remedy = "use anonymous, password, refresh-token, managed or workload";
                return Err(("identity", format!("{other:?} is not a kind of identity; {remedy}")));
            }
        }))
    }

    fn secret(&self) -> Result<SecretSource, KeyedError> {
        match (&self.secret_file, &self.secret_variable) {
            (Some(file), None) => Ok(SecretSource::File(file.clone())),
            (None, Some(variable)) => Ok(SecretSource::Variable(variable.clone())),
            (None, None) => Err((
                "secret_file",
                "the identity's secret is missing; set secret_file or secret_variable".into(),
            )),
            (Some(_), Some(_)) => Err((
                "secret_variable",
                "the secret is configured twice; set either secret_file or secret_variable".into(),
            )),
        }
    }
}
