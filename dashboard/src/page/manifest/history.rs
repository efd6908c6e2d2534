//! The history of an image: the steps of its build, the layer each made, and the Dockerfile they amount to.

use acr_artifact::history::{History, Mismatch, Step, StepLayer};
use acr_client_wasm::Manifest;
use leptos::prelude::*;

use super::data::ManifestData;
use super::layers::layers_of;
use crate::component::copy_button::CopyButton;
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::long_text::{folded, long_text};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::component::skeleton::Skeleton;
use crate::component::timestamp::Moment;
use crate::failure::Failure;
use crate::format;
use crate::query::Load;
use crate::text::manifest as text;

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
        Load::Ready(bytes) => match history(data, bytes.as_deref()) {
            Err(failure) => view! { <ErrorState failure/> }.into_any(),
            Ok(history) if history.steps.is_empty() => {
                view! { <EmptyState title=text::NO_HISTORY hint=text::NO_HISTORY_HINT/> }.into_any()
            }
            Ok(history) => view! { <Steps history sizes=sizes(data)/> }.into_any(),
        },
    }
}

/// The history that the config's blob holds, or a manifest of schema 1 itself. Configs of charts and other artifacts have none; the Config tab
/// shows them as they are.
///
/// # Errors
/// A failure that says why, where an image's config is invalid.
pub(super) fn history(data: ManifestData, blob: Option<&[u8]>) -> Result<History, Failure> {
    let schema1 = untrack(|| {
        let history = data.content.with_ready(|content| match &content.manifest {
            Manifest::V1(manifest) => Some(History::of_schema1(manifest)),
            _ => None,
        });
        history.flatten()
    });
    if let Some(history) = schema1 {
        return Ok(history);
    }
    let layers = sizes(data).len();
    let config = data.image_config(blob)?;
    Ok(config.map(|config| History::new(&config, layers)).unwrap_or_default())
}

/// The sizes of the layers in bytes, the lowest first; none where the schema records none.
fn sizes(data: ManifestData) -> Vec<Option<u64>> {
    let sizes = |manifest: &Manifest| layers_of(manifest).iter().map(|layer| layer.size).collect();
    untrack(|| data.content.with_ready(|content| sizes(&content.manifest))).unwrap_or_default()
}

/// What the size column shows of a step: the text, and for a size its bytes.
type LayerText = (String, Option<u64>);

fn layer_text(layer: StepLayer, sizes: &[Option<u64>]) -> LayerText {
    match layer {
        StepLayer::None => (text::EMPTY_LAYER.to_owned(), None),
        StepLayer::Unknown => (text::UNKNOWN_LAYER.to_owned(), None),
        StepLayer::Layer(at) => match sizes.get(at).copied().flatten() {
            Some(size) => (format::size(size), Some(size)),
            None => (text::SIZE_UNKNOWN.to_owned(), None),
        },
    }
}

#[component]
fn Steps(history: History, sizes: Vec<Option<u64>>) -> impl IntoView {
    let dockerfile = history.dockerfile();
    let heads = vec![
        ("#", "c-step"),
        (text::INSTRUCTION, "c-instruction"),
        (text::SIZE_SHORT, "c-number"),
        (text::CREATED, "c-time c-wide"),
    ];
    let with_size = |step: Step| (layer_text(step.layer, &sizes), step);
    let steps: Vec<_> = history.steps.into_iter().map(with_size).collect();
    view! {
        {history.mismatch.map(mismatch_note)}
        <PlainTable name=text::HISTORY heads count=steps.len() row=rows_of(steps, step_row)/>
        <section class="overview-part">
            <h2>{text::DOCKERFILE} <CopyButton value=dockerfile.clone() name=text::COPY_VALUE/></h2>
            <p class="hint">{text::DOCKERFILE_HINT}</p>
            {long_text(dockerfile, Callback::new(|part: String| part.into_any()))}
        </section>
    }
}

fn mismatch_note(mismatch: Mismatch) -> AnyView {
    view! { <div class="note" role="note"><p>{mismatch.to_string()} " " {text::MISMATCH_HINT}</p></div> }
        .into_any()
}

fn step_row(position: usize, (size, step): (LayerText, Step)) -> AnyView {
    let (word, rest) = (step.instruction.keyword.clone(), folded(step.instruction.arguments().to_owned()));
    let arguments = step.instruction.build_arguments.join(" ");
    let arguments = (!arguments.is_empty()).then(|| {
        view! { <span class="muted build-arguments">{text::BUILD_ARGUMENTS} ": " {folded(arguments)}</span> }
    });
    let size = match size {
        (size, Some(bytes)) => view! { <span title=format::bytes(bytes)>{size}</span> }.into_any(),
        (reason, None) => view! { <span class="muted">{reason}</span> }.into_any(),
    };
    let created = step.created.and_then(|created| created.unix_millis());
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-step">{position + 1}</th>
            <td class="c-instruction" title=step.comment>
                <code><strong>{word}</strong> " " {rest}</code>
                {arguments}
            </td>
            <td class="c-number">{size}</td>
            <td class="c-time c-wide"><Moment moment=created/></td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_stands_at_the_step_whose_layer_it_is_and_nowhere_else() {
        let sizes = [Some(1024), None];
        assert_eq!(layer_text(StepLayer::Layer(0), &sizes).1, Some(1024));
        assert_eq!(layer_text(StepLayer::Layer(1), &sizes), (text::SIZE_UNKNOWN.to_owned(), None));
        assert_eq!(layer_text(StepLayer::Layer(2), &sizes).1, None);
        assert_eq!(layer_text(StepLayer::None, &sizes).0, text::EMPTY_LAYER);
        assert_eq!(layer_text(StepLayer::Unknown, &sizes).0, text::UNKNOWN_LAYER);
    }
}
