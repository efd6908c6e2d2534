//! The dialog before a change: what goes, what else goes, what stays, the same in `az acr`; then progress and results.

use leptos::prelude::*;

use super::findings::findings;
use super::results::Results;
use super::undo::Undoer;
use crate::action::batch::Batch;
use crate::action::plan::{Action, Plan, Target};
use crate::action::run::Run;
use crate::action::survey::{Known, Survey};
use crate::component::copy_button::CopyButton;
use crate::component::dialog::Dialog;
use crate::navigation::use_navigation;
use crate::repository_data::RepositoryData;
use crate::session::{use_session, use_sessions};
use crate::text::action as text;
use crate::text::manifest as manifest_text;
use crate::text::shell as shell_text;

/// How many names and commands are spelled out.
const NAMED: usize = 8;

/// The dialog of a plan; closed while there is none.
#[component]
pub(crate) fn ActionDialog(
    plan: RwSignal<Option<Plan>>,
    /// Called when a run has ended, with what it did; the screen then shows the registry as it is now.
    on_end: Callback<Run>,
) -> impl IntoView {
    let here = use_navigation().route_untracked().screen;
    if let (Some(registry), Some(repository)) = (here.registry(), here.repository())
        && let Some(stored) = use_sessions().take_plan(registry, repository)
    {
        // What a run left when its session expired is asked for again.
        plan.set(Some(stored));
    }
    let title = Memo::new(move |_| {
        plan.with(|plan| {
            plan.as_ref().map(|plan| text::title(plan.action.name(), &subject(plan))).unwrap_or_default()
        })
    });
    move || {
        let name = title.get();
        view! {
            <Dialog
                name
                open=Signal::derive(move || plan.with(Option::is_some))
                on_close=Callback::new(move |()| plan.set(None))
                wide=true
            >
                {move || plan.get_untracked().map(|current| view! { <Body current on_end close=Callback::new(move |()| plan.set(None))/> })}
            </Dialog>
        }
    }
}

fn subject(plan: &Plan) -> String {
    match plan.targets.as_slice() {
        [one] => one.name_in(&plan.repository),
        many => text::many(many.len(), plan.repository.as_str()),
    }
}

#[component]
fn Body(current: Plan, on_end: Callback<Run>, close: Callback<()>) -> impl IntoView {
    let session = use_session();
    let runs = session.runs;
    let batch = RwSignal::new(None::<Batch>);
    let typed = RwSignal::new(String::new());
    let wanted = current.confirmation();
    let action = current.action;
    let (open, locked) = current.parts();
    let nothing = open.is_empty();
    let needs = wanted.clone();
    let ready =
        move || !nothing && needs.as_ref().is_none_or(|needs| typed.with(|typed| typed.trim() == needs));
    let go = {
        let (ready, plan) = (ready.clone(), current.clone());
        move |_| {
            if ready() {
                batch.set(Some(Batch::start(runs, vec![plan.clone()], on_end)));
            }
        }
    };
    let undoer = Undoer::here();
    on_cleanup(move || {
        if let Some(batch) = batch.try_get_untracked().flatten() {
            batch.cancel();
            // Only now: while the dialog is open, the button of a message cannot be reached.
            undoer.offer(session.clone(), batch.runs().iter().flat_map(Run::untagged).collect());
        }
    });
    let question = StoredValue::new((current, open, locked, wanted));
    view! {
        {move || match batch.get() {
            Some(batch) => view! { <Results batch action close/> }.into_any(),
            None => question.with_value(|(plan, open, locked, wanted)| {
                let go = go.clone();
                let ready = ready.clone();
                view! {
                    {explanation(plan, open, locked)}
                    {wanted.clone().map(|wanted| view! { <Typed wanted typed/> })}
                    <div class="dialog-actions">
                        <button type="button" class="button" on:click=move |_| close.run(())>{shell_text::CANCEL}</button>
                        <button
                            type="button"
                            class=if action.removes() { "button button-primary button-grave" } else { "button button-primary" }
                            aria-disabled=move || if ready() { "false" } else { "true" }
                            on:click=go
                        >
                            {action.name()}
                        </button>
                    </div>
                }
                .into_any()
            }),
        }}
    }
}

/// What goes, what else goes, what stays.
fn explanation(plan: &Plan, open: &[Target], locked: &[Target]) -> AnyView {
    let session = use_session();
    let names = |targets: &[Target]| targets.iter().map(Target::name).collect::<Vec<_>>();
    let effect = match plan.action {
        Action::Untag => text::UNTAG_EFFECT,
        Action::Delete => text::DELETE_EFFECT,
        Action::Lock => text::LOCK_EFFECT,
        Action::Unlock => text::UNLOCK_EFFECT,
    };
    let az = plan.az(session.login_server());
    let looks = plan.action.removes() && !open.is_empty();
    let known = use_context::<RepositoryData>().map_or_else(Known::default, |data| data.known());
    let survey = looks.then(|| findings(Survey::new(session.client.clone(), session.graph, plan, known)));
    view! {
        <p>{effect}</p>
        {names_list(text::CHOSEN, &names(open))}
        {survey}
        {(!locked.is_empty()).then(|| names_list(text::LOCKED_SKIPPED, &names(locked)))}
        {az_commands(az)}
    }
    .into_any()
}

/// The same in `az acr`, folded; nothing where `az` does not know the registry.
pub(crate) fn az_commands(lines: Vec<String>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let more = lines.len().saturating_sub(NAMED);
    let whole = lines.join("\n");
    let shown = lines.into_iter().take(NAMED).collect::<Vec<_>>().join("\n");
    let view = view! {
        <details class="fold">
            <summary>{manifest_text::AZ}</summary>
            <div class="command">
                <pre class="code-plain">{shown}</pre>
                <CopyButton value=whole name=manifest_text::COPY_COMMAND/>
            </div>
            {(more > 0).then(|| view! { <p class="hint">{text::and_more(more)}</p> })}
        </details>
    };
    Some(view.into_any())
}

/// Names under a title, the first of many.
pub(crate) fn names_list(title: &'static str, names: &[String]) -> AnyView {
    if names.is_empty() {
        return view! { <p class="field-error">{text::NOTHING_TO_DO}</p> }.into_any();
    }
    let more = names.len().saturating_sub(NAMED);
    let items =
        names.iter().take(NAMED).map(|name| view! { <li><code>{name.clone()}</code></li> }).collect_view();
    view! {
        <div>
            <p class="menu-title">{title}</p>
            <ul class="names">{items} {(more > 0).then(|| view! { <li class="muted">{text::and_more(more)}</li> })}</ul>
        </div>
    }
    .into_any()
}

/// The field in which a grave change is confirmed.
#[component]
pub(crate) fn Typed(wanted: String, typed: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="field">
            <label for="confirmation">{text::type_to_confirm(&wanted)}</label>
            <input
                id="confirmation"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                prop:value=typed
                on:input:target=move |event| typed.set(event.target().value())
            />
        </div>
    }
}
