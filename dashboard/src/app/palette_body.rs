//! The command palette: type a repository, `repository:tag` or a command, and go there.

use leptos::html;
use leptos::prelude::*;

use super::overlays::use_overlays;
use super::palette_offers::{Offers, Target};
use crate::component::pasted_lines::pasted_lines;
use crate::navigation::use_navigation;
use crate::page::sign_in::microsoft::{Extent, sign_out};
use crate::palette::PaletteEntries;
use crate::preferences::use_preferences;
use crate::session::use_sessions;
use crate::surface::use_surface;
use crate::text::shell as text;
use crate::toasts::use_toasts;

/// The content of the dialog.
#[component]
pub(crate) fn PaletteBody() -> impl IntoView {
    let overlays = use_overlays();
    let offers =
        Offers { navigation: use_navigation(), sessions: use_sessions(), preferences: use_preferences() };
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let palette: PaletteEntries = expect_context();
    let entries = Memo::new(move |_| offers.of(&typed.get(), &palette.offered()));
    let not_served = Memo::new(move |_| offers.not_served(&typed.get()));
    let perform = performer();
    let choose = move |position: usize| {
        let Some((_, target)) = entries.with_untracked(|all| all.get(position).cloned()) else { return };
        overlays.palette.set(false);
        perform(target);
    };
    let option = move |(position, (name, _)): (usize, (String, Target))| {
        let selected = move || if at.get() == position { "true" } else { "false" };
        let id = format!("palette-{position}");
        view! { <li role="option" id=id aria-selected=selected on:click=move |_| choose(position)>{name}</li> }
    };
    view! {
        {field(typed, at, Signal::derive(move || entries.with(Vec::len)), choose)}
        <ul class="palette-list" role="listbox" id="palette-list" aria-label=text::PALETTE>
            {move || entries.get().into_iter().enumerate().map(option).collect_view()}
        </ul>
        <Show when=move || entries.with(Vec::is_empty)>
            <p class="hint">{text::PALETTE_EMPTY}</p>
        </Show>
        <p class="hint" role="status">{move || not_served.get()}</p>
    }
}

/// The field to type in, whose arrow keys move through the `count` entries and whose Enter chooses the one at `at`.
fn field(
    typed: RwSignal<String>,
    at: RwSignal<usize>,
    count: Signal<usize>,
    choose: impl Fn(usize) + 'static,
) -> AnyView {
    let key = move |event: leptos::ev::KeyboardEvent| {
        let last = count.get_untracked().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" => choose(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <input
            type="text"
            class="palette-input"
            role="combobox"
            aria-label=text::PALETTE_HINT
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant=move || (count.get() > 0).then(|| format!("palette-{}", at.get()))
            placeholder=text::PALETTE_HINT
            autocomplete="off"
            spellcheck="false"
            node_ref=focused_field()
            on:input:target=move |event| {
                typed.set(event.target().value());
                at.set(0);
            }
            on:paste=move |event| {
                if let Some(lines) = pasted_lines(&event) {
                    typed.set(lines);
                    at.set(0);
                }
            }
            on:keydown=key
        />
    }
    .into_any()
}

/// Does what an entry offers.
fn performer() -> impl Fn(Target) + Copy + Send + Sync + 'static {
    let (overlays, navigation, sessions, preferences) =
        (use_overlays(), use_navigation(), use_sessions(), use_preferences());
    let palette: PaletteEntries = expect_context();
    let (surface, toasts) = (use_surface(), use_toasts());
    move |target| {
        match target {
            Target::Go(route) => navigation.go(route),
            Target::Run(id) => {
                // Once the palette has closed and given the focus back: the entry may open a dialog of its own.
                request_animation_frame(move || request_animation_frame(move || palette.run(id)));
            }
            Target::Theme(theme) => preferences.set_theme(theme),
            Target::Density(density) => preferences.set_density(density),
            Target::Times(times) => preferences.set_times(times),
            Target::SignOut(registry) => {
                if let Some(session) = sessions.get_untracked(&registry) {
                    sign_out(sessions, surface, toasts, &session, Extent::Page);
                }
            }
            Target::Shortcuts => overlays.shortcuts.set(true),
        }
    }
}

/// A field that takes the focus once it is there.
fn focused_field() -> NodeRef<html::Input> {
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        // After the dialog has opened, which moves the focus to its first button.
        if let Some(field) = field.get() {
            request_animation_frame(move || drop(field.focus()));
        }
    });
    field
}
