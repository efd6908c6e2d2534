//! Snapshots: saves what the analysis read as one file, opens such a file, and compares with one.

use std::time::Duration;

use acr_inventory::snapshot::{self, Snapshot, SnapshotReader};
use acr_inventory::{Difference, Instant, difference};
use futures_util::future::AbortHandle;
use leptos::html;
use leptos::prelude::*;

use super::origin::Origin;
use crate::analysis::SharedInventory;
use crate::analysis::opened::OpenSnapshot;
use crate::clock::{now, sleep};
use crate::component::icon::{Glyph, Icon};
use crate::component::plain_table::{PlainTable, rows_of};
use crate::format::{self, time};
use crate::page::inventory::snapshot_banner::focus_heading;
use crate::palette::add_entry;
use crate::query::run;
use crate::session::use_session;
use crate::surface::download::download;
use crate::surface::file::Pieces;
use crate::surface::use_surface;
use crate::text::snapshot as text;

/// What a comparison came to: when the snapshot was taken and what is different, or why there is none.
type Compared = Result<(String, Vec<Change>), String>;

/// A chosen file: its name, and its snapshot or why that cannot be read.
type Chosen = (String, Result<Snapshot, String>);

/// One difference: what happened, to what, and further details.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    what: &'static str,
    name: String,
    detail: String,
}

/// The buttons, and the comparison below them. Without anything read (`read`), a snapshot can be opened, and neither saved nor compared.
pub(super) fn snapshots(origin: Origin, opened: OpenSnapshot, read: Signal<bool>) -> AnyView {
    let surface = use_surface();
    let compared = RwSignal::new(None::<Compared>);
    let not_opened = RwSignal::new(None::<String>);
    let reading = FileReading::new();
    let open = Callback::new(move |(name, snapshot): Chosen| match snapshot {
        Ok(snapshot) => {
            opened.open(name, snapshot);
            focus_heading(surface);
        }
        Err(why) => not_opened.set(Some(text::open_failed(&why))),
    });
    Effect::new(move |_| {
        // What is wrong with a file is no longer of interest once another one is read.
        if reading.percent.with(Option::is_some) {
            not_opened.set(None);
        }
    });
    let compare_with = Callback::new(move |(_, snapshot): Chosen| {
        compared.set(Some(snapshot.and_then(|snapshot| compare(origin.inventory, &snapshot))));
    });
    view! {
        <h2 class="part-title">{text::SNAPSHOTS}</h2>
        <p class="hint">{text::HINT} " " {text::OPEN_HINT}</p>
        <div class="plan-tools">
            {save_button(origin, read)}
            {file_button(text::OPEN, text::FILE_TO_OPEN, Signal::stored(true), reading, open)}
            {file_button(text::COMPARE, text::FILE_TO_COMPARE, read, reading, compare_with)}
        </div>
        <p class="hint" role="status">{move || reading.percent.get().map(text::reading)}</p>
        <p class="field-error" role="alert">{move || not_opened.get()}</p>
        {move || compared.get().map(comparison)}
    }
    .into_any()
}

/// Saves what was read of the present.
fn save_button(origin: Origin, read: Signal<bool>) -> Option<AnyView> {
    origin.analysis?;
    let registry = StoredValue::new(use_session().registry().to_owned());
    let save = move |_| {
        let taken = now();
        let inventory = origin.inventory.copy();
        let snapshot = Snapshot { inventory, taken: Instant::from_unix_millis(taken) };
        let name =
            registry.with_value(|registry| format!("{registry}-{}.acr-inventory.jsonl", time::date(taken)));
        download(&name, "application/jsonl", &snapshot::write(&snapshot));
    };
    let button = view! {
        <Show when=move || read.get()>
            <button type="button" class="button" on:click=save>
                <Glyph icon=Icon::Download/>
                {text::SAVE}
            </button>
        </Show>
    };
    Some(button.into_any())
}

/// The reading of a chosen file. One that is chosen meanwhile is read instead. Cheap to copy.
#[derive(Clone, Copy)]
struct FileReading {
    task: StoredValue<Option<AbortHandle>>,
    /// The share that was read, while one is being read.
    percent: RwSignal<Option<u32>>,
}

impl FileReading {
    /// Of no file yet. It ends with the current reactive owner.
    fn new() -> Self {
        let this = Self { task: StoredValue::new(None), percent: RwSignal::new(None) };
        on_cleanup(move || this.stop());
        this
    }

    fn begin(self, file: web_sys::File, on_chosen: Callback<Chosen>) {
        self.stop();
        self.percent.set(Some(0));
        let name = file.name();
        self.task.set_value(Some(run(async move {
            let snapshot = self.read(Pieces::of(&file)).await;
            self.percent.set(None);
            let _ = on_chosen.try_run((name, snapshot));
        })));
    }

    fn stop(self) {
        self.task.try_update_value(Option::take).flatten().into_iter().for_each(|task| task.abort());
    }

    async fn read(self, mut file: Pieces) -> Result<Snapshot, String> {
        let mut reader = SnapshotReader::default();
        while let Some(piece) = file.next().await.map_err(|()| text::UNREADABLE.to_owned())? {
            reader.push(&piece).map_err(|error| error.to_string())?;
            self.percent.set(Some(file.percent()));
        }
        let snapshot = reader.finish().map_err(|error| error.to_string())?;
        // Every screen asks for the graph first, which takes as long as all else that they do.
        sleep(Duration::ZERO).await;
        let _ = snapshot.inventory.graph();
        sleep(Duration::ZERO).await;
        Ok(snapshot)
    }
}

/// A button that lets a snapshot be chosen, and reads it.
fn file_button(
    name: &'static str,
    field: &'static str,
    offered: Signal<bool>,
    reading: FileReading,
    on_chosen: Callback<Chosen>,
) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let choose = move || {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        reading.begin(file, on_chosen);
        // The same file can be chosen again.
        input.set_value("");
    };
    add_entry(name.to_owned(), offered, choose);
    view! {
        <Show when=move || offered.get()>
            <button type="button" class="button" on:click=move |_| choose()>{name}</button>
        </Show>
        <input type="file" class="visually-hidden" tabindex="-1" aria-label=field node_ref=input on:change=chosen/>
    }
    .into_any()
}

/// What changed since a snapshot was taken.
fn compare(with: SharedInventory, snapshot: &Snapshot) -> Compared {
    let after = with.copy();
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
