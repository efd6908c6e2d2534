//! The buttons beside a manifest's heading.

use leptos::prelude::*;

use super::data::ManifestData;
use crate::component::icon::{Glyph, Icon};
use crate::text::list as list_text;

/// The buttons.
#[component]
pub(crate) fn Tools() -> impl IntoView {
    let data: ManifestData = expect_context();
    view! {
        <div class="title-tools">
            <button
                type="button"
                class="button"
                aria-busy=move || if data.content.busy() { "true" } else { "false" }
                on:click=move |_| data.refresh()
            >
                <Glyph icon=Icon::Refresh/>
                {list_text::REFRESH}
            </button>
        </div>
    }
}
