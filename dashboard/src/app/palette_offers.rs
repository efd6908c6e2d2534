//! What the command palette offers for what has been typed: repositories, references, what the screen can do, and commands of the app.

use leptos::prelude::*;

use crate::config::Config;
use crate::list::matcher::Matcher;
use crate::navigation::Navigation;
use crate::pasted::{Place, Problem, route};
use crate::preferences::Preferences;
use crate::route::Route;
use crate::session::Sessions;
use crate::text::session as session_text;
use crate::text::shell as text;
use crate::theme::{Density, Theme, TimeStyle};

/// How many repositories are offered at once.
const REPOSITORIES: usize = 12;

/// What an entry of the palette does.
#[derive(Clone, PartialEq)]
pub(super) enum Target {
    Go(Route),
    /// A button or tab of the screen, by the id of its entry.
    Run(u32),
    Theme(Theme),
    Density(Density),
    Times(TimeStyle),
    Shortcuts,
    SignOut(String),
}

/// What the offers depend on, apart from the text typed.
#[derive(Clone, Copy)]
pub(super) struct Offers {
    pub(super) navigation: Navigation,
    pub(super) sessions: Sessions,
    pub(super) preferences: Preferences,
}

impl Offers {
    /// The names and targets of what is offered for a text, with the entries of the screen. Tracked.
    pub(super) fn of(&self, typed: &str, screen: &[(u32, String)]) -> Vec<(String, Target)> {
        let here = self.navigation.route();
        let registry = here.screen.registry();
        let matcher = Matcher::parse(typed);
        let mut all = registry.map(|registry| self.places(typed, registry, &matcher)).unwrap_or_default();
        let offered = screen.iter().filter(|(_, name)| matcher.matches(name));
        all.extend(offered.map(|(id, name)| (name.clone(), Target::Run(*id))));
        let commands = commands().into_iter().chain(registry.and_then(|registry| self.sign_out(registry)));
        all.extend(commands.filter(|(name, _)| matcher.matches(name)));
        // What begins with the words typed comes before what only contains them.
        let typed = typed.trim().to_ascii_lowercase();
        all.sort_by_key(|(name, _)| !name.to_ascii_lowercase().starts_with(&typed));
        all
    }

    /// Why the text, a reference, leads nowhere here. Tracks the route.
    pub(super) fn not_served(&self, typed: &str) -> Option<String> {
        let screen = self.navigation.route().screen;
        match self.reference(typed, screen.registry()?)? {
            Err(Problem::NotServed(why)) => Some(why),
            _ => None,
        }
    }

    /// The repositories that match, the reference typed, and the list of repositories.
    fn places(&self, typed: &str, registry: &str, matcher: &Matcher) -> Vec<(String, Target)> {
        let mut all = self.repositories(registry, matcher);
        // A reference is accepted whether or not it is listed: there may be no catalog to look it up in.
        if let Some(Ok(named)) = self.reference(typed, registry) {
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
        all
    }

    /// The repositories that match: pinned ones first, then recent ones, then those of the catalog as far as it is loaded.
    fn repositories(&self, registry: &str, matcher: &Matcher) -> Vec<(String, Target)> {
        let mut all: Vec<(String, Target)> = Vec::new();
        let mut offer = |name: &str| {
            if all.len() < REPOSITORIES
                && matcher.matches(name)
                && !all.iter().any(|(other, _)| other == name)
                && let Ok(repository) = name.parse()
            {
                all.push((name.to_owned(), Target::Go(Route::repository(registry, &repository))));
            }
        };
        self.preferences.pinned(registry).iter().for_each(|name| offer(name));
        self.preferences.recent(registry).iter().for_each(|name| offer(name));
        if let Some(session) = self.sessions.get(registry) {
            session.catalog().rows.with(|names| names.iter().for_each(|name| offer(name)));
        }
        all
    }

    /// Where the text leads if it is a reference; none where nothing is typed or no session is open.
    fn reference(&self, typed: &str, registry: &str) -> Option<Result<Route, Problem>> {
        let session = self.sessions.get_untracked(registry).filter(|_| !typed.trim().is_empty())?;
        let config: Config = use_context()?;
        let catalog = session.catalog();
        let has_repository =
            |name: &str| catalog.rows.with_untracked(|names| names.iter().any(|one| one == name));
        let place = Place { registry: &session.config, config: &config, has_repository: &has_repository };
        Some(route(typed, place))
    }

    /// Signing out, where a user has signed in.
    fn sign_out(&self, registry: &str) -> Option<(String, Target)> {
        let session = self.sessions.get(registry).filter(|session| !session.config.opens_by_itself())?;
        Some((session_text::SIGN_OUT.to_owned(), Target::SignOut(session.registry().to_owned())))
    }
}

/// The commands that every screen has.
fn commands() -> [(String, Target); 8] {
    [
        (text::setting(text::THEME, text::LIGHT), Target::Theme(Theme::Light)),
        (text::setting(text::THEME, text::DARK), Target::Theme(Theme::Dark)),
        (text::setting(text::THEME, text::SYSTEM), Target::Theme(Theme::System)),
        (text::setting(text::DENSITY, text::COMFORTABLE), Target::Density(Density::Comfortable)),
        (text::setting(text::DENSITY, text::COMPACT), Target::Density(Density::Compact)),
        (text::setting(text::TIMES, text::RELATIVE), Target::Times(TimeStyle::Relative)),
        (text::setting(text::TIMES, text::ABSOLUTE), Target::Times(TimeStyle::Absolute)),
        (text::SHORTCUTS.to_owned(), Target::Shortcuts),
    ]
}
