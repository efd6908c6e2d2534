//! What is shown while data is on its way: shapes of what will come, so that nothing jumps.

use leptos::prelude::*;

use crate::text::shell as text;

/// Grey lines in the place of rows or facts.
#[component]
pub(crate) fn Skeleton(#[prop(default = 6)] lines: usize) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label=text::LOADING>
            {(0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
}
