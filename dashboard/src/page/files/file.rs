//! One file: what is known of it, and its content.

use acr_layers_worker::protocol::{ContentRange, FileDetails, FileVersion, Reply, Request, Row, RowKind};
use js_sys::Uint8Array;
use leptos::prelude::*;

use super::content::{self, Content};
use super::reader::{UNASKED, cost};
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
/// Bytes of the largest picture that is shown.
const PICTURE: u64 = 32 << 20;
/// Bytes of a file that can be downloaded: it is held in memory until it is saved.
const MOST: u64 = 1 << 30;

/// The region next to the tree.
#[component]
pub(super) fn File(
    reading: Reading,
    version: FileVersion,
    opened: RwSignal<Option<FileVersion>>,
) -> impl IntoView {
    let details = query(move || {
        let version = version.clone();
        async move {
            let Some(reader) = reading.reader() else { return std::future::pending().await };
            match reader.ask(&Request::File(reader.side, version)).await {
                Reply::File(details) => Ok(details),
                Reply::Failed(why) => Err(Failure::local(text::CONTENT_FAILED, why, text::CONTENT_REMEDY)),
                _ => Err(Failure::local(text::CONTENT_FAILED, text::NOT_READ, text::CONTENT_REMEDY)),
            }
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
                Load::Failed(failure) => {
                    view! { <ErrorState failure on_retry=Callback::new(move |()| details.refresh())/> }.into_any()
                }
                Load::Ready(details) => shown(reading, *details),
            }}
        </section>
    }
}

fn shown(reading: Reading, details: FileDetails) -> AnyView {
    let FileDetails { row, range, history } = details;
    let history = history.into_iter().map(|(layer, bytes, fate)| {
        view! { <li>{text::layer_number(layer)} ", " {format::size(bytes)} ", " {fate_text(fate)}</li> }
    });
    let range = range.filter(|_| row.kind == RowKind::File);
    let (shown, path, link) = (row.clone(), row.file.path.clone(), row.link.clone());
    view! {
        <div class="title-tools">
            {range.is_some().then(|| download(reading, &row))}
            <CopyButton value=path.clone() name=text::COPY_PATH label=text::COPY_PATH/>
        </div>
        <Facts>
            <Fact name=text::PATH><code class="whole">{path}</code></Fact>
            <Fact name=text::SIZE>{format::bytes(row.size)}</Fact>
            <Fact name=text::MODE><code>{row.mode}</code></Fact>
            <Fact name=text::OWNER>{row.owner}</Fact>
            <Fact name=text::MODIFIED><Moment moment=row.modified/></Fact>
            {(!link.is_empty()).then(|| view! { <Fact name=text::LINK><code class="whole">{link}</code></Fact> })}
            <Fact name=text::HISTORY><ul class="plain-list">{history.collect_view()}</ul></Fact>
        </Facts>
        {range.map(|range| content(reading, shown, range))}
    }
    .into_any()
}

fn download(reading: Reading, row: &Row) -> AnyView {
    let (version, name, size) = (row.file.clone(), row.name.clone(), row.size);
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let save = move |_| {
        let Some(reader) = reading.reader() else { return };
        if size > MOST {
            return toasts.fail(&too_large(size));
        }
        let (version, name) = (version.clone(), name.clone());
        busy.set(true);
        drop(run(async move {
            match reader.content(version, MOST).await {
                Ok((reply, bytes)) => match (refusal(&reply), bytes) {
                    (Some(failure), _) => toasts.fail(&failure),
                    (None, bytes) => {
                        download_bytes(&name, &bytes.unwrap_or_else(|| Uint8Array::new_with_length(0)));
                    }
                },
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

/// Why what was read of a file is not saved under its name: a part of it would pass for the file.
fn refusal(reply: &Reply) -> Option<Failure> {
    let failed = |why: &str| Some(Failure::local(text::CONTENT_FAILED, why, text::CONTENT_REMEDY));
    match reply {
        Reply::Content(summary) if summary.truncated => Some(too_large(summary.size)),
        Reply::Content(_) => None,
        Reply::Failed(why) => failed(why),
        _ => failed(text::NOT_READ),
    }
}

fn too_large(size: u64) -> Failure {
    Failure::local(text::TOO_LARGE, text::too_large(size, MOST), text::TOO_LARGE_REMEDY)
}

/// The content; where it takes much of the layer, not before the user has agreed.
fn content(reading: Reading, row: Row, range: ContentRange) -> AnyView {
    let (version, size) = (row.file, row.size);
    let agreed = RwSignal::new(false);
    let more = if size > MOST { text::TOO_LARGE_FOR_MORE } else { text::DOWNLOAD_FOR_MORE };
    let content = query(move || {
        let (version, range, unasked) =
            (version.clone(), range.clone(), if agreed.get() { u64::MAX } else { UNASKED });
        async move {
            let first = cost(&range, size.min(SHOWN));
            if first > unasked {
                return Ok(Content::Costly(first));
            }
            let Some(reader) = reading.reader() else { return std::future::pending().await };
            let answer = reader.content(version.clone(), SHOWN).await?;
            let is_cut_picture = match &answer {
                (Reply::Content(summary), Some(bytes)) => {
                    summary.truncated && content::is_picture(bytes, summary.encoding.as_deref())
                }
                _ => false,
            };
            if !is_cut_picture || size > PICTURE {
                return Ok(of_answer(answer));
            }
            match cost(&range, size) {
                all if all > unasked => Ok(Content::Costly(all)),
                _ => reader.content(version, PICTURE).await.map(of_answer),
            }
        }
    });
    (move || match content.get() {
        Load::Loading => view! { <Skeleton lines=6/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| content.refresh())/> }.into_any()
        }
        Load::Ready(Content::Costly(bytes)) => view! {
            <p class="hint">{text::content_cost(bytes)}</p>
            <button type="button" class="button" on:click=move |_| agreed.set(true)>{text::SHOW_CONTENT}</button>
        }
        .into_any(),
        Load::Ready(content) => content::shown(content, &row.name, more),
    })
    .into_any()
}

fn of_answer((reply, bytes): (Reply, Option<Uint8Array>)) -> Content {
    let Reply::Content(summary) = reply else { return Content::None };
    let bytes = bytes.unwrap_or_else(|| Uint8Array::new_with_length(0));
    content::of_bytes(&bytes, summary.encoding.as_deref(), summary.truncated)
}

#[cfg(test)]
mod tests {
    use acr_layers_worker::protocol::ContentSummary;

    use super::*;

    #[test]
    fn a_part_of_a_file_is_not_saved() {
        let content = |truncated| Reply::Content(ContentSummary { encoding: None, size: 2 << 30, truncated });
        assert_eq!(refusal(&content(false)), None);
        let why = refusal(&content(true)).map(|failure| failure.why).unwrap_or_default();
        assert_eq!(why, "It has 2.0\u{a0}GiB, and at most 1.0\u{a0}GiB can be saved.");
        assert_eq!(refusal(&Reply::Absent).map(|failure| failure.why).as_deref(), Some(text::NOT_READ));
    }
}
