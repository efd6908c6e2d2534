//! What is shown where something failed: what, why, what to do, and the buttons to do it.

use leptos::prelude::*;

use super::copy_button::CopyButton;
use super::icon::{Glyph, Icon};
use crate::failure::{Failure, FailureKind};
use crate::surface::event::Event;
use crate::surface::use_surface;
use crate::text::failure as failure_text;
use crate::text::shell as text;

/// A failure. `on_retry`, if present, is called by the button "Try again"; `children` are further ways out.
#[component]
pub(crate) fn ErrorState(
    failure: Failure,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    use_surface().emit(&Event::error(&failure));
    let id = failure.request_id.clone();
    let reload = failure.kind == FailureKind::ProxySession;
    view! {
        <div class="state state-error" part="message" role="alert">
            <Glyph icon=Icon::Warning/>
            <p class="state-title">{failure.what}</p>
            <p class="state-why">
                {failure.why} {failure.code.map(|code| view! { " " <code>{code.to_string()}</code> })}
            </p>
            <p class="state-hint">{failure.remedy}</p>
            <div class="state-actions">
                {reload
                    .then(|| {
                        let reload = |_| drop(window().location().reload());
                        view! {
                            <button type="button" class="button button-primary" on:click=reload>
                                <Glyph icon=Icon::Refresh/>
                                {failure_text::RELOAD_PAGE}
                            </button>
                        }
                    })}
                {on_retry.filter(|_| !reload)
                    .map(|retry| {
                        view! {
                            <button type="button" class="button button-primary" on:click=move |_| retry.run(())>
                                <Glyph icon=Icon::Refresh/>
                                {text::TRY_AGAIN}
                            </button>
                        }
                    })} {children.map(|children| children())}
            </div>
            {id
                .map(|id| {
                    view! {
                        <p class="state-id">
                            <code>{failure_text::request_id(&id)}</code>
                            <CopyButton value=id.to_string() name=failure_text::COPY_REQUEST_ID/>
                        </p>
                    }
                })}
        </div>
    }
}
