//! The config of an image: what it runs, as whom, with what. Configs of other kinds are shown as the JSON they are.

use std::sync::Arc;

use acr_client_wasm::ImageConfig;
use leptos::prelude::*;

use super::annotations::Pairs;
use super::data::ManifestData;
use super::raw::JsonText;
use crate::artifact::Kind;
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::facts::{Fact, Facts};
use crate::component::long_text::folded;
use crate::component::skeleton::Skeleton;
use crate::component::timestamp::Moment;
use crate::failure::Failure;
use crate::format;
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
        Load::Ready(None) => {
            view! { <EmptyState title=text::NO_CONFIG hint=text::NO_CONFIG_HINT/> }.into_any()
        }
        Load::Ready(Some(bytes)) => shown(data.kind(), &bytes),
    }
}

fn shown(kind: Kind, bytes: &Arc<[u8]>) -> AnyView {
    match image_config(kind, bytes) {
        Ok(Some(config)) => view! { <ImageFacts config/> }.into_any(),
        Ok(None) => view! { <JsonText bytes=bytes.clone()/> }.into_any(),
        Err(failure) => view! {
            <ErrorState failure/>
            <JsonText bytes=bytes.clone()/>
        }
        .into_any(),
    }
}

/// The config of an image; none for the other kinds, which have configs of their own.
///
/// # Errors
/// A failure that says why, where an image's config does not parse.
pub(super) fn image_config(kind: Kind, bytes: &[u8]) -> Result<Option<ImageConfig>, Failure> {
    if kind != Kind::Image {
        return Ok(None);
    }
    let config = ImageConfig::from_slice(bytes);
    config.map(Some).map_err(|error| {
        Failure::local(text::CONFIG_UNREADABLE, error.message(), text::CONFIG_UNREADABLE_REMEDY)
    })
}

#[component]
fn ImageFacts(config: ImageConfig) -> impl IntoView {
    let platform = format::platform(
        &config.os,
        &config.architecture,
        config.variant.as_deref(),
        config.os_version.as_deref(),
    );
    let run = config.config;
    let keys = |map: std::collections::BTreeMap<String, serde_json::Value>| {
        Some(map.into_keys().collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
    };
    let user = if run.user.is_empty() { text::ROOT.to_owned() } else { run.user };
    let health = run.healthcheck.map(|check| check.test.join(" ")).filter(|text| !text.is_empty());
    let optional = [
        (text::ENTRYPOINT, command_line(&run.entrypoint)),
        (text::CMD, command_line(&run.cmd)),
        (text::WORKING_DIR, Some(run.working_dir).filter(|text| !text.is_empty())),
        (text::PORTS, keys(run.exposed_ports)),
        (text::VOLUMES, keys(run.volumes)),
        (text::STOP_SIGNAL, run.stop_signal),
        (text::HEALTHCHECK, health),
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
    view! {
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
    }
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
    fn only_an_image_must_have_a_config_that_parses() {
        let failure = image_config(Kind::Image, b"not json").expect_err("no JSON");
        assert!(failure.why.contains("line 1"), "{}", failure.why);
        assert_eq!(image_config(Kind::HelmChart, b"not json"), Ok(None));
        assert!(matches!(image_config(Kind::Image, b"{}"), Ok(Some(_))));
    }

    #[test]
    fn words_with_spaces_are_quoted() {
        assert_eq!(
            command_line(&["sh".into(), "-c".into(), "a b".into()]).as_deref(),
            Some(r#"sh -c "a b""#)
        );
        assert_eq!(command_line(&[]), None);
    }
}
