//! The settings of a registry: each defined once, and read into a draft.

use super::definition::Setting;
use super::draft::Draft;
use super::gateway::list;
use super::value::{Entries, Value};
use super::{entra, identity};
use crate::config::{SignIn, is_repository_name};

/// Every setting of a registry.
pub(super) fn settings() -> Vec<Setting<Draft>> {
    let mut all = names();
    all.extend(access());
    all.extend(entra::for_one());
    all.extend(identity::settings());
    all
}

/// What the registry is called, and where it is.
fn names() -> Vec<Setting<Draft>> {
    vec![
        Setting::text(
            "url",
            "URL",
            "The login server, or a URL such as http://127.0.0.1:5000.",
            |r: &mut Draft, v| {
                v.clone_into(&mut r.url);
                Ok(())
            },
        )
        .example("\"contoso.azurecr.io\""),
        Setting::text("name", "NAME", "The name in routes (/registries/NAME/…).", |r: &mut Draft, v| {
            r.name = Some(v.to_owned());
            Ok(())
        })
        .default_words("the first label of the login server")
        .example("\"contoso\""),
        Setting::text(
            "login_server",
            "HOST",
            "What the registry calls itself, where that is not the host of its URL.",
            |r: &mut Draft, v| {
                let host = v.parse::<http::uri::Authority>().ok().filter(|host| !host.as_str().contains('@'));
                host.ok_or_else(|| format!("{v:?} is not a host; write one such as contoso.azurecr.io"))?;
                r.login_server = Some(v.to_owned());
                Ok(())
            },
        )
        .example("\"contoso.azurecr.io\""),
        Setting::text("display_name", "TEXT", "What the page calls the registry.", |r: &mut Draft, v| {
            r.display_name = Some(v.to_owned());
            Ok(())
        })
        .default_words("the login server")
        .example("\"Production\""),
    ]
}

/// What people may do there.
fn access() -> Vec<Setting<Draft>> {
    vec![
        Setting::list(
            "sign_in",
            "WAY,…",
            "The ways to sign in that the page offers, in order: password, refreshToken, \
             anonymous, entra.",
            |r: &mut Draft, v| {
                let ways: Vec<SignIn> = list(v)?;
                if ways.is_empty() {
                    return Err("name one or more of password, refreshToken, anonymous and entra".to_owned());
                }
                r.sign_in = Some(ways);
                Ok(())
            },
        )
        .choices(&["password", "refreshToken", "anonymous", "entra"])
        .default_words("all of them")
        .example("[\"password\", \"refreshToken\", \"anonymous\", \"entra\"]"),
        Setting::list(
            "pinned_repositories",
            "REPOSITORY,…",
            "Repositories that the page offers even to those who may not list the catalog.",
            |r: &mut Draft, v| {
                if let Some(text) = v.iter().find(|text| !is_repository_name(text)) {
                    return Err(format!(
                        "{text:?} is not the name of a repository; write one such as team/app"
                    ));
                }
                r.pinned_repositories = v.to_vec();
                Ok(())
            },
        )
        .example("[\"team/app\"]"),
        Setting::list(
            "allow",
            "ACTION,…",
            "The writes that are let through: untag, delete, lock, push.",
            |r: &mut Draft, v| {
                r.allow = Some(list(v)?);
                Ok(())
            },
        )
        .choices(&["untag", "delete", "lock", "push"])
        .default_words("all of them; none with an identity")
        .example("[\"untag\", \"lock\"]"),
        Setting::list(
            "storage_hosts",
            "HOST,…",
            "Hosts that blobs of this registry may be redirected to, in addition to Azure's own.",
            |r: &mut Draft, v| {
                r.storage_hosts = list(v)?;
                Ok(())
            },
        )
        .example("[\"contosoblobs.blob.core.windows.net\"]"),
    ]
}

/// The name that flags call a registry by: its own, or the first label of its host.
pub(super) fn name(entries: &Entries) -> &str {
    let text = |key: &str| match entries.get(key).map(|entry| &entry.value) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let url = text("url").unwrap_or_default();
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    text("name").unwrap_or_else(|| host.split(['.', ':', '/']).next().unwrap_or(host))
}
