//! Storage: what takes the space of a registry, of a namespace or of a repository, in figures that an analysis makes. A chunk of its own.

mod bases;
mod growth;
mod layers;
mod pieces;
mod rows;
mod snapshots;
mod summary;
mod table;

use leptos::prelude::*;

use crate::analysis::{Analysis, State};
use crate::clock::now;
use crate::component::empty_state::EmptyState;
use crate::component::heading::ScreenHeading;
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::navigation::use_navigation;
use crate::page::inventory::controls::AnalysisControls;
use crate::page::inventory::scope::Scope;
use crate::route::NAMESPACE;
use crate::session::use_session;
use crate::text::storage as text;
use rows::Row;
use summary::Summary;

/// The views of the chunk: the screen, and the tab of a repository.
#[derive(Clone, Copy)]
pub(crate) struct StorageViews {
    pub(crate) screen: fn() -> AnyView,
    pub(crate) part: fn(Scope) -> AnyView,
}

/// The chunk.
pub(crate) const STORAGE: Chunk<StorageViews> = || lazy::load(storage_views());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(storage, fallible))]
fn storage_views() -> Result<StorageViews, Failure> {
    Ok(StorageViews {
        screen: || view! { <StorageScreen/> }.into_any(),
        part: |scope| view! { <Storage scope/> }.into_any(),
    })
}

/// The screen of a registry, or of the namespace that the URL names.
#[component]
fn StorageScreen() -> impl IntoView {
    let navigation = use_navigation();
    let registry = StoredValue::new(use_session().registry().to_owned());
    let namespace = Memo::new(move |_| navigation.param(NAMESPACE));
    move || {
        let namespace = namespace.get();
        let (title, scope) = match namespace.as_str() {
            "" => (text::STORAGE.to_owned(), Scope::Registry),
            name => (text::namespace(name), Scope::Namespace(name.to_owned())),
        };
        view! {
            {pieces::way_back(&registry.get_value(), &scope)}
            <ScreenHeading what=title registry=registry.get_value()/>
            <Storage scope/>
        }
    }
}

/// The storage of a part of the registry: the analysis, what the words mean, and the figures.
#[component]
fn Storage(scope: Scope) -> impl IntoView {
    let analysis = Analysis::of(&use_session());
    let shown = Shown::follow(analysis, scope.clone());
    let started = Memo::new(move |_| analysis.state.with(|state| *state != State::Fresh));
    view! {
        <AnalysisControls analysis scope/>
        <Show when=move || started.get()>
            {move || match shown.about.get() {
                About::Unread => view! { <Skeleton lines=6/> }.into_any(),
                About::Nothing => view! { <EmptyState title=text::NOTHING hint=text::NOTHING_HINT/> }.into_any(),
                About::Something => figures(analysis, shown),
            }}
        </Show>
    }
}

fn figures(analysis: Analysis, shown: Shown) -> AnyView {
    let summary = shown.summary;
    view! {
        {pieces::words(summary)}
        {pieces::treemap(summary)}
        <table::StorageTable rows=shown.rows/>
        {layers::layers(analysis, summary)}
        {bases::bases(summary)}
        {growth::growth(summary)}
        {snapshots::snapshots(analysis)}
    }
    .into_any()
}

/// Whether there is anything to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Unread,
    Nothing,
    Something,
}

/// What is shown, kept up with the analysis. Cheap to copy.
#[derive(Clone, Copy)]
struct Shown {
    rows: RwSignal<Vec<Row>>,
    summary: RwSignal<Summary>,
    about: Memo<About>,
}

impl Shown {
    fn follow(analysis: Analysis, scope: Scope) -> Self {
        let rows = RwSignal::new(Vec::new());
        let summary = RwSignal::new(Summary::default());
        Effect::new(move |_| {
            let begun = now();
            analysis.with_graph(|graph| {
                rows.set(rows::rows(graph, &scope));
                summary.set(Summary::of(graph, &scope));
            });
            analysis.drawn_in(now().saturating_sub(begun));
        });
        let about = Memo::new(move |_| match summary.with(|summary| summary.figures.manifests) {
            0 if analysis.state.with(|state| *state == State::Running) => About::Unread,
            0 => About::Nothing,
            _ => About::Something,
        });
        Self { rows, summary, about }
    }
}
