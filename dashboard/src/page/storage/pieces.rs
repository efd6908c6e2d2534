//! The parts of Storage above its table: the way back, what the words mean with the figures of the scope, and the treemap.

use acr_inventory::Figure;
use leptos::prelude::*;

use super::origin::Origin;
use super::summary::Summary;
use crate::component::treemap_view::TreemapView;
use crate::navigation::use_navigation;
use crate::page::inventory::figure::figure_view;
use crate::page::inventory::scope::Scope;
use crate::route::Route;
use crate::text::shell as shell_text;
use crate::text::storage as text;

/// The links to what is around a scope.
pub(super) fn way_back(registry: &str, scope: &Scope) -> AnyView {
    let navigation = use_navigation();
    let repositories = navigation.href(&Route::repositories(registry));
    let storage = navigation.href(&Route::storage(registry));
    let inner = *scope != Scope::Registry;
    view! {
        <ol class="breadcrumb" aria-label=shell_text::BREADCRUMB>
            <li><a href=repositories>{shell_text::REPOSITORIES}</a></li>
            {inner.then(|| view! { <li><a href=storage>{text::STORAGE}</a></li> })}
        </ol>
    }
    .into_any()
}

/// A word, what it means, and its figure.
type Word = (&'static str, &'static str, fn(&Summary) -> Figure);

/// Each word once, with what it means and its figure.
pub(super) fn words(origin: Origin, summary: RwSignal<Summary>) -> AnyView {
    let words: [Word; 5] = [
        (text::LOGICAL, text::LOGICAL_HINT, |summary| summary.figures.logical),
        (text::UNIQUE, text::UNIQUE_HINT, |summary| summary.figures.unique),
        (text::SHARED, text::SHARED_HINT, |summary| summary.figures.shared),
        (text::UNTAGGED, text::UNTAGGED_HINT, |summary| summary.figures.untagged),
        (text::RECLAIMABLE, text::RECLAIMABLE_HINT, |summary| summary.figures.reclaimable),
    ];
    let word = move |(name, hint, figure): Word| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd class="figure">{move || figure_view(summary.with(figure))}</dd>
                <dd class="hint">{hint}</dd>
            </div>
        }
    };
    let unfinished = if origin.analysis.is_some() { text::NOT_FINAL } else { text::SAVED_UNFINISHED };
    let is_final = Memo::new(move |_| summary.with(|summary| summary.is_final));
    let has_unstated_sizes = Memo::new(move |_| summary.with(|summary| summary.has_unstated_sizes));
    view! {
        <dl class="facts figures">{words.map(word).collect_view()}</dl>
        <p class="hint">{move || if is_final.get() { text::SIZES } else { unfinished }}</p>
        <Show when=move || has_unstated_sizes.get()>
            <p class="hint">{text::UNSTATED_SIZES}</p>
        </Show>
    }
    .into_any()
}

/// The picture of what is stored; the table says the same in words.
pub(super) fn treemap(summary: RwSignal<Summary>) -> AnyView {
    let areas = Memo::new(move |_| summary.with(|summary| summary.areas.clone()));
    view! {
        <h2 class="part-title">{text::TREEMAP}</h2>
        {move || view! { <TreemapView items=areas.get()/> }}
    }
    .into_any()
}
