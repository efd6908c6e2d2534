//! The lines of a changed file, next to the table of files.

use acr_layers_worker::protocol::{ChangedFile, FileVersion, Mark, Reply, Request};
use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::icon::{Glyph, Icon};
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::page::files::content::decode;
use crate::page::files::reader::{Reader, UNASKED};
use crate::query::{Load, query};
use crate::text::compare as text;
use crate::text::files as files_text;

/// Bytes of each file that are compared line by line.
const COMPARED: u64 = 512 << 10;
/// Lines that are shown.
const SHOWN: usize = 2_000;

/// The changed file whose lines are shown, and where the two images are read from.
#[derive(Clone, Copy)]
pub(super) struct OpenFile {
    readers: StoredValue<[Reader; 2], LocalStorage>,
    file: RwSignal<Option<ChangedFile>>,
}

/// What two files differ in.
#[derive(Clone, Debug, PartialEq)]
enum Difference {
    /// It takes so many bytes of the layers, which the user has not agreed to.
    Costly(u64),
    /// At least one is not text.
    Binary,
    /// They are too long and too different.
    TooDifferent,
    /// The lines, as the worker lists them; whether the files go on after what was compared.
    Lines(Vec<(Option<Mark>, String)>, bool),
}

impl OpenFile {
    /// No file is open at first.
    pub(super) fn new(readers: [Reader; 2]) -> Self {
        Self { readers: StoredValue::new_local(readers), file: RwSignal::new(None) }
    }

    /// Shows the lines of a file.
    pub(super) fn open(self, file: ChangedFile) {
        self.file.set(Some(file));
    }

    /// The region with the lines of the open file, if there is one.
    pub(super) fn region(self) -> AnyView {
        (move || self.file.get().map(|file| self.shown(file))).into_any()
    }

    fn shown(self, file: ChangedFile) -> AnyView {
        let path = file.path.clone();
        let agreed = RwSignal::new(false);
        let difference = query(move || self.difference(file.clone(), agreed.get()));
        view! {
            <section class="file-region" role="region" aria-label=files_text::FILE>
                <div class="file-head">
                    <h3><code class="whole">{path}</code></h3>
                    <button
                        type="button"
                        class="button button-icon"
                        aria-label=files_text::CLOSE
                        title=files_text::CLOSE
                        on:click=move |_| self.file.set(None)
                    >
                        <Glyph icon=Icon::Close/>
                    </button>
                </div>
                {move || match difference.get() {
                    Load::Loading => view! { <Skeleton lines=6/> }.into_any(),
                    Load::Failed(failure) => {
                        view! { <ErrorState failure on_retry=Callback::new(move |()| difference.refresh())/> }
                            .into_any()
                    }
                    Load::Ready(Difference::Costly(bytes)) => view! {
                        <p class="hint">{text::lines_cost(bytes)}</p>
                        <button type="button" class="button" on:click=move |_| agreed.set(true)>
                            {text::SHOW_LINES}
                        </button>
                    }
                    .into_any(),
                    Load::Ready(Difference::Binary) => view! { <p class="hint">{text::BINARY}</p> }.into_any(),
                    Load::Ready(Difference::TooDifferent) => {
                        view! { <p class="hint">{text::TOO_DIFFERENT}</p> }.into_any()
                    }
                    Load::Ready(Difference::Lines(lines, cut)) => drawn(lines, cut),
                }}
            </section>
        }
        .into_any()
    }

    async fn difference(self, file: ChangedFile, agreed: bool) -> Result<Difference, Failure> {
        let Some([left, right]) = self.readers.try_get_value() else { return std::future::pending().await };
        let version = FileVersion { path: file.path, layer: None };
        if !agreed {
            let first = left.cost(version.clone(), COMPARED).await;
            let both = first.saturating_add(right.cost(version.clone(), COMPARED).await);
            if both > UNASKED {
                return Ok(Difference::Costly(both));
            }
        }
        let (Some((before, cut)), Some((after, also_cut))) =
            (content(&left, version.clone()).await?, content(&right, version).await?)
        else {
            return Ok(Difference::Binary);
        };
        match left.ask(&Request::Lines(before, after)).await {
            Reply::Lines(lines) => Ok(Difference::Lines(lines, cut || also_cut)),
            Reply::TooDifferent => Ok(Difference::TooDifferent),
            _ => Err(Failure::local(
                files_text::CONTENT_FAILED,
                files_text::WORKER_FAILED,
                files_text::CONTENT_REMEDY,
            )),
        }
    }
}

/// The text of a file, and whether it was cut; `None` where it is not text.
async fn content(reader: &Reader, version: FileVersion) -> Result<Option<(String, bool)>, Failure> {
    Ok(match reader.content(version, COMPARED).await? {
        (Reply::Content(summary), Some(bytes)) if bytes.length() > 0 => {
            decode(&bytes, summary.encoding.as_deref()).map(|text| (text, summary.truncated))
        }
        (Reply::Content(_), _) => Some((String::new(), false)),
        _ => None,
    })
}

fn drawn(lines: Vec<(Option<Mark>, String)>, cut: bool) -> AnyView {
    let cut = cut || lines.len() > SHOWN;
    let line = |(mark, line): (Option<Mark>, String)| match mark {
        Some(Mark::Added) => view! { <ins>"+ " {line} "\n"</ins> }.into_any(),
        Some(Mark::Removed) => view! { <del>"- " {line} "\n"</del> }.into_any(),
        _ => view! { <span>"  " {line} "\n"</span> }.into_any(),
    };
    let lines = lines.into_iter().take(SHOWN).map(line).collect_view();
    view! {
        {cut.then(|| view! { <p class="hint">{text::LINES_CUT}</p> })}
        <pre class="code lines" tabindex="0">{lines}</pre>
    }
    .into_any()
}
