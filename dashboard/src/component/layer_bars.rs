//! The layers of an image as bars in proportion to their sizes. A picture: the table next to it says the same in words.

use leptos::prelude::*;

use crate::format;

/// How many tones the bars take turns with.
const TONES: usize = 5;

/// How many bars a strip has at most; the layers beyond share the last one.
const BARS: usize = 1000;

/// One strip with a bar for each layer; `sizes` in bytes.
#[component]
pub(crate) fn LayerStrip(sizes: Vec<u64>) -> impl IntoView {
    let total: u64 = sizes.iter().fold(0, |sum, size| sum.saturating_add(*size));
    let mut left = 0.0;
    let mut sizes = sizes;
    if sizes.len() > BARS {
        let rest = sizes.split_off(BARS - 1);
        sizes.push(rest.into_iter().fold(0, u64::saturating_add));
    }
    let bars = sizes.into_iter().enumerate().map(|(position, size)| {
        let width = format::percent(size, total);
        let start = left;
        left += width;
        // A sliver stays visible however small the layer is.
        let drawn = (width - 0.15).max(0.15);
        view! {
            <rect class=tone(position) x=format!("{start:.3}") y="0" width=format!("{drawn:.3}") height="10">
                <title>{format!("{}: {}", position + 1, format::size(size))}</title>
            </rect>
        }
    });
    let bars = bars.collect_view();
    view! {
        <svg class="layer-strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            {bars}
        </svg>
    }
}

/// The bar in a layer's row.
#[component]
pub(crate) fn LayerBar(position: usize, size: u64, largest: u64) -> impl IntoView {
    let width = format::percent(size, largest).max(0.6);
    view! {
        <svg class="layer-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class=tone(position) x="0" y="0" width=format!("{width:.2}") height="6" rx="1"></rect>
        </svg>
    }
}

fn tone(position: usize) -> String {
    format!("tone-{}", position % TONES + 1)
}
