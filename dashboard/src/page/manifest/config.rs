//! The config of an image: what it runs, as whom, with what. Configs of other kinds are shown as the JSON they are.

use std::sync::Arc;

use acr_artifact::config::ReadConfig;
use acr_artifact::platform;
use leptos::prelude::*;

use super::annotations::Pairs;
use super::data::ManifestData;
use super::raw::JsonText;
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::facts::{Fact, Facts};
use crate::component::long_text::folded;
use crate::component::skeleton::Skeleton;
use crate::component::timestamp::Moment;
use crate::query::Load;
use crate::text::manifest as text;

/// The tab.
#[component]
pub(crate) fn ConfigTab() -> impl IntoView {
    let data: ManifestData = expect_context();
    let config = data.config();
    move || match config.get() {
        Load::Loading => view! { <Skeleton lines=8/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| config.refresh())/> }.into_any()
        }
        Load::Ready(bytes) => shown(data, bytes),
    }
}

fn shown(data: ManifestData, bytes: Option<Arc<[u8]>>) -> AnyView {
    match (data.image_config(bytes.as_deref()), bytes) {
        (Ok(Some(read)), bytes) => view! { <ImageFacts read bytes/> }.into_any(),
        (Ok(None), Some(bytes)) => view! { <JsonText bytes/> }.into_any(),
        (Ok(None), None) => {
            view! { <EmptyState title=text::NO_CONFIG hint=text::NO_CONFIG_HINT/> }.into_any()
        }
        (Err(failure), bytes) => view! {
            <ErrorState failure/>
            {bytes.map(|bytes| view! { <JsonText bytes/> })}
        }
        .into_any(),
    }
}

#[component]
fn ImageFacts(
    read: ReadConfig,
    /// The blob it was read from, which is shown below where a field of it could not be read.
    bytes: Option<Arc<[u8]>>,
) -> impl IntoView {
    let user = read.user().to_string();
    let ReadConfig { config, os_features, unread, .. } = read;
    let (variant, version) = (config.variant.as_deref(), config.os_version.as_deref());
    let platform = platform::name(&config.os, &config.architecture, variant, version);
    let platform = if platform.is_empty() { text::UNKNOWN.to_owned() } else { platform };
    let run = config.config;
    let keys = |map: std::collections::BTreeMap<String, serde_json::Value>| {
        Some(map.into_keys().collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
    };
    let health = run.healthcheck.map(|check| check.test.join(" ")).filter(|text| !text.is_empty());
    let optional = [
        (text::ENTRYPOINT, command_line(&run.entrypoint)),
        (text::CMD, command_line(&run.cmd)),
        (text::WORKING_DIR, Some(run.working_dir).filter(|text| !text.is_empty())),
        (text::PORTS, keys(run.exposed_ports)),
        (text::VOLUMES, keys(run.volumes)),
        (text::STOP_SIGNAL, run.stop_signal),
        (text::HEALTHCHECK, health),
        (text::ON_BUILD, Some(run.on_build.join("; ")).filter(|text| !text.is_empty())),
        (text::OS_FEATURES, Some(os_features.join(", ")).filter(|text| !text.is_empty())),
        (text::AUTHOR, config.author.filter(|text| !text.is_empty())),
    ];
    let optional = optional.into_iter().filter_map(|(name, value)| {
        value.map(|value| view! { <Fact name><code>{folded(value)}</code></Fact> })
    });
    let optional = optional.collect_view();
    let environment: Vec<_> = run
        .env
        .iter()
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let bytes = bytes.filter(|_| !unread.is_empty());
    view! {
        {unread_fields(unread)}
        <Facts>
            <Fact name=text::PLATFORM>{platform}</Fact>
            <Fact name=text::CREATED>
                <Moment moment=config.created.and_then(|created| created.unix_millis())/>
            </Fact>
            <Fact name=text::USER>{user}</Fact>
            {optional}
        </Facts>
        <Pairs name=text::ENVIRONMENT pairs=environment/>
        <Pairs name=text::LABELS pairs=run.labels.into_iter().collect()/>
        {bytes.map(|bytes| view! { <h2 class="part-title">{text::BYTES}</h2> <JsonText bytes/> })}
    }
}

/// The fields that are of another type than the specification has, so that only they are missing.
fn unread_fields(unread: Vec<String>) -> Option<AnyView> {
    (!unread.is_empty()).then(|| {
        let names = unread.into_iter().map(|name| view! { <li><code>{name}</code></li> }).collect_view();
        view! { <div class="note" role="note"><p>{text::CONFIG_FIELDS_UNREAD}</p><ul class="names">{names}</ul></div> }
            .into_any()
    })
}

/// A command as a shell would take it; words with spaces in quotes.
fn command_line(words: &[String]) -> Option<String> {
    let quoted = words.iter().map(|word| {
        if word.is_empty() || word.contains(char::is_whitespace) { format!("{word:?}") } else { word.clone() }
    });
    Some(quoted.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_spaces_are_quoted() {
        assert_eq!(
            command_line(&["sh".into(), "-c".into(), "a b".into()]).as_deref(),
            Some(r#"sh -c "a b""#)
        );
        assert_eq!(command_line(&[]), None);
    }
}
