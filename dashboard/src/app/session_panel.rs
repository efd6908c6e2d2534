//! Who is signed in to the registry on the screen, until when, with which rights, and what is left of the rate budget.

use leptos::prelude::*;

use crate::clock::now;
use crate::component::facts::{Fact, Facts};
use crate::component::timestamp::Moment;
use crate::config::SignInMethod;
use crate::page::actions::undo::UntaggedList;
use crate::page::doctor::Doctor;
use crate::session::{Session, use_sessions};
use crate::text::session as text;
use crate::toasts::use_toasts;

/// The panel.
#[component]
pub(crate) fn SessionPanel(session: Session) -> impl IntoView {
    let sessions = use_sessions();
    let toasts = use_toasts();
    let info = session.client.session();
    let who =
        session.user.clone().or_else(|| info.subject.clone()).unwrap_or_else(|| method(&session).to_owned());
    let millis = |at: std::time::Duration| i64::try_from(at.as_millis()).ok();
    let (ends, expires) = (session.ends(), info.expires.and_then(millis));
    let (until, renewed) =
        if ends.is_some() { (text::UNTIL, "") } else { (text::UNTIL_RENEWED, text::RENEWED) };
    let asks = !session.config.opens_by_itself();
    let registry = session.config.clone();
    let sign_out = move |_| {
        toasts.say(text::signed_out(&registry.login_server));
        sessions.end(&registry.name);
    };
    let rights: Vec<_> = info
        .granted
        .iter()
        .map(|access| {
            let name = format!("{} {}", access.kind, access.name);
            view! { <li><code>{name}</code> " " {access.actions.join(", ")}</li> }
        })
        .collect();
    let limit = session.client.rate_limit();
    let budget = limit.and_then(|limit| limit.remaining_calls_per_second);
    let held = limit.and_then(|limit| limit.throttled_until).and_then(millis).filter(|until| *until > now());
    let (server, method) = (session.login_server().to_owned(), method(&session));
    view! {
        <Facts>
            <Fact name=text::LOGIN_SERVER>{server}</Fact>
            <Fact name=text::WHO>{who}</Fact>
            <Fact name=text::HOW>{method}</Fact>
            <Fact name=until><span><Moment moment=expires/> {renewed}</span></Fact>
            <Fact name=text::BUDGET>
                // One element: between the items of a flexible box, spaces are not rendered.
                <span>
                    {budget.map_or_else(|| text::NO_BUDGET.to_owned(), text::budget)}
                    {held.map(|until| view! { " · " {text::HELD_BACK} " " <Moment moment=Some(until)/> })}
                </span>
            </Fact>
        </Facts>
        <p class="menu-title">{text::RIGHTS}</p>
        {if rights.is_empty() {
            view! { <p class="hint">{text::NO_RIGHTS}</p> }.into_any()
        } else {
            view! { <ul class="rights">{rights}</ul> }.into_any()
        }}
        <UntaggedList session=session.clone()/>
        <Doctor registry=session.config/>
        {asks
            .then(|| {
                view! { <button type="button" class="button" on:click=sign_out>{text::SIGN_OUT}</button> }
            })}
    }
}

fn method(session: &Session) -> &'static str {
    match session.method {
        SignInMethod::Password => text::METHOD_PASSWORD,
        SignInMethod::RefreshToken => text::METHOD_REFRESH,
        SignInMethod::Entra => text::METHOD_ENTRA,
        SignInMethod::Host => text::METHOD_HOST,
        _ if session.config.sign_in == [SignInMethod::Gateway] => text::METHOD_GATEWAY,
        _ => text::METHOD_ANONYMOUS,
    }
}
