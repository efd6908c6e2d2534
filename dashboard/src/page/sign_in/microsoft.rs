//! "Sign in with Microsoft": the buttons, going on with a sign-in that a redirect or a reload interrupted, and signing out. What it
//! takes to do so is a chunk of its own, [`attempt`].

mod attempt;

use std::rc::Rc;

use leptos::prelude::*;

pub(crate) use attempt::Extent;
use attempt::{ATTEMPT, Attempt, Outcome, Step};

use crate::config::{MicrosoftConfig, RegistryConfig, SignInMethod};
use crate::failure::Failure;
use crate::microsoft::library::{Library, Prompt};
use crate::microsoft::return_note::ReturnNote;
use crate::microsoft::signed_in;
use crate::query::run_until_cleanup;
use crate::session::{Session, Sessions, use_sessions};
use crate::surface::{Kind, Surface, use_surface};
use crate::text::microsoft as text;
use crate::text::session as session_text;
use crate::toasts::{Toasts, use_toasts};

/// What the buttons show, and where failures and notices go.
#[derive(Clone, Copy)]
struct State {
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    toasts: Toasts,
    /// Counts the attempts. Only the newest shows what came of it.
    newest: StoredValue<u32>,
}

impl State {
    /// The number of a new attempt.
    fn count(self) -> u32 {
        let number = self.newest.get_value().wrapping_add(1);
        self.newest.set_value(number);
        number
    }

    /// Shows why an attempt failed, if it is the newest.
    fn refuse(self, number: u32, failure: Failure) {
        if self.newest.get_value() == number {
            self.busy.set(false);
            self.failure.set(Some(failure));
        }
    }

    /// Makes an attempt, and shows what came of it.
    async fn follow(self, number: u32, attempt: Attempt) {
        let (sessions, application) = (attempt.sessions, attempt.application.clone());
        let outcome = match ATTEMPT().await {
            Ok(chunk) => (chunk.attempt)(attempt).await,
            Err(failure) => Err(failure),
        };
        if self.newest.get_value() != number {
            return;
        }
        match outcome {
            Ok(Outcome::Opened { session, notice }) => {
                signed_in::add(&application);
                notice.into_iter().for_each(|notice| self.toasts.say(notice));
                sessions.add(*session);
            }
            // Still busy: the browser is about to leave the page.
            Ok(Outcome::Leaving) => {}
            Ok(Outcome::Nothing) => self.busy.set(false),
            Err(failure) => self.refuse(number, failure),
        }
    }
}

/// The application to sign in with, where the gateway or the embedding page names one.
pub(super) fn offered(registry: &RegistryConfig) -> Option<MicrosoftConfig> {
    registry.entra.clone().filter(|application| !application.client_id.is_empty())
}

/// The buttons. A sign-in that was interrupted goes on by itself.
#[component]
pub(super) fn MicrosoftSignIn(
    registry: RegistryConfig,
    application: MicrosoftConfig,
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let (sessions, surface) = (use_sessions(), use_surface());
    let state =
        State { busy: RwSignal::new(false), failure, toasts: use_toasts(), newest: StoredValue::new(0) };
    let busy = state.busy;
    let by_window = surface.kind() != Kind::Page;
    let owner = Owner::current().unwrap_or_default();
    let is_resumed = signed_in::is_signed_in(&application) || ReturnNote::read(&application).is_some();
    let attempt = move |step: Step| {
        // A user may have closed the window that an attempt waits for, which no browser reports: another attempt replaces it.
        if busy.get_untracked() && !by_window {
            return;
        }
        busy.set(true);
        failure.set(None);
        let (registry, application) = (registry.clone(), application.clone());
        let number = state.count();
        let on_closed = Rc::new(move |failure| state.refuse(number, failure));
        let attempt = Attempt { sessions, surface, registry, application, step, on_closed };
        owner.with(|| run_until_cleanup(state.follow(number, attempt)));
    };
    if is_resumed {
        attempt(Step::Resume);
    }
    let begin = {
        let attempt = attempt.clone();
        move |_| attempt(Step::Begin(Prompt::WhereNeeded))
    };
    let begin_with_another = move |_| attempt(Step::Begin(Prompt::SelectAccount));
    view! {
        <div class="form">
            <button
                type="button"
                class="button button-primary button-wide"
                aria-busy=move || if busy.get() { "true" } else { "false" }
                on:click=begin
            >
                {move || if busy.get() { session_text::SIGNING_IN } else { text::SIGN_IN }}
            </button>
            <button type="button" class="button button-wide" on:click=begin_with_another>
                {text::ANOTHER_ACCOUNT}
            </button>
            {by_window
                .then(|| {
                    view! { <p class="hint" role="status">{move || busy.get().then_some(text::IN_WINDOW)}</p> }
                })}
        </div>
    }
}

/// Who is signed in, with a button to sign out: for frames and elements, which have no banner to find it in. Nothing for other sessions.
#[component]
pub(crate) fn SignedInAccount(session: Session) -> impl IntoView {
    let (sessions, surface, toasts) = (use_sessions(), use_surface(), use_toasts());
    let who = session.user.clone().filter(|_| session.method == SignInMethod::Microsoft)?;
    let sign_out = move |_| sign_out(sessions, surface, toasts, &session, Extent::Page);
    Some(view! {
        <p class="list-tools hint">
            <span>{session_text::WHO} " " {who}</span>
            <button type="button" class="button button-small" on:click=sign_out>
                {session_text::SIGN_OUT}
            </button>
        </p>
    })
}

/// Signs out of the session's registry, and with a Microsoft account of every registry that is open with it. Says so, unless the browser is
/// about to leave the page.
pub(crate) fn sign_out(
    sessions: Sessions,
    surface: Surface,
    toasts: Toasts,
    session: &Session,
    extent: Extent,
) {
    let is_microsoft = session.method == SignInMethod::Microsoft;
    let Some(application) = session.config.entra.clone().filter(|_| is_microsoft) else {
        sessions.end(session.registry());
        return toasts.say(session_text::signed_out(session.login_server()));
    };
    // Before the session ends, since the sign-in screen that follows would go on from these.
    ReturnNote::remove(&application);
    signed_in::remove(&application);
    let open = sessions.of_application(&application);
    let login_servers: Vec<&str> = open.iter().map(Session::login_server).collect();
    if extent == Extent::Page {
        toasts.say(session_text::signed_out(&login_servers.join(", ")));
    }
    for session in &open {
        sessions.end(session.registry());
    }
    sessions.run(async move {
        let ended = match ATTEMPT().await {
            Ok(chunk) => (chunk.sign_out)(Library::new(application, surface), extent).await,
            Err(failure) => Err(failure),
        };
        // That the page has forgotten the account does not fail: it is in memory alone.
        if let (Err(failure), Extent::Microsoft) = (ended, extent) {
            toasts.fail(&Failure {
                what: text::STILL_AT_MICROSOFT.to_owned(),
                remedy: text::STILL_AT_MICROSOFT_REMEDY.to_owned(),
                ..failure
            });
        }
    });
}
