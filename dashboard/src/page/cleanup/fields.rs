//! The fields of the rule, and the button that previews it.

use leptos::attr::Attribute;
use leptos::prelude::*;

use super::in_use::in_use;
use crate::cleanup::form::Form;
use crate::cleanup::planning::Planning;
use crate::component::icon::{Glyph, Icon};
use crate::component::switch::Switch;
use crate::text::cleanup as text;

/// The form. A preview needs something that was read: `read` says whether there is.
pub(super) fn fields(planning: Planning, read: Signal<bool>) -> AnyView {
    let form = planning.form;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if read.get_untracked() {
            planning.preview();
        }
    };
    // The plan of a screen that is left is not missed.
    on_cleanup(move || planning.stop());
    let problem = move || planning.problem.get().map(|problem| text::rule_problem(&problem));
    view! {
        <form class="rule" aria-label=text::RULE on:submit=submit>
            <div class="rule-fields">
                {area(form, "filter", text::FILTER, text::FILTER_HINT, |form| &mut form.filters)}
                {area(form, "protect", text::PROTECT, text::PROTECT_HINT, |form| &mut form.protect)}
                {line(form, "ago", text::AGO, text::AGO_HINT, |form| &mut form.ago)}
                {line(form, "keep", text::KEEP, text::KEEP_HINT, |form| &mut form.keep)}
                <div>
                    {switch(form, text::UNTAGGED, text::UNTAGGED_HINT, |form| &mut form.untagged)}
                    {switch(form, text::INCLUDE_LOCKED, text::INCLUDE_LOCKED_HINT, |form| &mut form.include_locked)}
                </div>
                {in_use(planning)}
            </div>
            <p class="field-error" role="alert">{problem}</p>
            <button
                type="submit"
                class="button button-primary"
                aria-disabled=move || if read.get() { "false" } else { "true" }
                aria-busy=move || if planning.busy.get() { "true" } else { "false" }
            >
                <Glyph icon=Icon::Search/>
                {text::PREVIEW}
            </button>
            <Show when=move || !read.get()><p class="hint">{text::NEEDS_ANALYSIS}</p></Show>
        </form>
    }
    .into_any()
}

/// One field of a form.
type Field<T> = fn(&mut Form) -> &mut T;

fn value<T: Clone>(form: RwSignal<Form>, field: Field<T>) -> T {
    form.track();
    // A mutable reference that changes nothing, so nothing is notified.
    field(&mut form.write_untracked()).clone()
}

/// A field of several lines.
fn area(
    form: RwSignal<Form>,
    id: &'static str,
    name: &'static str,
    hint: &'static str,
    field: Field<String>,
) -> AnyView {
    let area = view! {
        <textarea
            id=id
            rows="3"
            aria-describedby=hint_id(id)
            prop:value=move || value(form, field)
            on:input:target=move |event| form.update(|form| *field(form) = event.target().value())
            {..unaided()}
        ></textarea>
    };
    labelled(id, name, hint, area.into_any())
}

/// A field of one line.
fn line(
    form: RwSignal<Form>,
    id: &'static str,
    name: &'static str,
    hint: &'static str,
    field: Field<String>,
) -> AnyView {
    let input = view! {
        <input
            id=id
            type="text"
            aria-describedby=hint_id(id)
            prop:value=move || value(form, field)
            on:input:target=move |event| form.update(|form| *field(form) = event.target().value())
            {..unaided()}
        />
    };
    labelled(id, name, hint, input.into_any())
}

/// What keeps the browser from completing, capitalizing and marking what is typed: it is no prose.
fn unaided() -> impl Attribute {
    view! { <{..} autocomplete="off" autocapitalize="off" spellcheck="false"/> }
}

fn labelled(id: &'static str, name: &'static str, hint: &'static str, control: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{name}</label>
            {control}
            <p class="hint" id=hint_id(id)>{hint}</p>
        </div>
    }
    .into_any()
}

fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

fn switch(form: RwSignal<Form>, name: &'static str, hint: &'static str, field: Field<bool>) -> AnyView {
    view! {
        <Switch
            name
            hint=Signal::stored(hint.to_owned())
            on=Signal::derive(move || value(form, field))
            on_change=Callback::new(move |on| form.update(|form| *field(form) = on))
        />
    }
    .into_any()
}
