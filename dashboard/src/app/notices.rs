//! What the page learns when the user comes back to it: a newer version is being served, or the session has ended meanwhile.
//! The place is kept: nothing is reloaded and no session is ended.

use std::time::Duration;

use leptos::prelude::*;

use crate::clock::now;
use crate::config::Config;
use crate::navigation::use_navigation;
use crate::proxy::ProxySession;
use crate::session::{Session, Sessions, use_sessions};
use crate::text::failure as failure_text;
use crate::text::session as session_text;
use crate::text::shell as text;
use crate::toasts::{Toasts, use_toasts};

/// How often to check whether the registry throttles requests, and whether the session has ended.
const TICK: Duration = Duration::from_secs(1);

/// Looks each time the page is shown again, and at the session while it is shown.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let config: Config = expect_context();
    let (toasts, sessions, navigation) = (use_toasts(), use_sessions(), use_navigation());
    // The expiry that has been announced: once is enough.
    let announced = StoredValue::new(None::<i64>);
    let held = RwSignal::new(0);
    let look = move || {
        let registry = navigation.route_untracked().screen.registry().map(str::to_owned);
        let session = registry.and_then(|registry| sessions.get_untracked(&registry));
        let wait = session.as_ref().map_or(0, seconds_held);
        if held.get_untracked() != wait {
            held.set(wait);
        }
        if let Some(session) = session {
            announce_if_ended(&session, sessions, toasts, announced);
        }
    };
    let listener = window_event_listener(leptos::ev::focus, move |_| {
        look();
        let version = config.version.clone();
        sessions.run(async move {
            // A gateway that does not answer now is reported by the next request that needs it.
            if let Ok(served) = Config::fetch().await
                && served.version != version
            {
                let reload = Callback::new(|()| drop(window().location().reload()));
                toasts.announce(text::new_version(&served.version), text::RELOAD, reload);
            }
        });
    });
    let proxy: ProxySession = expect_context();
    Effect::new(move |_| {
        if proxy.has_ended() {
            let reload = Callback::new(|()| drop(window().location().reload()));
            toasts.announce(failure_text::PROXY_ENDED.to_owned(), failure_text::RELOAD_PAGE, reload);
        }
    });
    let leaving = window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("pagehide"), move |_| {
        if proxy.has_ended_untracked() {
            sessions.keep_over_reload();
        }
    });
    let ticking = set_interval_with_handle(look, TICK);
    on_cleanup(move || {
        listener.remove();
        leaving.remove();
        if let Ok(ticking) = ticking {
            ticking.clear();
        }
    });
    let waits = Memo::new(move |_| held.get() > 0);
    let line = move || {
        waits.get().then(|| {
            view! { <p class="held"><strong>{text::HELD}</strong> " " <span aria-hidden="true">{move || text::held_for(held.get())}</span></p> }
        })
    };
    view! { <div role="status">{line}</div> }
}

/// For how many seconds the registry still throttles requests.
fn seconds_held(session: &Session) -> i64 {
    let until = session.client.rate_limit().and_then(|limit| limit.throttled_until);
    let until = until.and_then(|until| i64::try_from(until.as_millis()).ok()).unwrap_or(0);
    (until - now() + 999).max(0) / 1000
}

/// A token that was pasted ends for good; everything else is renewed by itself.
fn announce_if_ended(
    session: &Session,
    sessions: Sessions,
    toasts: Toasts,
    announced: StoredValue<Option<i64>>,
) {
    let Some(ends) = session.ends().filter(|ends| *ends <= now() && announced.get_value() != Some(*ends))
    else {
        return;
    };
    announced.set_value(Some(ends));
    let registry = session.registry().to_owned();
    let again = Callback::new(move |()| sessions.renew(&registry));
    toasts.announce(session_text::ended(session.login_server()), session_text::SIGN_IN_AGAIN, again);
}
