//! The settings of the identity that the gateway holds for a registry: each defined once, and read into the registry's draft.

use std::path::PathBuf;

use super::definition::Setting;
use super::draft::Draft;

/// The settings of an identity.
pub(super) fn settings() -> Vec<Setting<Draft>> {
    let mut all = vec![
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
    ];
    all.extend(azure());
    all
}

/// What identities of Azure need in addition.
fn azure() -> Vec<Setting<Draft>> {
    vec![
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
