//! The dialog before everything that matches a pattern is locked: what that means, its names, and the same in `az acr`; then the results.

use leptos::prelude::*;

use crate::action::batch::Batch;
use crate::action::plan::{Action, Plan, TYPED_ABOVE};
use crate::action::run::Run;
use crate::component::dialog::Dialog;
use crate::page::actions::dialog::{Typed, az_commands, names_list};
use crate::page::actions::results::Results;
use crate::session::use_session;
use crate::text::action as action_text;
use crate::text::locks as text;
use crate::text::shell as shell_text;

/// The dialog of plans; closed while there are none.
#[component]
pub(super) fn LockDialog(plans: RwSignal<Option<Vec<Plan>>>) -> impl IntoView {
    let close = Callback::new(move |()| plans.set(None));
    view! {
        <Dialog
            name=text::LOCK_ALL
            open=Signal::derive(move || plans.with(Option::is_some))
            on_close=close
            wide=true
        >
            {move || plans.get_untracked().map(|plans| view! { <Question plans close/> })}
        </Dialog>
    }
}

#[component]
fn Question(plans: Vec<Plan>, close: Callback<()>) -> impl IntoView {
    let session = use_session();
    let (runs, changed) = (session.runs, session.changed);
    let batch = RwSignal::new(None::<Batch>);
    on_cleanup(move || {
        if let Some(batch) = batch.try_get_untracked().flatten() {
            batch.cancel();
        }
    });
    let count: usize = plans.iter().map(|plan| plan.targets.len()).sum();
    let wanted = (count > TYPED_ABOVE).then(|| session.registry().to_owned());
    let typed = RwSignal::new(String::new());
    let needed = wanted.clone();
    let is_forbidden = forbidden(&plans).is_some();
    let ready = Memo::new(move |_| {
        let is_typed = needed.as_ref().is_none_or(|needed| typed.with(|typed| typed.trim() == needed));
        is_typed && !is_forbidden
    });
    let plans = StoredValue::new(plans);
    let go = move |_| {
        if !ready.get_untracked() {
            return;
        }
        let on_end = Callback::new(move |_: Run| changed.update(|count| *count = count.wrapping_add(1)));
        batch.set(Some(Batch::start(runs, plans.get_value(), on_end)));
    };
    move || match batch.get() {
        Some(batch) => view! { <Results batch action=Action::Lock close/> }.into_any(),
        None => {
            let wanted = wanted.clone();
            view! {
                {plans.with_value(|plans| explanation(plans))}
                {wanted.map(|wanted| view! { <Typed wanted typed/> })}
                <div class="dialog-actions">
                    <button type="button" class="button" on:click=move |_| close.run(())>{shell_text::CANCEL}</button>
                    <button
                        type="button"
                        class="button button-primary"
                        aria-disabled=move || if ready.get() { "false" } else { "true" }
                        on:click=go
                    >
                        {text::LOCK_ALL}
                    </button>
                </div>
            }
            .into_any()
        }
    }
}

/// What is locked and what that means.
fn explanation(plans: &[Plan]) -> AnyView {
    let server = use_session().login_server().to_owned();
    let names: Vec<String> = plans
        .iter()
        .flat_map(|plan| plan.targets.iter().map(|target| target.name_in(&plan.repository)))
        .collect();
    let commands = plans.iter().flat_map(|plan| plan.az(&server)).collect();
    view! {
        <p>{action_text::LOCK_EFFECT}</p>
        {forbidden(plans).map(|why| view! { <p class="field-error">{why}</p> })}
        {names_list(action_text::CHOSEN, &names)}
        {az_commands(commands)}
    }
    .into_any()
}

/// Why the registry, the gateway or this session does not allow one of the plans.
fn forbidden(plans: &[Plan]) -> Option<String> {
    let session = use_session();
    plans.iter().find_map(|plan| session.forbids(plan.repository.as_str(), Action::Lock))
}
