//! What the page learns when one comes back to it: a newer version is being served, or the session has ended meanwhile.
//! Said without losing the place: nothing is reloaded and nobody is signed out.

use leptos::prelude::*;

use crate::component::timestamp::now;
use crate::component::toast::{Toasts, use_toasts};
use crate::config::{Config, SignInMethod};
use crate::navigation::use_navigation;
use crate::session::{Sessions, use_sessions};
use crate::text::session as session_text;
use crate::text::shell as text;

/// Looks each time the page is shown again.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let config: Config = expect_context();
    let (toasts, sessions, navigation) = (use_toasts(), use_sessions(), use_navigation());
    let listener = window_event_listener(leptos::ev::focus, move |_| {
        let registry = navigation.route_untracked().screen.registry().map(str::to_owned);
        if let Some(registry) = registry {
            tell_if_ended(&registry, sessions, toasts);
        }
        let version = config.version.clone();
        sessions.run(async move {
            // A gateway that does not answer now is told of by what is asked of it next.
            if let Ok(served) = Config::fetch().await
                && served.version != version
            {
                toasts.say(text::new_version(&served.version));
            }
        });
    });
    on_cleanup(move || listener.remove());
}

/// A refresh token ends for good; everything else is renewed by itself.
fn tell_if_ended(registry: &str, sessions: Sessions, toasts: Toasts) {
    let Some(session) = sessions.get_untracked(registry) else { return };
    let ends = session.client.session().expires.and_then(|at| i64::try_from(at.as_millis()).ok());
    if session.method == SignInMethod::RefreshToken && ends.is_some_and(|ends| ends <= now()) {
        toasts.warn(session_text::ended(session.login_server()));
    }
}
