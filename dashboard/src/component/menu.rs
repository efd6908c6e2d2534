//! A button that opens a small panel below it: preferences, columns, export.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Glyph, Icon};

/// A disclosure: the panel's content is made when it opens; Escape and a focus elsewhere close it.
#[component]
pub(crate) fn Menu(
    #[prop(into)] name: String,
    icon: Icon,
    /// Shows the name next to the icon.
    #[prop(optional)]
    labelled: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let frame = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let leave = move |event: leptos::ev::FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        // Focus is also lost when the menu is removed together with the focused element; then there is no menu left to ask.
        let inside = frame.try_get_untracked().flatten().is_some_and(|frame| frame.contains(next.as_ref()));
        if next.is_some() && !inside {
            let _ = open.try_set(false);
        }
    };
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.composed_path().get(0).dyn_into::<web_sys::Node>().ok();
        if !frame.try_get_untracked().flatten().is_some_and(|frame| frame.contains(target.as_ref())) {
            let _ = open.try_set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            // Before the panel goes, and with it the focus.
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
            open.set(false);
        }
    };
    let label = labelled.then(|| name.clone());
    view! {
        <div class="menu" node_ref=frame on:focusout=leave on:keydown=key>
            <button
                type="button"
                node_ref=button
                class=if labelled { "button" } else { "button button-icon" }
                title=name.clone()
                aria-label=name
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Glyph icon/>
                {label}
            </button>
            <Show when=move || open.get()>
                <div class="menu-panel">{children()}</div>
            </Show>
        </div>
    }
}

/// One choice of several, as a row of small buttons.
#[component]
pub(crate) fn Choice<T>(
    #[prop(into)] name: String,
    options: Vec<(T, &'static str)>,
    #[prop(into)] chosen: Signal<T>,
    on_choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    view! {
        <fieldset class="choice">
            <legend>{name}</legend>
            <div class="segments">
                {options
                    .into_iter()
                    .map(|(value, label)| {
                        view! {
                            <button
                                type="button"
                                class="segment"
                                aria-pressed=move || if chosen.get() == value { "true" } else { "false" }
                                on:click=move |_| on_choose.run(value)
                            >
                                {label}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}
