//! The settings of signing in with Microsoft: for all registries in a table of its own, and for one of them.

use super::definition::Setting;
use super::draft::Draft;
use crate::config::{Config, EntraConfig};

/// What a setting of one kind is read with: the place that it is kept in, for all registries or for one.
type Apply<T> = fn(&mut T, &str) -> Result<(), String>;

const CLIENT_ID: &str = "Id of the application that is registered for this gateway's page. With it the page offers \"Sign in with \
                         Microsoft\"; `acr-gateway entra-setup` prints how to register one.";
const TENANT: &str = "Id or domain of the tenant whose users sign in.";
const AUTHORITY: &str = "Where users sign in: public, usgov, china, or an https URL without a path.";
const SCOPE: &str = "Scope of the tokens that users sign in with. Registries whose policy refuses it accept that of Azure Resource \
                     Manager, https://management.azure.com/.default.";
const REGISTRY_SCOPE: &str = "Scope of the Entra tokens for this registry: of users who sign in with Microsoft, and of identity \
                              managed or workload. Registries that accept another audience need theirs, such as \
                              https://management.azure.com/.default.";

const EXAMPLE_ID: &str = "\"00000000-0000-0000-0000-000000000000\"";
const EXAMPLE_SCOPE: &str = "\"https://containerregistry.azure.net/.default\"";

/// The settings for all registries.
pub(super) fn for_all() -> Vec<Setting<Config>> {
    vec![
        client_id("entra.client_id", |c, v| set_client_id(&mut c.entra, v)),
        tenant("entra.tenant", |c, v| set_tenant(&mut c.entra, v)),
        authority("entra.authority", |c, v| set_authority(&mut c.entra, v)),
        scope("entra.scope", SCOPE, |c: &mut Config, v| set_scope(&mut c.entra, v))
            .default_words("that of registries"),
    ]
}

/// The settings for one registry.
pub(super) fn for_one() -> Vec<Setting<Draft>> {
    vec![
        client_id("entra.client_id", |r, v| set_client_id(&mut r.entra, v)),
        tenant("entra.tenant", |r, v| set_tenant(&mut r.entra, v)),
        authority("entra.authority", |r, v| set_authority(&mut r.entra, v)),
        scope("entra.scope", REGISTRY_SCOPE, |r: &mut Draft, v| set_scope(&mut r.entra, v))
            .default_words("that of the registry's cloud"),
    ]
}

fn client_id<T>(key: &'static str, apply: Apply<T>) -> Setting<T> {
    Setting::text(key, "ID", CLIENT_ID, apply).example(EXAMPLE_ID)
}

fn tenant<T>(key: &'static str, apply: Apply<T>) -> Setting<T> {
    Setting::text(key, "TENANT", TENANT, apply).default_words("any organization's").example(EXAMPLE_ID)
}

fn authority<T>(key: &'static str, apply: Apply<T>) -> Setting<T> {
    Setting::text(key, "AUTHORITY", AUTHORITY, apply)
        .default_words("that of the registry's cloud")
        .example("\"public\"")
}

fn scope<T>(key: &'static str, doc: &'static str, apply: Apply<T>) -> Setting<T> {
    Setting::text(key, "SCOPE", doc, apply).example(EXAMPLE_SCOPE)
}

fn set_client_id(entra: &mut EntraConfig, text: &str) -> Result<(), String> {
    entra.client_id = Some(word(text, "an application id", "00000000-0000-0000-0000-000000000000")?);
    Ok(())
}

fn set_tenant(entra: &mut EntraConfig, text: &str) -> Result<(), String> {
    let is_known = matches!(text, "organizations" | "common" | "consumers") || is_id(text) || is_domain(text);
    if !is_known {
        return Err(format!(
            "{text:?} is not a tenant; write its id, or a domain such as contoso.onmicrosoft.com"
        ));
    }
    entra.tenant = Some(text.to_owned());
    Ok(())
}

fn set_authority(entra: &mut EntraConfig, text: &str) -> Result<(), String> {
    entra.authority = Some(text.parse()?);
    Ok(())
}

fn set_scope(entra: &mut EntraConfig, text: &str) -> Result<(), String> {
    let resource = text.strip_suffix("/.default").unwrap_or_default();
    if resource.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(format!(
            "{text:?} is not a scope that ends in /.default; write one such as {EXAMPLE_SCOPE}"
        ));
    }
    entra.scope = Some(text.to_owned());
    Ok(())
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// Labels of letters, digits and dashes, two or more of them.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        plain && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

/// Letters, digits, dots and dashes: what ids and domains are made of, and what can be part of a path.
fn word(text: &str, what: &str, example: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    if text.is_empty() || !text.bytes().all(plain) {
        return Err(format!("{text:?} is not {what}; write one such as {example}"));
    }
    Ok(text.to_owned())
}
