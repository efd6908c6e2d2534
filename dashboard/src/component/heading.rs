//! The one `h1` of a screen: it takes the focus when the screen appears and names the page.

use leptos::html;
use leptos::prelude::*;

use crate::surface::use_surface;
use crate::text::shell as text;

/// A screen's heading. Sets the page's title and moves the focus here, so that a screen reader says where one is.
#[component]
pub(crate) fn ScreenHeading(
    /// What the screen shows.
    #[prop(into)]
    what: String,
    /// The registry it belongs to; empty for none.
    #[prop(into)]
    registry: String,
    /// Shown instead of `what` in the heading itself.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let surface = use_surface();
    surface.set_title(&text::title(&what, &registry));
    Effect::new(move |_| {
        if let Some(heading) = heading.get().filter(|_| surface.takes_focus()) {
            let _ = heading.focus();
        }
    });
    view! {
        <h1 part="heading" tabindex="-1" node_ref=heading>
            {match children {
                Some(children) => children(),
                None => what.into_any(),
            }}
        </h1>
    }
}
