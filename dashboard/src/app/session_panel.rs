//! Who is signed in to the registry on the screen, until when, with which rights, and what is left of the rate budget.

use leptos::prelude::*;

use crate::clock::now;
use crate::component::facts::{Fact, Facts};
use crate::component::timestamp::Moment;
use crate::config::SignInMethod;
use crate::page::actions::undo::UntaggedList;
use crate::page::doctor::Doctor;
use crate::page::sign_in::microsoft::{Extent, sign_out};
use crate::session::{Session, use_sessions};
use crate::surface::use_surface;
use crate::text::microsoft as microsoft_text;
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
    let of_microsoft = (session.method == SignInMethod::Microsoft)
        .then(|| view! { <SignOutOfMicrosoft session=session.clone()/> });
    let surface = use_surface();
    let sign_out = {
        let session = session.clone();
        move |_| sign_out(sessions, surface, toasts, &session, Extent::Page)
    };
    let rights = rights(&session);
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
        {rights}
        <UntaggedList session=session.clone()/>
        <Doctor registry=session.config/>
        {asks
            .then(|| {
                view! { <button type="button" class="button" on:click=sign_out>{text::SIGN_OUT}</button> }
            })}
        {of_microsoft}
    }
}

/// Signs out of the page and of Microsoft.
#[component]
fn SignOutOfMicrosoft(session: Session) -> impl IntoView {
    let (sessions, surface, toasts) = (use_sessions(), use_surface(), use_toasts());
    let sign_out = move |_| sign_out(sessions, surface, toasts, &session, Extent::Microsoft);
    view! {
        <button type="button" class="button" on:click=sign_out>{microsoft_text::SIGN_OUT_OF_MICROSOFT}</button>
    }
}

/// The permissions in the session's access tokens, by what they are for.
fn rights(session: &Session) -> AnyView {
    let granted = session.client.session().granted;
    if granted.is_empty() {
        return view! { <p class="hint">{text::NO_RIGHTS}</p> }.into_any();
    }
    let rights: Vec<_> = granted
        .iter()
        .map(|access| {
            let name = format!("{} {}", access.kind, access.name);
            view! { <li><code>{name}</code> " " {access.actions.join(", ")}</li> }
        })
        .collect();
    view! { <ul class="rights">{rights}</ul> }.into_any()
}

fn method(session: &Session) -> &'static str {
    match session.method {
        SignInMethod::Password => text::METHOD_PASSWORD,
        SignInMethod::RefreshToken => text::METHOD_REFRESH,
        SignInMethod::Entra => text::METHOD_ENTRA,
        SignInMethod::Microsoft => microsoft_text::METHOD,
        SignInMethod::Host => text::METHOD_HOST,
        _ if session.config.sign_in == [SignInMethod::Gateway] => text::METHOD_GATEWAY,
        _ => text::METHOD_ANONYMOUS,
    }
}
