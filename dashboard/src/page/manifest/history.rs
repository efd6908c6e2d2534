//! The history of an image: the steps of its build, the layer each made, and the Dockerfile they amount to.

use std::sync::Arc;

use acr_client_wasm::{Manifest, Timestamp};
use leptos::prelude::*;

use super::config::image_config;
use super::data::ManifestData;
use crate::component::copy_button::CopyButton;
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::long_text::{folded, long_text};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::component::skeleton::Skeleton;
use crate::component::timestamp::Moment;
use crate::dockerfile::{instruction, split};
use crate::failure::Failure;
use crate::format;
use crate::query::Load;
use crate::text::manifest as text;

/// One step.
#[derive(Clone, Debug)]
struct Step {
    instruction: String,
    created: Option<i64>,
    comment: Option<String>,
    /// The size of the layer it made; none for a step that made no layer.
    size: Option<u64>,
}

/// The tab.
#[component]
pub(crate) fn HistoryTab() -> impl IntoView {
    let data: ManifestData = expect_context();
    let config = data.config();
    move || match config.get() {
        Load::Loading => view! { <Skeleton lines=8/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| config.refresh())/> }.into_any()
        }
        Load::Ready(bytes) => {
            let steps = bytes.map_or_else(|| Ok(steps_of_v1(data)), |bytes| steps(data, &bytes));
            match steps {
                Err(failure) => view! { <ErrorState failure/> }.into_any(),
                Ok(steps) if steps.is_empty() => {
                    view! { <EmptyState title=text::NO_HISTORY hint=text::NO_HISTORY_HINT/> }.into_any()
                }
                Ok(steps) => view! { <Steps steps/> }.into_any(),
            }
        }
    }
}

fn steps(data: ManifestData, config: &Arc<[u8]>) -> Result<Vec<Step>, Failure> {
    // Configs of charts and other artifacts have no history; the Config tab shows them as they are.
    let Some(config) = image_config(data.kind(), config)? else { return Ok(Vec::new()) };
    let sizes = data
        .content
        .with_ready(|content| content.manifest.layers().iter().map(|layer| layer.size).collect::<Vec<_>>());
    let mut sizes = sizes.unwrap_or_default().into_iter();
    let step = |entry: acr_client_wasm::HistoryEntry| Step {
        instruction: instruction(entry.created_by.as_deref().unwrap_or_default()),
        created: entry.created.and_then(|created| created.unix_millis()),
        comment: entry.comment.filter(|comment| !comment.is_empty()),
        size: if entry.empty_layer { None } else { sizes.next() },
    };
    Ok(config.history.into_iter().map(step).collect())
}

/// Schema 1 has no config: each entry of its history is a document of its own, the newest first.
fn steps_of_v1(data: ManifestData) -> Vec<Step> {
    let history = data.content.with_ready(|content| match &content.manifest {
        Manifest::V1(v1) => v1.history.iter().map(|entry| entry.v1_compatibility.clone()).collect(),
        _ => Vec::new(),
    });
    let step = |text: String| {
        let entry: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let words = entry.pointer("/container_config/Cmd").and_then(|words| words.as_array().cloned());
        let words = words.unwrap_or_default();
        let command: Vec<_> = words.iter().filter_map(|word| word.as_str()).collect();
        let created = entry
            .get("created")
            .and_then(|it| it.as_str())
            .and_then(|created| Timestamp::new(created).unix_millis());
        Step { instruction: instruction(&command.join(" ")), created, comment: None, size: None }
    };
    history.unwrap_or_default().into_iter().rev().map(step).collect()
}

#[component]
fn Steps(steps: Vec<Step>) -> impl IntoView {
    let dockerfile = steps.iter().map(|step| step.instruction.as_str()).collect::<Vec<_>>().join("\n");
    let heads = vec![
        ("#", "c-step"),
        (text::INSTRUCTION, "c-instruction"),
        (text::SIZE_SHORT, "c-number"),
        (text::CREATED, "c-time c-wide"),
    ];
    view! {
        <PlainTable name=text::HISTORY heads count=steps.len() row=rows_of(steps, step_row)/>
        <section class="overview-part">
            <h2>{text::DOCKERFILE} <CopyButton value=dockerfile.clone() name=text::COPY_VALUE/></h2>
            <p class="hint">{text::DOCKERFILE_HINT}</p>
            {long_text(dockerfile, Callback::new(|part: String| part.into_any()))}
        </section>
    }
}

fn step_row(position: usize, step: Step) -> AnyView {
    let (word, rest) = split(&step.instruction);
    let (word, rest) = (word.to_owned(), folded(rest.to_owned()));
    let size = match step.size {
        Some(size) => view! { <span title=format::bytes(size)>{format::size(size)}</span> }.into_any(),
        None => view! { <span class="muted">{text::EMPTY_LAYER}</span> }.into_any(),
    };
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-step">{position + 1}</th>
            <td class="c-instruction" title=step.comment>
                <code><strong>{word}</strong> " " {rest}</code>
            </td>
            <td class="c-number">{size}</td>
            <td class="c-time c-wide"><Moment moment=step.created/></td>
        </tr>
    }
    .into_any()
}
