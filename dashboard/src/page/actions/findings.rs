//! What a survey finds, in the dialog before a change: progress, then what breaks, what else goes, what stays and what was not
//! looked at.

use leptos::prelude::*;

use crate::action::impact::{Line, Tone};
use crate::action::survey::Survey;
use crate::component::icon::{Glyph, Icon};
use crate::text::action as action_text;
use crate::text::impact as text;

/// How many names a line spells out.
const NAMED: usize = 8;

/// The findings of a survey; it looks as long as this is shown.
pub(crate) fn findings(survey: Survey) -> AnyView {
    survey.go();
    on_cleanup(move || survey.stop());
    let state = move || {
        if survey.busy.get() {
            return looking(survey);
        }
        let further = survey.more.get().then(|| button(text::LOOK_FURTHER, move || survey.go()));
        further.into_any()
    };
    let lines = move || survey.lines.get().into_iter().map(line).collect_view();
    view! {
        <section class="impact" aria-label=text::TITLE>
            <ul aria-live="polite">{lines}</ul>
            {state}
        </section>
    }
    .into_any()
}

fn looking(survey: Survey) -> AnyView {
    let said = move || {
        let (done, all) = survey.progress.get();
        text::looking(done, all)
    };
    view! { <p class="hint looking">{said} {button(text::SKIP, move || survey.stop())}</p> }.into_any()
}

fn button(name: &'static str, press: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="button button-small" on:click=move |_| press()>{name}</button> }
        .into_any()
}

fn line(line: Line) -> AnyView {
    let (class, icon) = match line.tone {
        Tone::Breaks => ("finding bad", Icon::Warning),
        Tone::Goes => ("finding goes", Icon::Trash),
        Tone::Stays => ("finding good", Icon::Check),
        Tone::Unchecked => ("finding muted", Icon::Search),
    };
    let more = line.names.len().saturating_sub(NAMED);
    let names = line.names.into_iter().take(NAMED).map(|name| view! { <li><code>{name}</code></li> });
    let names = names.collect_view();
    view! {
        <li class=class>
            <Glyph icon/>
            <div>
                {line.text}
                <ul class="names">{names} {(more > 0).then(|| view! { <li class="muted">{action_text::and_more(more)}</li> })}</ul>
            </div>
        </li>
    }
    .into_any()
}
