//! The button "Run cleanup" and the dialog that it opens.

use leptos::prelude::*;

use super::plan_text::outline;
use crate::action::plan::TYPED_ABOVE;
use crate::cleanup::{Cleanup, State};
use crate::component::dialog::Dialog;
use crate::component::icon::{Glyph, Icon};
use crate::page::actions::dialog::Typed;
use crate::session::use_session;
use crate::surface::use_surface;
use crate::text::cleanup as text;
use crate::text::shell as shell_text;
use crate::toasts::use_toasts;

/// The button. It cannot be pressed where nothing is deleted, where something forbids it, where the plan is not of the present rule, or while
/// another run is not finished.
pub(super) fn run_button(cleanup: Cleanup, steps: Memo<usize>) -> AnyView {
    let open = RwSignal::new(false);
    let forbidden = Memo::new(move |_| cleanup.forbidden());
    let busy =
        Memo::new(move |_| cleanup.state.with(|state| matches!(state, State::Running | State::Paused(_))));
    let is_current = Memo::new(move |_| cleanup.planning.is_current());
    let disabled =
        move || steps.get() == 0 || forbidden.with(Option::is_some) || busy.get() || !is_current.get();
    view! {
        <button
            type="button"
            class="button button-danger"
            disabled=disabled
            title=move || forbidden.get()
            on:click=move |_| open.set(true)
        >
            <Glyph icon=Icon::Trash/>
            {text::RUN}
        </button>
        {move || forbidden.get().map(|why| view! { <span class="hint">{why}</span> })}
        <Dialog name=text::RUN open on_close=Callback::new(move |()| open.set(false))>
            <Question cleanup steps=steps.get_untracked() open/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Question(cleanup: Cleanup, steps: usize, open: RwSignal<bool>) -> impl IntoView {
    let (surface, toasts) = (use_surface(), use_toasts());
    let wanted = (steps > TYPED_ABOVE).then(|| use_session().registry().to_owned());
    let typed = RwSignal::new(String::new());
    let needed = wanted.clone();
    let right =
        Memo::new(move |_| needed.as_ref().is_none_or(|needed| typed.with(|typed| typed.trim() == needed)));
    let sentence = untrack(|| cleanup.planning.with_plan(|_, plan| outline(plan)));
    let go = move |_| {
        if !right.get_untracked() {
            return;
        }
        open.set(false);
        if let Err(failure) = cleanup.start(surface) {
            toasts.fail(&failure);
        }
    };
    view! {
        <p><strong>{sentence}</strong></p>
        <p>{text::RUN_EFFECT}</p>
        {wanted.map(|wanted| view! { <Typed wanted typed/> })}
        <div class="dialog-actions">
            <button type="button" class="button" on:click=move |_| open.set(false)>{shell_text::CANCEL}</button>
            <button
                type="button"
                class="button button-primary button-grave"
                aria-disabled=move || if right.get() { "false" } else { "true" }
                on:click=go
            >
                {text::RUN}
            </button>
        </div>
    }
}
