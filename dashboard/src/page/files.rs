//! The files of an image, read from its layers in a Web Worker. A chunk of its own: nothing of it is fetched before the tab is opened.

pub(crate) mod content;
mod file;
mod layers;
mod picture;
mod piece;
pub(crate) mod reader;
pub(crate) mod reading;
mod summary;
mod table_of_contents;
mod tree;

use std::rc::Rc;

use acr_layers_worker::protocol::{FileVersion, Filter};
use leptos::prelude::*;

use crate::component::combo_box::{Choosable, ComboBox};
use crate::component::empty_state::EmptyState;
use crate::component::error_state::ErrorState;
use crate::component::search_box::SearchBox;
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::query::{Load, query};
use crate::surface::use_surface;
use crate::text::files as text;
pub(crate) use layers::Layers;
use reader::Reader;
use reading::Reading;
pub(crate) use summary::problems;

/// Draws the files of an image.
pub(crate) type FilesView = fn(Layers) -> AnyView;

/// The chunk.
pub(crate) const FILES: Chunk<FilesView> = || lazy::load(files_view());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(files, fallible))]
fn files_view() -> Result<FilesView, Failure> {
    Ok(|layers| view! { <Files layers/> }.into_any())
}

#[component]
fn Files(layers: Layers) -> impl IntoView {
    if layers.layers.is_empty() {
        return view! { <EmptyState title=text::NO_LAYERS hint=text::NO_LAYERS_HINT/> }.into_any();
    }
    let layers = Rc::new(layers);
    let surface = use_surface();
    let reader = query(move || {
        let layers = layers.clone();
        async move {
            let started = Reader::start(surface, layers).await;
            let reader =
                started.map_err(|why| Failure::local(text::NO_WORKER, why, text::NO_WORKER_REMEDY))?;
            Ok(StoredValue::new_local(reader))
        }
    });
    (move || match reader.get() {
        Load::Loading => view! { <Skeleton lines=8/> }.into_any(),
        Load::Failed(failure) => view! { <ErrorState failure/> }.into_any(),
        Load::Ready(reader) => view! { <Explorer reader/> }.into_any(),
    })
    .into_any()
}

/// The bar above the tree, the tree, and what is below it.
#[component]
fn Explorer(reader: StoredValue<Reader, LocalStorage>) -> impl IntoView {
    let reading = Reading::begin(reader);
    let (search, layer) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(String::new());
    let opened = RwSignal::new(None::<FileVersion>);
    let sources = reader.with_value(|reader| reader.layers.layers.clone());
    let options = sources.iter().enumerate().map(|(at, layer)| Choosable {
        value: at.to_string(),
        label: text::layer_option(at + 1, &layer.instruction),
    });
    let all = Choosable { value: String::new(), label: text::ALL_LAYERS.to_owned() };
    let options: Vec<Choosable> = std::iter::once(all).chain(options).collect();
    Effect::new(move |before: Option<()>| {
        let filter = Filter { search: search.get(), layer: layer.get().parse().ok() };
        if before.is_some() {
            reading.arrange(filter, problem);
        }
    });
    let invalid = move || {
        let why = problem.get();
        (!why.is_empty())
            .then(|| view! { <p class="field-problem" role="alert">{text::SEARCH_FAILED} ": " {why}</p> })
    };
    view! {
        <div class="files">
            <div class="files-bar">
                <SearchBox
                    name=text::SEARCH
                    hint=text::SEARCH_HINT
                    value=search
                    on_input=Callback::new(move |value| search.set(value))
                />
                <ComboBox
                    name=text::LAYER
                    options=Signal::stored(options)
                    chosen=layer
                    on_choose=Callback::new(move |value| layer.set(value))
                />
                {summary::progress(reading)}
            </div>
            {invalid}
            {summary::problems(reading, reading.done.into())}
            <div class="files-body">
                <tree::Tree reading opened/>
                {move || opened.get().map(|version| view! { <file::File reading version opened/> })}
            </div>
            {summary::waste(reading)}
            {summary::packages(reading)}
        </div>
    }
}
