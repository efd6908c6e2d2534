//! What the page learns when one comes back to it: a newer version is being served, or the session has ended meanwhile.
//! Said without losing the place: nothing is reloaded and nobody is signed out.

use std::time::Duration;

use leptos::prelude::*;

use crate::component::timestamp::now;
use crate::component::toast::{Toasts, use_toasts};
use crate::config::Config;
use crate::navigation::use_navigation;
use crate::session::{Sessions, use_sessions};
use crate::text::session as session_text;
use crate::text::shell as text;

/// How often it is looked whether the session has ended.
const TICK: Duration = Duration::from_secs(60);

/// Looks each time the page is shown again, and at the session while it is shown.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let config: Config = expect_context();
    let (toasts, sessions, navigation) = (use_toasts(), use_sessions(), use_navigation());
    // The session that has been told of: once is enough.
    let told = StoredValue::new(None::<i64>);
    let look = move || {
        let registry = navigation.route_untracked().screen.registry().map(str::to_owned);
        if let Some(registry) = registry {
            tell_if_ended(&registry, sessions, toasts, told);
        }
    };
    let listener = window_event_listener(leptos::ev::focus, move |_| {
        look();
        let version = config.version.clone();
        sessions.run(async move {
            // A gateway that does not answer now is told of by what is asked of it next.
            if let Ok(served) = Config::fetch().await
                && served.version != version
            {
                let reload = Callback::new(|()| drop(window().location().reload()));
                toasts.announce(text::new_version(&served.version), text::RELOAD, reload);
            }
        });
    });
    let ticking = set_interval_with_handle(look, TICK);
    on_cleanup(move || {
        listener.remove();
        if let Ok(ticking) = ticking {
            ticking.clear();
        }
    });
}

/// A token that was pasted ends for good; everything else is renewed by itself.
fn tell_if_ended(registry: &str, sessions: Sessions, toasts: Toasts, told: StoredValue<Option<i64>>) {
    let Some(session) = sessions.get_untracked(registry) else { return };
    let Some(ends) = session.ends().filter(|ends| *ends <= now() && told.get_value() != Some(*ends)) else {
        return;
    };
    told.set_value(Some(ends));
    let registry = registry.to_owned();
    let again = Callback::new(move |()| sessions.end(&registry));
    toasts.announce(session_text::ended(session.login_server()), session_text::SIGN_IN_AGAIN, again);
}
