//! What is around the tree: how far reading is, what went wrong, wasted space and packages.

use acr_layers_worker::protocol::{Fate, LayerSummary, PackageRow, Warnings, Waste};
use leptos::prelude::*;

use super::reading::Reading;
use crate::component::icon::{Glyph, Icon};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::format;
use crate::text::files as text;

/// How far reading is, with the button that stops it; afterwards what the image comes to.
pub(super) fn progress(reading: Reading) -> AnyView {
    let layers = reading.layers.with_untracked(Vec::len);
    let busy = Memo::new(move |_| reading.progress.with(Option::is_some));
    let line = move || match reading.progress.get() {
        Some(progress) => text::reading(progress.layer, layers, progress.received, progress.size),
        None => reading.image.with(|image| text::read(image.paths, image.bytes)),
    };
    view! {
        <span class="files-progress">
            <span class="muted" aria-live="off">{line}</span>
            <Show when=move || busy.get()>
                <button type="button" class="button" on:click=move |_| reading.stop()>
                    <Glyph icon=Icon::Stop/>
                    {text::STOP}
                </button>
            </Show>
        </span>
    }
    .into_any()
}

/// The layers that were not read completely, and what is unusual in the others. What reads them again is offered while the worker reads
/// nothing (`idle`).
pub(crate) fn problems(reading: Reading, idle: Signal<bool>) -> AnyView {
    let shown = move || {
        let layers = reading.layers.get();
        let listed = layers.iter().flatten().filter(|layer| layer.from_contents).count();
        let listed = (listed > 0).then(|| from_contents(reading, idle, listed));
        let given_up = reading.given_up.get();
        let given_up = given_up.then(|| view! { <p class="note"><span>{text::GIVEN_UP}</span></p> });
        let problems = layers.into_iter().enumerate().filter_map(|(at, layer)| {
            let mut layer = layer?;
            reading.image.with(|image| add_warnings(&mut layer.warnings, at, &image.warnings));
            (layer.error.is_some() || layer.warnings.count > 0).then(|| problem(reading, idle, at, layer))
        });
        view! { {given_up} {listed} {problems.collect_view()} }
    };
    view! { <div class="files-problems" role="status">{shown}</div> }.into_any()
}

/// Adds what was unusual when the layer was merged with those below it.
fn add_warnings(warnings: &mut Warnings, layer: usize, merged: &[(u16, Warnings)]) {
    for (_, merged) in merged.iter().filter(|(of, _)| usize::from(*of) == layer) {
        warnings.count += merged.count;
        warnings.first.extend_from_slice(&merged.first);
    }
}

fn from_contents(reading: Reading, idle: Signal<bool>, layers: usize) -> AnyView {
    view! {
        <p class="hint">
            <span>{text::from_contents(layers)}</span>
            {button(idle, text::READ_COMPLETELY, move || reading.read_completely())}
        </p>
    }
    .into_any()
}

fn button(
    idle: Signal<bool>,
    label: &'static str,
    press: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    view! {
        <Show when=move || idle.get()>
            " "
            <button type="button" class="button" on:click=move |_| press()>{label}</button>
        </Show>
    }
    .into_any()
}

fn problem(reading: Reading, idle: Signal<bool>, at: usize, layer: LayerSummary) -> AnyView {
    let Some(error) = layer.error else {
        let warnings = layer.warnings.first.into_iter().map(|(message, path)| {
            view! { <li><code>{path}</code> " " {message}</li> }
        });
        return view! {
            <details class="files-warnings">
                <summary>{text::warnings(at, layer.warnings.count)}</summary>
                <ul>{warnings.collect_view()}</ul>
            </details>
        }
        .into_any();
    };
    let (label, unlimited) =
        if layer.can_override { (text::READ_ANYWAY, true) } else { (text::READ_AGAIN, false) };
    view! {
        <p class="note">
            <span>{text::layer_failed(at, error.trim_end_matches('.'))}</span>
            {button(idle, label, move || reading.start(unlimited))}
        </p>
    }
    .into_any()
}

/// Wasted space, by layer and the largest files first.
pub(super) fn waste(reading: Reading) -> AnyView {
    let shown = move || {
        reading.waste.get().map(|waste| {
            let total = text::wasted(waste.bytes, waste.files);
            view! {
                <details class="files-part">
                    <summary>{text::WASTED} <span class="muted">" " {total}</span></summary>
                    <p class="hint">{text::WASTED_HINT}</p>
                    {wasted_tables(waste)}
                </details>
            }
        })
    };
    shown.into_any()
}

fn wasted_tables(waste: Waste) -> AnyView {
    if waste.files == 0 {
        return view! { <p>{text::NO_WASTE}</p> }.into_any();
    }
    let layers = waste.layers.into_iter().map(|(layer, bytes, files)| {
        view! { <li>{text::layer_number(layer)} ": " {text::wasted(bytes, files)}</li> }
    });
    let heads = vec![
        (text::PATH, "c-name"),
        (text::SIZE, "c-number"),
        (text::LAYER, "c-from"),
        (text::FATE, "c-fate c-wide"),
    ];
    let rows = waste.largest;
    view! {
        <ul>{layers.collect_view()}</ul>
        <PlainTable name=text::WASTED heads count=rows.len() row=rows_of(rows, wasted_row)/>
    }
    .into_any()
}

fn wasted_row(_: usize, (path, layer, bytes, fate): (String, u16, u64, Fate)) -> AnyView {
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-name"><code>{path}</code></th>
            <td class="c-number" title=format::bytes(bytes)>{format::size(bytes)}</td>
            <td class="c-from">{text::layer_number(layer)}</td>
            <td class="c-fate c-wide">{fate_text(fate)}</td>
        </tr>
    }
    .into_any()
}

/// What became of a file, in words.
pub(super) fn fate_text(fate: Fate) -> String {
    match fate {
        Fate::Present => text::PRESENT.to_owned(),
        Fate::Overwritten(by) => text::overwritten(by),
        Fate::Deleted(by) => text::deleted(by),
    }
}

/// The packages that the image's package databases list.
pub(super) fn packages(reading: Reading) -> AnyView {
    let shown = move || {
        let packages = reading.packages.get();
        (!packages.is_empty()).then(|| {
            let heads = vec![(text::NAME, "c-name"), (text::VERSION, "c-version"), (text::TYPE, "c-type")];
            let count = packages.len();
            view! {
                <details class="files-part">
                    <summary>{text::PACKAGES} <span class="muted">" " {format::count(count)}</span></summary>
                    <PlainTable name=text::PACKAGES heads count row=rows_of(packages, package_row)/>
                </details>
            }
        })
    };
    shown.into_any()
}

fn package_row(_: usize, package: PackageRow) -> AnyView {
    view! {
        <tr class="row row-free">
            <th scope="row" class="c-name">{package.name}</th>
            <td class="c-version">{package.version}</td>
            <td class="c-type">{package.ecosystem}</td>
        </tr>
    }
    .into_any()
}
