//! How a run goes: a progress bar, then each item's result, which can be exported.

use leptos::html;
use leptos::prelude::*;

use super::undo::UntaggedList;
use crate::action::batch::{Batch, Item};
use crate::action::outcome::Outcome;
use crate::action::plan::Action;
use crate::component::icon::{Glyph, Icon};
use crate::failure::FailureKind;
use crate::list::export;
use crate::session::{Session, use_session, use_sessions};
use crate::surface::download::download;
use crate::text::action as text;
use crate::text::failure as failure_text;
use crate::text::list as list_text;
use crate::text::shell as shell_text;

/// Results that are listed; the exports have all of them.
const LISTED: usize = 200;

/// Progress and results.
#[component]
pub(crate) fn Results(batch: Batch, action: Action, close: Callback<()>) -> impl IntoView {
    let done = move || {
        let (good, bad, all) = batch.tally();
        text::tally(good, bad, all)
    };
    let progress = move || {
        let (good, bad, _) = batch.tally();
        (good + bad).to_string()
    };
    let said = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        // The button that started the run is gone, and the focus with it.
        if let Some(said) = said.get() {
            let _ = said.focus();
        }
    });
    let session = use_session();
    let halted = halted(batch, &session);
    view! {
        <p role="status" tabindex="-1" node_ref=said>{done}</p>
        <progress aria-label=action.name() max=move || batch.tally().2.to_string() value=progress></progress>
        {halted}
        <ul class="results" aria-label=text::RESULTS tabindex="0">
            {move || {
                let items = batch.items();
                let known = || items.iter().filter(|item| !matches!(item.outcome, Outcome::Waiting));
                let more = known().count().saturating_sub(LISTED);
                let more = (more > 0).then(|| view! { <li class="muted">{text::and_more(more)}</li> });
                view! { {known().take(LISTED).map(line).collect_view()} {more} }
            }}
        </ul>
        {(action == Action::Untag).then(|| view! { <UntaggedList session/> })}
        <div class="dialog-actions">
            <button type="button" class="button" on:click=move |_| save(batch, true)>
                <Glyph icon=Icon::Download/>
                {list_text::EXPORT_CSV}
            </button>
            <button type="button" class="button" on:click=move |_| save(batch, false)>
                <Glyph icon=Icon::Download/>
                {list_text::EXPORT_JSON}
            </button>
            {run_buttons(batch, close)}
        </div>
    }
}

/// Why the run stopped before its end, with the button that signs in again where that is the reason.
fn halted(batch: Batch, session: &Session) -> impl Fn() -> Option<AnyView> + Send + use<> {
    let sessions = use_sessions();
    let asks = !session.config.opens_by_itself();
    let registry = StoredValue::new(session.registry().to_owned());
    let again_signed = move |_| {
        sessions.store_plans(&registry.get_value(), batch.rests());
        sessions.renew(&registry.get_value());
    };
    Effect::new(move |_| {
        let has_ended = batch.halted().is_some_and(|failure| failure.kind == FailureKind::ProxySession);
        if has_ended {
            // The page will be reloaded, and asks again for what is left.
            sessions.store_plans(&registry.get_value(), batch.rests());
        }
    });
    move || {
        let failure = batch.halted()?;
        let signs = asks && failure.kind == FailureKind::SignIn;
        let reloads = failure.kind == FailureKind::ProxySession;
        let view = view! {
            <div class="finding bad" role="alert">
                <Glyph icon=Icon::Warning/>
                <div>
                    {text::HALTED} " " {failure.why} " " {failure.remedy}
                    {signs
                        .then(|| {
                            view! {
                                <button type="button" class="button button-small" on:click=again_signed>
                                    {text::SIGN_IN_AND_GO_ON}
                                </button>
                            }
                        })}
                    {reloads
                        .then(|| {
                            let reload = |_| drop(window().location().reload());
                            view! {
                                <button type="button" class="button button-small" on:click=reload>
                                    {failure_text::RELOAD_PAGE}
                                </button>
                            }
                        })}
                </div>
            </div>
        };
        Some(view.into_any())
    }
}

/// The buttons of a run: "Stop" while it is busy, then those that continue and close.
fn run_buttons(batch: Batch, close: Callback<()>) -> AnyView {
    let left = move || batch.is_open();
    let again = move |_| batch.resume();
    view! {
            <Show
                when=move || batch.busy.get()
                fallback=move || {
                    view! {
                        <Show when=left>
                            <button type="button" class="button" on:click=again>{text::DO_THE_REST}</button>
                        </Show>
                        <button type="button" class="button button-primary" on:click=move |_| close.run(())>
                            {shell_text::CLOSE}
                        </button>
                    }
                }
            >
                <button
                    type="button"
                    class="button"
                    aria-disabled=move || if batch.stopping.get() { "true" } else { "false" }
                    on:click=move |_| batch.cancel()
                >
                    {move || if batch.stopping.get() { text::STOPPING } else { text::STOP }}
                </button>
            </Show>
    }
    .into_any()
}

fn line(item: &Item) -> AnyView {
    let outcome = item.outcome.clone();
    let why = if let Outcome::Failed(failure) = &outcome { failure.why.clone() } else { String::new() };
    let icon = if outcome.is_good() { Icon::Check } else { Icon::Warning };
    view! {
        <li class=if outcome.is_good() { "finding good" } else { "finding bad" }>
            <Glyph icon/>
            <div><code>{item.name()}</code> " " {outcome.word()} " " <span class="muted">{why}</span></div>
        </li>
    }
    .into_any()
}

fn save(batch: Batch, csv: bool) {
    let heads = ["item", "digest", "result", "reason"];
    let row = |item: &Item| {
        let reason =
            if let Outcome::Failed(failure) = &item.outcome { failure.sentence() } else { String::new() };
        let digest = item.target.digest.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![item.reference(), digest, item.outcome.word().to_owned(), reason]
    };
    let rows: Vec<Vec<String>> = untrack(|| batch.items()).iter().map(row).collect();
    if csv {
        download("results.csv", "text/csv;charset=utf-8", &export::csv(&heads, &rows));
    } else {
        download("results.json", "application/json", &export::json(&heads, &rows));
    }
}
