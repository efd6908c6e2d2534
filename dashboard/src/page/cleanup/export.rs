//! A plan for others: files for an approval, a script, and the command `acr purge` with a note where that would behave differently.

use acr_inventory::Graph;
use acr_inventory::cleanup::{Plan, PurgeCommand, az_script, csv, json, purge_command, purge_line};
use leptos::prelude::*;

use crate::cleanup::planning::Planning;
use crate::component::copy_button::CopyButton;
use crate::component::icon::Icon;
use crate::component::menu::Menu;
use crate::session::use_session;
use crate::surface::download::download;
use crate::text::action as action_text;
use crate::text::cleanup as text;
use crate::text::list as list_text;

/// How many items are named of those that the command treats otherwise.
const NAMED: usize = 20;

/// A kind of file: the button's label, the file's ending, its media type, and what is in it.
type Kind = (&'static str, &'static str, &'static str, fn(Graph<'_>, &Plan) -> String);

const KINDS: [Kind; 3] = [
    (list_text::CSV, "csv", "text/csv;charset=utf-8", csv),
    (list_text::JSON, "json", "application/json", json),
    (text::SCRIPT, "sh", "text/x-shellscript", az_script),
];

/// The buttons, and how the command differs from the plan.
pub(super) fn tools(planning: Planning) -> AnyView {
    let registry = StoredValue::new(use_session().registry().to_owned());
    let save = move |(_, ending, media_type, print): Kind| {
        let content = untrack(|| planning.with_plan(print));
        let name = registry.with_value(|registry| format!("{registry}-cleanup.{ending}"));
        content.into_iter().for_each(|content| download(&name, media_type, &content));
    };
    let line = move || {
        let line =
            |graph: Graph<'_>, plan: &Plan| purge_line(graph.inventory().registry(), plan.rule().text());
        planning.with_plan(line).unwrap_or_default()
    };
    // A comparison of a large plan takes longer than the plan: only where it is looked at.
    let is_open = RwSignal::new(false);
    let differs = move || is_open.get().then(|| planning.with_plan(purge_command).map(differences));
    view! {
        <CopyButton value=Signal::derive(line) name=text::COPY_PURGE label=text::COPY_PURGE/>
        <Menu name=text::EXPORT_PLAN icon=Icon::Download labelled=true>
            {KINDS
                .map(|kind| {
                    view! {
                        <button type="button" class="button" on:click=move |_| save(kind)>{kind.0}</button>
                    }
                })
                .collect_view()}
        </Menu>
        <details class="fold plan-differs" on:toggle=move |_| is_open.set(true)>
            <summary>{text::PURGE_DIFFERS}</summary>
            {differs}
        </details>
    }
    .into_any()
}

fn differences(command: PurgeCommand) -> AnyView {
    let same = command.notes.is_empty();
    view! {
        <pre class="code-plain">{command.command}</pre>
        {same.then(|| view! { <p>{text::PURGE_SAME}</p> })}
        <ul>{command.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
        {named(text::ALSO_DELETES, &command.also_deletes)}
        {named(text::DOES_NOT_DELETE, &command.does_not_delete)}
    }
    .into_any()
}

fn named(title: &'static str, items: &[String]) -> Option<AnyView> {
    if items.is_empty() {
        return None;
    }
    let more = items.len().saturating_sub(NAMED);
    let lines =
        items.iter().take(NAMED).map(|item| view! { <li><code>{item.clone()}</code></li> }).collect_view();
    let view = view! {
        <p class="menu-title">{title}</p>
        <ul class="names">
            {lines} {(more > 0).then(|| view! { <li class="muted">{action_text::and_more(more)}</li> })}
        </ul>
    };
    Some(view.into_any())
}
