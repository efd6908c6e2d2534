//! Two images compared: what their manifests and configurations say at once, and their files and packages once the layers are read.

mod lines;
mod side;
mod tables;

use std::rc::Rc;

use acr_layers_worker::protocol::{Compared, Reply, Request, Tables};
use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::component::icon::{Glyph, Icon};
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::navigation::use_navigation;
use crate::page::files::reading::{Reader, Reading};
use crate::query::{Load, query, run};
use crate::session::{use_session, use_sessions};
use crate::surface::download::download;
use crate::surface::use_surface;
use crate::text::compare as text;
use crate::text::files as files_text;
use lines::OpenFile;
use side::{Opened, open};

/// The chunk.
pub(crate) const COMPARE: Chunk<fn() -> AnyView> = || lazy::load(compare_view());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(compare, fallible))]
fn compare_view() -> Result<fn() -> AnyView, Failure> {
    Ok(|| view! { <Compare/> }.into_any())
}

#[component]
fn Compare() -> impl IntoView {
    let (navigation, session) = (use_navigation(), use_session());
    let names = Memo::new(move |_| [navigation.param("left"), navigation.param("right")]);
    view! {
        <div class="title-row"><ScreenHeading what=text::TITLE registry=session.registry()/></div>
        <div class="files-bar">
            {field(text::LEFT, "left")}
            {field(text::RIGHT, "right")}
        </div>
        {move || {
            let [left, right] = names.get();
            if left.is_empty() || right.is_empty() {
                return view! { <p class="hint">{text::CHOOSE}</p> }.into_any();
            }
            compared(left, right)
        }}
    }
}

/// The field that names one of the images.
fn field(name: &'static str, parameter: &'static str) -> AnyView {
    let navigation = use_navigation();
    view! {
        <label class="combo">
            <span class="combo-name">{name}</span>
            <input
                type="text"
                class="combo-select"
                placeholder=text::HINT
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                prop:value=move || navigation.param(parameter)
                on:change:target=move |event| navigation.set_param(parameter, event.target().value().trim())
            />
        </label>
    }
    .into_any()
}

fn compared(left: String, right: String) -> AnyView {
    let (sessions, session, surface) = (use_sessions(), use_session(), use_surface());
    let sides = query(move || {
        let (session, left, right) = (session.clone(), left.clone(), right.clone());
        async move {
            let (left, right) =
                (open(sessions, &session, &left).await?, open(sessions, &session, &right).await?);
            let reader = Reader::start(surface, Rc::new(left.layers.clone())).await;
            let reader = reader
                .map_err(|why| Failure::local(files_text::NO_WORKER, why, files_text::NO_WORKER_REMEDY))?;
            Ok(StoredValue::new_local((left, right, reader)))
        }
    });
    (move || match sides.get() {
        Load::Loading => view! { <Skeleton lines=8/> }.into_any(),
        Load::Failed(failure) => {
            view! { <ErrorState failure on_retry=Callback::new(move |()| sides.refresh())/> }.into_any()
        }
        Load::Ready(sides) => both(sides),
    })
    .into_any()
}

type Sides = StoredValue<(Opened, Opened, Reader), LocalStorage>;

/// Compares what is there, and again once both images are read.
fn both(sides: Sides) -> AnyView {
    let (left, right, reader) = sides.get_value();
    let second = reader.other(Rc::new(right.layers.clone()));
    let opened = OpenFile::new([reader.clone(), second.clone()]);
    let first = Reading::begin(StoredValue::new_local(reader.clone()));
    let second = Reading::new(StoredValue::new_local(second));
    let tables = RwSignal::new(None::<Result<Tables, Failure>>);
    Effect::new(move |_| {
        if first.done.get() && !untrack(|| second.done.get()) {
            second.start(false);
        }
    });
    let compared = StoredValue::new(Compared {
        names: [left.name, right.name],
        configurations: [left.configuration, right.configuration],
        annotations: [left.annotations, right.annotations],
        layers: [left.sizes, right.sizes],
        with_files: false,
    });
    let asking = StoredValue::new_local(reader.clone());
    Effect::new(move |_| {
        let with_files = second.done.get();
        let (reader, compared) = (asking.get_value(), compared.get_value());
        drop(run(async move {
            let request = Request::Compare(Box::new(Compared { with_files, ..compared }));
            let answer = match reader.ask(&request).await {
                Reply::Comparison(tables) => Ok(*tables),
                Reply::Failed(why) => Err(Failure::local(text::FAILED, why, text::RETRY)),
                _ => Err(Failure::local(text::FAILED, files_text::WORKER_FAILED, text::RETRY)),
            };
            let _ = tables.try_set(Some(answer));
        }));
    });
    view! {
        {export(reader)}
        {crate::page::files::problems(first)}
        {crate::page::files::problems(second)}
        {move || match tables.get() {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(Err(failure)) => view! { <ErrorState failure/> }.into_any(),
            Some(Ok(tables)) => {
                let busy = tables.files.is_none().then_some("true");
                view! { <div aria-busy=busy>{tables::sections(tables, opened)}</div> }.into_any()
            }
        }}
    }
    .into_any()
}

/// The menu that saves the comparison.
fn export(reader: Reader) -> AnyView {
    let reader = StoredValue::new_local(reader);
    let save = move |markdown: bool| {
        let reader = reader.get_value();
        drop(run(async move {
            if let Reply::Document(document) = reader.ask(&Request::Export { markdown }).await {
                let (name, media_type) = if markdown {
                    ("comparison.md", "text/markdown")
                } else {
                    ("comparison.json", "application/json")
                };
                download(name, media_type, &document);
            }
        }));
    };
    let open = RwSignal::new(false);
    view! {
        <div class="title-tools">
            <button
                type="button"
                class="button"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Glyph icon=Icon::Download/>
                {text::EXPORT}
            </button>
            <Show when=move || open.get()>
                <button type="button" class="button" on:click=move |_| save(false)>{text::AS_JSON}</button>
                <button type="button" class="button" on:click=move |_| save(true)>{text::AS_MARKDOWN}</button>
            </Show>
        </div>
    }
    .into_any()
}
