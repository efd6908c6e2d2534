//! One file: what is known of it, and its content.

use acr_layers_worker::protocol::{FileDetails, Reply, Request, RowKind};
use js_sys::Uint8Array;
use leptos::prelude::*;

use super::content::{self, Content};
use super::reading::Reading;
use super::summary::fate_text;
use crate::component::copy_button::CopyButton;
use crate::component::error_state::ErrorState;
use crate::component::facts::{Fact, Facts};
use crate::component::icon::{Glyph, Icon};
use crate::component::skeleton::Skeleton;
use crate::component::timestamp::Moment;
use crate::failure::Failure;
use crate::format;
use crate::query::{Load, query, run};
use crate::surface::download::download_bytes;
use crate::text::files as text;
use crate::toasts::use_toasts;

/// Bytes of a file that are shown.
const SHOWN: u64 = 4 << 20;
/// Bytes of a file that can be downloaded: it is held in memory until it is saved.
const MOST: u64 = 1 << 30;

/// The region next to the tree.
#[component]
pub(super) fn File(reading: Reading, node: u32, opened: RwSignal<Option<u32>>) -> impl IntoView {
    let details = query(move || async move {
        match reading.reader() {
            Some(reader) => match reader.ask(&Request::File(reader.side, node)).await {
                Reply::File(details) => Ok(details),
                _ => Err(Failure::local(text::CONTENT_FAILED, text::WORKER_FAILED, text::CONTENT_REMEDY)),
            },
            None => std::future::pending().await,
        }
    });
    view! {
        <section class="file-region" role="region" aria-label=text::FILE>
            <div class="file-head">
                <h2>{text::FILE}</h2>
                <button
                    type="button"
                    class="button button-icon"
                    aria-label=text::CLOSE
                    title=text::CLOSE
                    on:click=move |_| opened.set(None)
                >
                    <Glyph icon=Icon::Close/>
                </button>
            </div>
            {move || match details.get() {
                Load::Loading => view! { <Skeleton lines=4/> }.into_any(),
                Load::Failed(failure) => view! { <ErrorState failure/> }.into_any(),
                Load::Ready(details) => shown(reading, node, *details),
            }}
        </section>
    }
}

fn shown(reading: Reading, node: u32, details: FileDetails) -> AnyView {
    let FileDetails { row, path, range, history } = details;
    let history = history.into_iter().map(|(layer, bytes, fate)| {
        view! { <li>{text::layer_number(layer)} ", " {format::size(bytes)} ", " {fate_text(fate)}</li> }
    });
    let has_content = range.is_some() && row.kind == RowKind::File;
    let (name, shown_name) = (row.name.clone(), row.name.clone());
    view! {
        <div class="title-tools">
            {has_content.then(|| download(reading, node, name))}
            <CopyButton value=path.clone() name=text::COPY_PATH label=text::COPY_PATH/>
        </div>
        <Facts>
            <Fact name=text::PATH><code class="whole">{path}</code></Fact>
            <Fact name=text::SIZE>{format::bytes(row.size)}</Fact>
            <Fact name=text::MODE><code>{row.mode}</code></Fact>
            <Fact name=text::OWNER>{row.owner}</Fact>
            <Fact name=text::MODIFIED><Moment moment=row.modified/></Fact>
            {(!row.link.is_empty()).then(|| view! { <Fact name=text::LINK><code class="whole">{row.link}</code></Fact> })}
            <Fact name=text::HISTORY><ul class="plain-list">{history.collect_view()}</ul></Fact>
        </Facts>
        {has_content.then(|| content(reading, node, shown_name))}
    }
    .into_any()
}

fn download(reading: Reading, node: u32, name: String) -> AnyView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let save = move |_| {
        let (Some(reader), name) = (reading.reader(), name.clone()) else { return };
        busy.set(true);
        drop(run(async move {
            match reader.content(node, MOST).await {
                Ok((Reply::Content(_), Some(bytes))) => download_bytes(&name, &bytes),
                Ok(_) => {}
                Err(failure) => toasts.fail(&failure),
            }
            let _ = busy.try_set(false);
        }));
    };
    view! {
        <button type="button" class="button" aria-busy=move || busy.get().then_some("true") on:click=save>
            <Glyph icon=Icon::Download/>
            {text::DOWNLOAD_FILE}
        </button>
    }
    .into_any()
}

fn content(reading: Reading, node: u32, name: String) -> AnyView {
    let content = query(move || async move {
        let Some(reader) = reading.reader() else { return std::future::pending().await };
        match reader.content(node, SHOWN).await? {
            (Reply::Content(summary), bytes) => {
                let bytes = bytes.unwrap_or_else(|| Uint8Array::new_with_length(0));
                Ok(content::of_bytes(&bytes, summary.encoding.as_deref(), summary.truncated))
            }
            _ => Ok(Content::None),
        }
    });
    (move || match content.get() {
        Load::Loading => view! { <Skeleton lines=6/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| content.refresh())/> }.into_any()
        }
        Load::Ready(content) => content::shown(content, &name),
    })
    .into_any()
}
