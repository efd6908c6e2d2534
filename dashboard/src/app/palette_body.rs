//! The command palette: type a repository, `repository:tag` or a command, and go there.

use leptos::html;
use leptos::prelude::*;

use super::overlays::use_overlays;
use crate::config::Config;
use crate::list::matcher::Matcher;
use crate::navigation::{Navigation, use_navigation};
use crate::palette::PaletteEntries;
use crate::pasted::{Place, Problem, route};
use crate::preferences::{Preferences, use_preferences};
use crate::route::Route;
use crate::session::{Sessions, use_sessions};
use crate::text::session as session_text;
use crate::text::shell as text;
use crate::theme::{Density, Theme, TimeStyle};

/// How many entries are offered at once.
const OFFERED: usize = 12;

#[derive(Clone, PartialEq)]
enum Target {
    Go(Route),
    /// A button or tab of the screen, by the id of its entry.
    Run(u32),
    Theme(Theme),
    Density(Density),
    Times(TimeStyle),
    Shortcuts,
    SignOut(String),
}

/// The content of the dialog.
#[component]
pub(crate) fn PaletteBody() -> impl IntoView {
    let overlays = use_overlays();
    let navigation = use_navigation();
    let sessions = use_sessions();
    let preferences = use_preferences();
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let palette: PaletteEntries = expect_context();
    let entries =
        Memo::new(move |_| entries(&typed.get(), &palette.offered(), navigation, sessions, preferences));
    let perform = performer();
    let not_served = Memo::new(move |_| {
        let screen = navigation.route().screen;
        match reference(&typed.get(), screen.registry()?, sessions)? {
            Err(Problem::NotServed(why)) => Some(why),
            _ => None,
        }
    });
    let choose = move |position: usize| {
        let Some((_, target)) = entries.with_untracked(|all| all.get(position).cloned()) else { return };
        overlays.palette.set(false);
        perform(target);
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        let last = entries.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" => choose(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let field = focused_field();
    let option = move |(position, (name, _)): (usize, (String, Target))| {
        let selected = move || if at.get() == position { "true" } else { "false" };
        let id = format!("palette-{position}");
        view! { <li role="option" id=id aria-selected=selected on:click=move |_| choose(position)>{name}</li> }
    };
    view! {
        <input
            type="text"
            class="palette-input"
            role="combobox"
            aria-label=text::PALETTE_HINT
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant=move || format!("palette-{}", at.get())
            placeholder=text::PALETTE_HINT
            autocomplete="off"
            spellcheck="false"
            node_ref=field
            on:input:target=move |event| {
                typed.set(event.target().value());
                at.set(0);
            }
            on:keydown=key
        />
        <ul class="palette-list" role="listbox" id="palette-list" aria-label=text::PALETTE>
            {move || entries.get().into_iter().enumerate().map(option).collect_view()}
        </ul>
        <Show when=move || entries.with(Vec::is_empty)>
            <p class="hint">{text::PALETTE_EMPTY}</p>
        </Show>
        <p class="hint" role="status">{move || not_served.get()}</p>
    }
}

/// Does what an entry offers.
fn performer() -> impl Fn(Target) + Copy + Send + Sync + 'static {
    let (overlays, navigation, sessions, preferences) =
        (use_overlays(), use_navigation(), use_sessions(), use_preferences());
    let palette: PaletteEntries = expect_context();
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
            Target::SignOut(registry) => sessions.end(&registry),
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

/// Where the text leads if it is a reference; none where nothing is typed or no session is open.
fn reference(typed: &str, registry: &str, sessions: Sessions) -> Option<Result<Route, Problem>> {
    let session = sessions.get_untracked(registry).filter(|_| !typed.trim().is_empty())?;
    let config: Config = use_context()?;
    let catalog = session.catalog();
    let has_repository =
        |name: &str| catalog.rows.with_untracked(|names| names.iter().any(|one| one == name));
    Some(route(typed, Place { registry: &session.config, config: &config, has_repository: &has_repository }))
}

fn entries(
    typed: &str,
    screen: &[(u32, String)],
    navigation: Navigation,
    sessions: Sessions,
    preferences: Preferences,
) -> Vec<(String, Target)> {
    let here = navigation.route();
    let mut all: Vec<(String, Target)> = Vec::new();
    let matcher = Matcher::parse(typed);
    if let Some(registry) = here.screen.registry() {
        let mut offer = |name: &str| {
            if all.len() < OFFERED
                && matcher.matches(name)
                && !all.iter().any(|(other, _)| other == name)
                && let Ok(repository) = name.parse()
            {
                all.push((name.to_owned(), Target::Go(Route::repository(registry, &repository))));
            }
        };
        preferences.pinned(registry).iter().for_each(|name| offer(name));
        preferences.recent(registry).iter().for_each(|name| offer(name));
        if let Some(session) = sessions.get(registry) {
            session.catalog().rows.with(|names| names.iter().for_each(|name| offer(name)));
        }
        // A reference is accepted whether or not it is listed: there may be no catalog to look it up in.
        if let Some(Ok(named)) = reference(typed, registry, sessions) {
            let name = if named.screen.registry() == Some(registry) {
                named.within_registry()
            } else {
                named.print()
            };
            if !all.iter().any(|(other, _)| *other == name) {
                let at = if typed.contains([':', '@', ' ']) { 0 } else { all.len() };
                all.insert(at, (name, Target::Go(named)));
            }
        }
        all.push((text::REPOSITORIES.to_owned(), Target::Go(Route::repositories(registry))));
    }
    let offered = screen.iter().filter(|(_, name)| matcher.matches(name));
    all.extend(offered.map(|(id, name)| (name.clone(), Target::Run(*id))));
    let signed_in = here.screen.registry().and_then(|registry| sessions.get(registry));
    let signed_in = signed_in.filter(|session| !session.config.opens_by_itself());
    let out = signed_in
        .map(|session| (session_text::SIGN_OUT.to_owned(), Target::SignOut(session.registry().to_owned())));
    let commands = [
        (text::setting(text::THEME, text::LIGHT), Target::Theme(Theme::Light)),
        (text::setting(text::THEME, text::DARK), Target::Theme(Theme::Dark)),
        (text::setting(text::THEME, text::SYSTEM), Target::Theme(Theme::System)),
        (text::setting(text::DENSITY, text::COMFORTABLE), Target::Density(Density::Comfortable)),
        (text::setting(text::DENSITY, text::COMPACT), Target::Density(Density::Compact)),
        (text::setting(text::TIMES, text::RELATIVE), Target::Times(TimeStyle::Relative)),
        (text::setting(text::TIMES, text::ABSOLUTE), Target::Times(TimeStyle::Absolute)),
        (text::SHORTCUTS.to_owned(), Target::Shortcuts),
    ];
    all.extend(commands.into_iter().chain(out).filter(|(name, _)| matcher.matches(name)));
    // What begins with the words typed comes before what only holds them.
    let typed = typed.trim().to_ascii_lowercase();
    all.sort_by_key(|(name, _)| !name.to_ascii_lowercase().starts_with(&typed));
    all
}
