//! What became of each item of a run, with its export.

use acr_inventory::cleanup::{Step, StepState};
use leptos::prelude::*;

use crate::cleanup::Cleanup;
use crate::component::data_table::{DataTable, Head, SortBy};
use crate::component::export_buttons::Sheet;
use crate::format;
use crate::page::export_tools::ExportTools;
use crate::page::inventory::label::shortened;
use crate::session::use_session;
use crate::text::cleanup as text;

/// The table.
pub(super) fn results(cleanup: Cleanup) -> AnyView {
    let count = Memo::new(move |_| cleanup.with_run(|run| run.steps.len()).unwrap_or_default());
    let step = move |at: usize| cleanup.with_run(|run| run.steps.get(at).cloned()).flatten();
    let key =
        move |at: usize| step(at).map(|step| format!("{} {:?}", name(&step), step.state)).unwrap_or_default();
    let cells = move |at: usize| untrack(|| step(at)).map_or_else(|| ().into_any(), |step| cells(&step));
    let file = format!("{}-cleanup-results", use_session().registry());
    let sheet =
        Callback::new(move |()| untrack(|| cleanup.with_run(|run| sheet(&run.steps))).unwrap_or_default());
    let head = |(id, title, class)| Head { id, title, class, sortable: false };
    let heads = [
        ("item", text::ITEM, "c-name"),
        ("result", text::RESULT, "c-reason"),
        ("frees", text::FREES, "c-number c-wide"),
    ];
    view! {
        <div class="list-bar">
            <h2 class="part-title">{text::RESULTS}</h2>
            <div class="list-tools"><ExportTools file sheet/></div>
        </div>
        <DataTable
            name=text::RESULTS
            heads=Signal::stored(heads.map(head).to_vec())
            count
            sort=Signal::stored(SortBy::default())
            key=Callback::new(key)
            cells=Callback::new(cells)
        />
    }
    .into_any()
}

fn name(step: &Step) -> String {
    match &step.tag {
        Some(tag) => format!("{}:{tag}", step.repository),
        None => format!("{}@{}", step.repository, step.digest),
    }
}

/// What became of a step, in words.
fn result(step: &Step) -> String {
    match &step.state {
        StepState::Waiting => text::WAITING.to_owned(),
        StepState::Running => text::IN_PROGRESS.to_owned(),
        StepState::Done if step.tag.is_some() => text::UNTAGGED_NOW.to_owned(),
        StepState::Done => text::DONE.to_owned(),
        StepState::Gone => text::GONE.to_owned(),
        StepState::Changed(why) => text::skipped(why),
        StepState::Blocked => text::BLOCKED.to_owned(),
        StepState::Failed(why) => text::failed(why),
    }
}

fn cells(step: &Step) -> AnyView {
    let (name, result) = (name(step), result(step));
    view! {
        <th scope="row" class="c-name" title=name.clone()>{shortened(&name)}</th>
        <td class="c-reason" title=result.clone()>{result.clone()}</td>
        <td class="c-number c-wide">{(step.frees > 0).then(|| format::size(step.frees))}</td>
    }
    .into_any()
}

fn sheet(steps: &[Step]) -> Sheet {
    let line = |step: &Step| vec![name(step), result(step), step.frees.to_string()];
    (vec![text::ITEM, text::RESULT, text::FREES], steps.iter().map(line).collect())
}
