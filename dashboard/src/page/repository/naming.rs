//! What the untagged manifests of a repository belong to. An analysis that has read the repository knows it. Elsewhere the tagged indexes are
//! asked for their manifests, which the list does not name, and the indexes within them: the newest at once, the rest on request.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use acr_client_wasm::{Digest, ErrorKind, ManifestReference, Reference, RegistryClient, RepositoryName};
use futures_util::future::AbortHandle;
use futures_util::{StreamExt as _, stream};
use leptos::prelude::*;

use super::belonging::{Belonging, belongings};
use crate::component::icon::{Glyph, Icon};
use crate::component::list_bar::why_partial;
use crate::failure::Failure;
use crate::list::listing::{Listing, Progress};
use crate::list::rows::ManifestRow;
use crate::query::run;
use crate::repository_data::RepositoryData;
use crate::text::list as list_text;
use crate::text::repository as text;

/// How many requests are in flight at once.
const AT_ONCE: usize = 4;

/// What a manifest belongs to, by its digest.
type Found = BTreeMap<String, Belonging>;

/// What untagged manifests belong to, and how many indexes have been read.
#[derive(Clone, Copy)]
pub(super) struct Naming {
    data: RepositoryData,
    indexes: StoredValue<Vec<(Digest, String)>>,
    found: StoredValue<Found>,
    /// What has been found; changes when the last request has ended, so that rows are not redrawn with every answer.
    pub(super) belongings: RwSignal<Found>,
    manifests: Listing<ManifestRow>,
    asked: RwSignal<usize>,
    all: RwSignal<usize>,
    running: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    handle: StoredValue<Option<AbortHandle>>,
}

impl Naming {
    /// Takes what an analysis knows as soon as the list is complete, or asks the `first` newest indexes where that is wanted; and again when the
    /// list is complete again.
    pub(super) fn follow(
        data: RepositoryData,
        manifests: Listing<ManifestRow>,
        wanted: Signal<bool>,
        first: usize,
    ) -> Self {
        let this = Self {
            data,
            indexes: StoredValue::new(Vec::new()),
            found: StoredValue::new(Found::new()),
            belongings: RwSignal::new(Found::new()),
            manifests,
            asked: RwSignal::new(0),
            all: RwSignal::new(0),
            running: RwSignal::new(false),
            failure: RwSignal::new(None),
            handle: StoredValue::new(None),
        };
        let complete =
            Memo::new(move |_| manifests.progress.with(|progress| *progress == Progress::Complete));
        let graph = data.session().graph;
        Effect::new(move |before: Option<u32>| {
            let (analyzed, complete, wanted) = (graph.analyzed(), complete.get(), wanted.get());
            if before.is_some_and(|before| before != analyzed) {
                // What was asked stays where the analysis does not know more.
                let _known = complete && this.is_known();
                return analyzed;
            }
            this.stop();
            if !complete || this.is_known() || !wanted {
                return analyzed;
            }
            let indexes: Vec<(Digest, String)> = manifests.rows.with_untracked(|rows| {
                let tagged = rows.iter().filter(|row| row.description.is_index);
                tagged.filter_map(|row| Some((row.digest.parse().ok()?, row.tags.first()?.clone()))).collect()
            });
            this.all.set(indexes.len());
            this.indexes.set_value(indexes);
            this.found.set_value(Found::new());
            this.asked.set(0);
            this.go(first);
            analyzed
        });
        on_cleanup(move || {
            if let Some(handle) = this.handle.try_get_value().flatten() {
                handle.abort();
            }
        });
        this
    }

    /// Takes everything from the analysis, where that has read the repository as it is listed; false elsewhere.
    fn is_known(&self) -> bool {
        let (graph, rows) = (self.data.session().graph, self.manifests.rows);
        let known = rows.with_untracked(|rows| {
            let known = self.data.with_name(|name| graph.dependents(name.as_str(), rows))?;
            Some(belongings(rows, &known))
        });
        let Some(found) = known else { return false };
        self.stop();
        self.found.set_value(found);
        self.all.set(0);
        self.asked.set(0);
        self.end();
        true
    }

    /// Whether all of them have been asked, so that what has no name is in no tagged index. Tracked.
    pub(super) fn is_complete(&self) -> bool {
        let listed = self.manifests.progress.with(|progress| *progress == Progress::Complete);
        // They are found out as the asking ends.
        self.belongings.track();
        listed && !self.running.get() && self.asked.get() >= self.all.get()
    }

    /// Goes on until so many have been asked, or one cannot be.
    fn go(&self, until: usize) {
        let this = *self;
        this.failure.set(None);
        this.running.set(true);
        let (client, name) = (this.data.session().client, this.data.with_name(Clone::clone));
        let handle = run(async move {
            // An index within an index is only known once the outer one has been read.
            while this.failure.with_untracked(Option::is_none) && this.ask(&client, &name, until).await {}
            this.end();
        });
        this.handle.set_value(Some(handle));
    }

    /// Asks those that are known and have not been asked; false where there are none.
    async fn ask(&self, client: &RegistryClient, name: &RepositoryName, until: usize) -> bool {
        let this = *self;
        let from = this.asked.get_untracked();
        let next: Vec<_> =
            this.indexes.with_value(|all| all.iter().take(until).skip(from).cloned().collect());
        if next.is_empty() {
            return false;
        }
        let questions = stream::iter(next).map(|(digest, tag)| async move {
            (tag, client.manifests().attributes(name, &Reference::Digest(digest)).await)
        });
        let mut answers = std::pin::pin!(questions.buffered(AT_ONCE));
        while let Some((tag, answer)) = answers.next().await {
            match answer {
                Ok(answer) => this.name_all(&tag, answer.manifest.references),
                // An index that is gone by now names nothing.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    this.failure.set(Some(Failure::of(text::indexes_failed(name.as_str()), &error)));
                    break;
                }
            }
            this.asked.update(|asked| *asked += 1);
        }
        true
    }

    /// Notes under which tag these are, and that the indexes among them have to be asked as well.
    fn name_all(&self, tag: &str, references: Vec<ManifestReference>) {
        let mut fresh = Vec::new();
        self.found.update_value(|found| {
            for one in references {
                if let Entry::Vacant(place) = found.entry(one.digest) {
                    fresh.push(place.key().clone());
                    place.insert(Belonging::child_of_tag(tag));
                }
            }
        });
        let inner: Vec<_> = self.manifests.rows.with_untracked(|rows| {
            let inner = rows.iter().filter(|row| row.description.is_index && row.tags.is_empty());
            let inner = inner.filter(|row| fresh.iter().any(|digest| **digest == *row.digest));
            inner.filter_map(|row| Some((row.digest.parse().ok()?, tag.to_owned()))).collect()
        });
        if !inner.is_empty() {
            self.all.update(|all| *all += inner.len());
            self.indexes.update_value(|indexes| indexes.extend(inner));
        }
    }

    /// Asks nothing more and keeps what has been found.
    fn stop(&self) {
        if let Some(handle) = self.handle.get_value() {
            handle.abort();
        }
        if self.running.get_untracked() {
            self.end();
        }
    }

    fn end(&self) {
        self.running.set(false);
        self.belongings.set(self.found.get_value());
    }
}

/// How many indexes have been asked, and the button that goes on or stops; nothing once all have been.
pub(super) fn asked(naming: Naming) -> AnyView {
    let Naming { asked, all, running, failure, .. } = naming;
    let some = Memo::new(move |_| asked.get() < all.get());
    let said = move || match failure.get() {
        Some(failure) => {
            let title = failure.sentence();
            view! { " · " <span title=title>{list_text::partial(why_partial(failure.kind))}</span> }
                .into_any()
        }
        None => ().into_any(),
    };
    let press = move |_| if running.get_untracked() { naming.stop() } else { naming.go(usize::MAX) };
    let button = move || {
        if running.get() {
            return view! { <Glyph icon=Icon::Stop/> {list_text::STOP} }.into_any();
        }
        let rest = all.get().saturating_sub(asked.get());
        view! { <Glyph icon=Icon::Play/> {text::look_at_rest(rest)} }.into_any()
    };
    view! {
        <Show when=move || some.get()>
            <p class="completeness">
                <span role="status">{move || text::indexes_asked(asked.get(), all.get())} {said}</span>
                " "
                <button type="button" class="button button-small" on:click=press>{button}</button>
            </p>
        </Show>
    }
    .into_any()
}
