//! Two images compared: what their manifests and configurations say at once, and their files and packages once the layers are read.

mod choice;
mod lines;
mod side;
mod tables;

use std::rc::Rc;

use acr_layers_worker::protocol::{Compared, Reply, Request, Tables};
use futures_util::future::try_join;
use leptos::prelude::*;

use crate::component::combo_box::{Choosable, ComboBox};
use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::component::icon::{Glyph, Icon};
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::navigation::use_navigation;
use crate::page::files::reader::Reader;
use crate::page::files::reading::Reading;
use crate::page::manifest::candidate::Candidate;
use crate::query::{Load, query, run};
use crate::route::{LEFT_PLATFORM, RIGHT_PLATFORM};
use crate::session::{Session, Sessions, use_session, use_sessions};
use crate::surface::download::download;
use crate::surface::use_surface;
use crate::text::compare as text;
use crate::text::files as files_text;
use choice::{Side, choose};
use lines::OpenFile;
use side::{Found, Opened, find};

/// The chunk.
pub(crate) const COMPARE: Chunk<fn() -> AnyView> = || lazy::load(compare_view());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(compare, fallible))]
fn compare_view() -> Result<fn() -> AnyView, Failure> {
    Ok(|| view! { <Compare/> }.into_any())
}

/// The platforms to choose from on a side, and the one that is compared; none where the side is a single image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Platforms {
    names: Vec<String>,
    chosen: String,
}

type BothPlatforms = RwSignal<[Platforms; 2]>;

#[component]
fn Compare() -> impl IntoView {
    let (navigation, session) = (use_navigation(), use_session());
    let params = Memo::new(move |_| {
        ["left", "right", LEFT_PLATFORM, RIGHT_PLATFORM].map(|name| navigation.param(name))
    });
    let platforms = BothPlatforms::default();
    view! {
        <div class="title-row"><ScreenHeading what=text::TITLE registry=session.registry()/></div>
        <div class="files-bar">
            {field(text::LEFT, "left")}
            {platform_choice(text::LEFT_PLATFORM, LEFT_PLATFORM, move || platforms.with(|[left, _]| left.clone()))}
            {field(text::RIGHT, "right")}
            {platform_choice(text::RIGHT_PLATFORM, RIGHT_PLATFORM, move || platforms.with(|[_, right]| right.clone()))}
        </div>
        {move || {
            let [left, right, left_platform, right_platform] = params.get();
            if left.is_empty() || right.is_empty() {
                platforms.set(<[Platforms; 2]>::default());
                return view! { <p class="hint">{text::CHOOSE}</p> }.into_any();
            }
            compared([left, right], [left_platform, right_platform], platforms)
        }}
    }
}

/// The combobox of the platforms of a side; nothing where there is nothing to choose.
fn platform_choice(
    name: &'static str,
    parameter: &'static str,
    of_side: impl Fn() -> Platforms + Send + Sync + 'static,
) -> AnyView {
    let navigation = use_navigation();
    let of_side = Memo::new(move |_| of_side());
    let options = Memo::new(move |_| {
        let option = |name: String| Choosable { value: name.clone(), label: name };
        of_side.get().names.into_iter().map(option).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || of_side.get().chosen);
    let choose = Callback::new(move |value: String| navigation.set_param(parameter, &value));
    let there = Memo::new(move |_| options.with(|options| !options.is_empty()));
    view! { <Show when=move || there.get()><ComboBox name options chosen on_choose=choose/></Show> }
        .into_any()
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

/// Finds both images and opens those of the platforms that are compared.
async fn open(
    (sessions, here): (Sessions, Session),
    [left, right]: [String; 2],
    [left_platform, right_platform]: [String; 2],
) -> Result<([Opened; 2], [Platforms; 2]), Failure> {
    let (left, right) = try_join(find(sessions, &here, &left), find(sessions, &here, &right)).await?;
    let (first, second) = choose(side(&left, &left_platform), side(&right, &right_platform));
    let platforms = [platforms_of(&left, first.as_ref()), platforms_of(&right, second.as_ref())];
    let (left, right) = try_join(left.open(first), right.open(second)).await?;
    Ok(([left, right], platforms))
}

fn side<'a>(found: &'a Found, wanted: &'a str) -> Side<'a> {
    match found.choices() {
        Some(choices) => Side::Index(choices, wanted),
        None => Side::Image(found.platform().unwrap_or_default()),
    }
}

fn platforms_of(found: &Found, chosen: Option<&Candidate>) -> Platforms {
    let names = found.choices().into_iter().flat_map(|choices| &choices.candidates);
    Platforms {
        names: names.map(|candidate| candidate.name.clone()).collect(),
        chosen: chosen.map(|chosen| chosen.name.clone()).unwrap_or_default(),
    }
}

fn compared(names: [String; 2], wanted: [String; 2], platforms: BothPlatforms) -> AnyView {
    let (sessions, session, surface) = (use_sessions(), use_session(), use_surface());
    let sides = query(move || {
        let (session, names, wanted) = (session.clone(), names.clone(), wanted.clone());
        async move {
            let ([left, right], found) = open((sessions, session), names, wanted).await?;
            let _ = platforms.try_set(found);
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
    // The two share a worker, which reads one layer at a time.
    let idle = Signal::derive(move || first.done.get() & second.done.get());
    let compared = StoredValue::new(Compared {
        names: [left.name, right.name],
        configurations: [left.configuration, right.configuration],
        annotations: [left.annotations, right.annotations],
        layers: [left.sizes, right.sizes],
        with_files: false,
    });
    let asking = StoredValue::new_local(reader.clone());
    Effect::new(move |_| {
        let with_files = idle.get();
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
        {crate::page::files::problems(first, idle)}
        {crate::page::files::problems(second, idle)}
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
