//! The way out of a refused session: ends it, so that the sign-in form appears at the same address.

use leptos::prelude::*;

use crate::session::{use_session, use_sessions};
use crate::text::session as text;

/// A button; nothing where the registry asks no one to sign in.
#[component]
pub(crate) fn SignInAgain() -> impl IntoView {
    let session = use_session();
    let sessions = use_sessions();
    (!session.config.opens_by_itself()).then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| sessions.renew(session.registry())>
                {text::SIGN_IN_AGAIN}
            </button>
        }
    })
}
