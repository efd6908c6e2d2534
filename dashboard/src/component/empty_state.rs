//! What is shown where there is nothing: what would be here, and how it comes here.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// An empty list or screen.
#[component]
pub(crate) fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] hint: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            <Glyph icon=icon.unwrap_or(Icon::Empty)/>
            <p class="state-title">{title}</p>
            <p class="state-hint">{hint}</p>
            {children.map(|children| view! { <div class="state-actions">{children()}</div> })}
        </div>
    }
}
