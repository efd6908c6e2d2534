//! Snapshots: saves what the analysis read as one file, and compares the registry with such a file.

use acr_inventory::snapshot::{Snapshot, read, write};
use acr_inventory::{Difference, Instant, difference};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::analysis::Analysis;
use crate::clock::now;
use crate::component::icon::{Glyph, Icon};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::format::{self, time};
use crate::query::run;
use crate::session::use_session;
use crate::surface::download::download;
use crate::text::snapshot as text;

/// What a comparison came to: when the snapshot was taken and what is different, or why there is none.
type Compared = Result<(String, Vec<Change>), String>;

/// One difference: what happened, to what, and further details.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    what: &'static str,
    name: String,
    detail: String,
}

/// The buttons, and the comparison below them.
pub(super) fn snapshots(analysis: Analysis) -> AnyView {
    let registry = StoredValue::new(use_session().registry().to_owned());
    let save = move |_| {
        let taken = now();
        let snapshot = Snapshot { inventory: analysis.copy(), taken: Instant::from_unix_millis(taken) };
        let name =
            registry.with_value(|registry| format!("{registry}-{}.acr-inventory.jsonl", time::date(taken)));
        download(&name, "application/jsonl", &write(&snapshot));
    };
    let compared = RwSignal::new(None::<Compared>);
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        drop(run(async move {
            let content = JsFuture::from(file.unchecked_ref::<web_sys::Blob>().text()).await;
            let content = content.ok().and_then(|content| content.as_string());
            let answer = content
                .ok_or_else(|| text::UNREADABLE.to_owned())
                .and_then(|content| compare(analysis, &content));
            let _ = compared.try_set(Some(answer));
        }));
        // The same file can be chosen again.
        input.set_value("");
    };
    view! {
        <h2 class="part-title">{text::SNAPSHOTS}</h2>
        <p class="hint">{text::HINT}</p>
        <div class="plan-tools">
            <button type="button" class="button" on:click=save>
                <Glyph icon=Icon::Download/>
                {text::SAVE}
            </button>
            <button type="button" class="button" on:click=choose>{text::COMPARE}</button>
            <input type="file" class="visually-hidden" tabindex="-1" aria-label=text::FILE node_ref=input on:change=chosen/>
        </div>
        {move || compared.get().map(comparison)}
    }
    .into_any()
}

/// What changed since a snapshot was taken.
fn compare(analysis: Analysis, content: &str) -> Compared {
    let snapshot = read(content).map_err(|error| error.to_string())?;
    let after = analysis.copy();
    if snapshot.inventory.registry() != after.registry() {
        return Err(text::other_registry(snapshot.inventory.registry()));
    }
    let changes = changes(difference(&snapshot.inventory, &after));
    Ok((time::absolute(snapshot.taken.unix_millis()), changes))
}

fn changes(found: Difference) -> Vec<Change> {
    let plain = |what: &'static str, names: Vec<String>| {
        names.into_iter().map(move |name| Change { what, name, detail: String::new() })
    };
    let mut changes: Vec<Change> = Vec::new();
    changes.extend(plain(text::PUSHED, found.added_repositories));
    changes.extend(plain(text::DELETED, found.deleted_repositories));
    changes.extend(plain(text::PUSHED, found.pushed_tags));
    changes.extend(plain(text::DELETED, found.deleted_tags));
    let short = |digest: &str| format::short_digest(digest);
    changes.extend(found.moved_tags.into_iter().map(|moved| Change {
        what: text::MOVED,
        detail: text::from_to(&short(&moved.from), &short(&moved.to)),
        name: moved.tag,
    }));
    changes.extend(plain(text::PUSHED, found.pushed_manifests));
    changes.extend(plain(text::DELETED, found.deleted_manifests));
    changes.extend(found.locks.into_iter().map(|lock| {
        let what = if lock.to.allow_delete() { text::UNLOCKED } else { text::LOCKED };
        Change { what, name: lock.name, detail: String::new() }
    }));
    changes.extend(found.grown.into_iter().map(|growth| Change {
        what: if growth.to > growth.from { text::GROWN } else { text::SHRUNK },
        detail: text::from_to(&format::size(growth.from), &format::size(growth.to)),
        name: growth.repository,
    }));
    changes.extend(plain(text::NOT_COMPARED, found.incomplete));
    changes
}

fn comparison(compared: Compared) -> AnyView {
    let (taken, changes) = match compared {
        Ok(found) => found,
        Err(why) => return view! { <p class="field-error" role="alert">{text::failed(&why)}</p> }.into_any(),
    };
    let heads = vec![(text::CHANGE, "c-action"), (text::ITEM, "c-name"), (text::DETAILS, "c-reason")];
    let count = changes.len();
    let row = |_: usize, change: Change| {
        let title = change.name.clone();
        view! {
            <tr class="row">
                <th scope="row" class="c-action">{change.what}</th>
                <td class="c-name" title=title>{change.name}</td>
                <td class="c-reason">{change.detail}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <p role="status">{text::since(&taken, count)}</p>
        {(count > 0).then(|| view! { <PlainTable name=text::CHANGES heads count row=rows_of(changes, row)/> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::sample;
    use super::*;

    #[test]
    fn what_was_pushed_and_deleted_since_is_listed() {
        let (before, mut after) = (sample(), sample());
        assert!(changes(difference(&before, &after)).is_empty());
        after.remove_tag("team/api", "1");
        let found = changes(difference(&before, &after));
        let expected = Change { what: text::DELETED, name: "team/api:1".into(), detail: String::new() };
        assert_eq!(found, [expected]);
    }
}
