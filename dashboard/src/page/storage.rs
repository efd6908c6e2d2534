//! Storage: what takes the space of a registry, of a namespace or of a repository, in figures that an analysis makes. A chunk of its own.

mod bases;
mod growth;
mod layers;
mod lock_dialog;
mod lock_plans;
mod lock_rule;
mod locks;
mod origin;
mod pieces;
mod repeated;
mod rows;
mod snapshots;
mod summary;
mod table;

use leptos::prelude::*;

use crate::action::plan::Action;
use crate::analysis::opened::{OpenSnapshot, SnapshotFile};
use crate::analysis::{Analysis, State};
use crate::clock::now;
use crate::component::empty_state::EmptyState;
use crate::component::heading::ScreenHeading;
use crate::component::skeleton::Skeleton;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::navigation::{Navigation, use_navigation};
use crate::page::inventory::controls::AnalysisControls;
use crate::page::inventory::scope::Scope;
use crate::page::inventory::snapshot_banner::SnapshotBanner;
use crate::route::{NAMESPACE, REPOSITORY};
use crate::session::{use_session, use_sessions};
use crate::text::storage as text;
use lock_dialog::LockDialog;
use origin::Origin;
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

/// The screen of a registry, or of the namespace or the repository that the URL names.
#[component]
fn StorageScreen() -> impl IntoView {
    let navigation = use_navigation();
    let registry = StoredValue::new(use_session().registry().to_owned());
    let scope = Memo::new(move |_| scope(navigation));
    move || {
        let scope = scope.get();
        let title = match &scope {
            Scope::Registry => text::STORAGE.to_owned(),
            Scope::Namespace(name) => text::storage_of(name),
            Scope::Repository(name) => text::storage_of(name.as_str()),
        };
        view! {
            {pieces::way_back(&registry.get_value(), &scope)}
            <ScreenHeading what=title registry=registry.get_value()/>
            <Storage scope/>
        }
    }
}

/// What the URL names, tracked.
fn scope(navigation: Navigation) -> Scope {
    if let Ok(repository) = navigation.param(REPOSITORY).parse() {
        return Scope::Repository(repository);
    }
    match navigation.param(NAMESPACE) {
        name if name.is_empty() => Scope::Registry,
        name => Scope::Namespace(name),
    }
}

/// The storage of a part of the registry: of the present, or of the snapshot that is open.
#[component]
fn Storage(scope: Scope) -> impl IntoView {
    let session = use_session();
    let opened = OpenSnapshot::of(&session);
    let analysis = Analysis::of(&session);
    let file = Memo::new(move |_| opened.file());
    move || match file.get() {
        Some(file) => of_snapshot(opened, file, scope.clone()),
        None => of_present(opened, analysis, scope.clone()),
    }
}

/// The analysis, what the words mean, and the figures.
fn of_present(opened: OpenSnapshot, analysis: Analysis, scope: Scope) -> AnyView {
    let origin = Origin::present(analysis);
    let shown = Shown::follow(origin, scope.clone());
    let (here, is_something) = (StoredValue::new(scope.clone()), shown.is_something());
    let started = Memo::new(move |_| analysis.state.with(|state| *state != State::Fresh));
    // What a rule left when its session expired is asked for again, before anything is analyzed anew.
    let left = use_sessions().take_plans(use_session().registry(), |plan| plan.action == Action::Lock);
    let to_lock = RwSignal::new(Some(left).filter(|left| !left.is_empty()));
    view! {
        <AnalysisControls analysis scope/>
        <Show when=move || started.get()>
            {move || match shown.about.get() {
                About::Unread => view! { <Skeleton lines=6/> }.into_any(),
                About::Nothing => nothing(),
                About::Something => figures(origin, shown),
            }}
        </Show>
        {snapshots::snapshots(origin, opened, started.into())}
        <Show when=move || is_something.get()>{locks::locks(origin, here.get_value(), Some(to_lock))}</Show>
        <LockDialog plans=to_lock/>
    }
    .into_any()
}

/// The figures of a snapshot, without any request.
fn of_snapshot(opened: OpenSnapshot, file: SnapshotFile, scope: Scope) -> AnyView {
    let origin = Origin::snapshot(opened.inventory);
    let shown = Shown::follow(origin, scope.clone());
    let (here, is_something) = (StoredValue::new(scope), shown.is_something());
    view! {
        <SnapshotBanner opened file/>
        {move || match shown.about.get() {
            About::Unread | About::Nothing => nothing(),
            About::Something => figures(origin, shown),
        }}
        {snapshots::snapshots(origin, opened, Signal::stored(true))}
        <Show when=move || is_something.get()>{locks::locks(origin, here.get_value(), None)}</Show>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! { <EmptyState title=text::NOTHING hint=text::NOTHING_HINT/> }.into_any()
}

fn figures(origin: Origin, shown: Shown) -> AnyView {
    let summary = shown.summary;
    view! {
        {pieces::words(origin, summary)}
        {pieces::treemap(summary)}
        <table::StorageTable rows=shown.rows origin/>
        {layers::layers(origin, summary)}
        {repeated::repeated(origin, summary)}
        {bases::bases(summary)}
        {growth::growth(summary)}
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

/// What is shown, kept up with the inventory. Cheap to copy.
#[derive(Clone, Copy)]
struct Shown {
    rows: RwSignal<Vec<Row>>,
    summary: RwSignal<Summary>,
    about: Memo<About>,
}

impl Shown {
    fn follow(origin: Origin, scope: Scope) -> Self {
        let rows = RwSignal::new(Vec::new());
        let summary = RwSignal::new(Summary::default());
        Effect::new(move |_| {
            let begun = now();
            origin.inventory.with_graph(|graph| {
                let made = rows::rows(graph, &scope);
                summary.set(Summary::of(graph, &scope, &made));
                rows.set(made);
            });
            if let Some(analysis) = origin.analysis {
                analysis.drawn_in(now().saturating_sub(begun));
            }
        });
        let is_running = move || {
            let analysis = origin.analysis;
            analysis.is_some_and(|analysis| analysis.state.with(|state| *state == State::Running))
        };
        let about = Memo::new(move |_| match summary.with(|summary| summary.figures.manifests) {
            0 if is_running() => About::Unread,
            0 => About::Nothing,
            _ => About::Something,
        });
        Self { rows, summary, about }
    }

    /// Whether there are figures.
    fn is_something(&self) -> Memo<bool> {
        let about = self.about;
        Memo::new(move |_| about.get() == About::Something)
    }
}
