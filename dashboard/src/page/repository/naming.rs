//! Which tag each platform of a repository is under. The list names no index's manifests, so the tagged indexes are asked for theirs:
//! the newest at once, the rest on request.

use std::collections::BTreeMap;

use acr_client_wasm::{Digest, ErrorKind, Reference};
use futures_util::future::AbortHandle;
use futures_util::{StreamExt as _, stream};
use leptos::prelude::*;

use crate::artifact::Kind;
use crate::component::icon::{Glyph, Icon};
use crate::component::list_bar::why_partial;
use crate::failure::Failure;
use crate::list::listing::{Listing, Progress};
use crate::list::rows::ManifestRow;
use crate::query::run;
use crate::repository_data::RepositoryData;
use crate::text::list as list_text;
use crate::text::repository as text;

/// How many indexes are read without a click.
const FIRST: usize = 25;
/// How many of them at once.
const AT_ONCE: usize = 4;

/// The tag of the index that a manifest is in, by the manifest's digest.
pub(super) type Tags = BTreeMap<String, String>;

/// How far the asking is.
#[derive(Clone, Copy)]
pub(super) struct Naming {
    data: RepositoryData,
    indexes: StoredValue<Vec<(Digest, String)>>,
    found: StoredValue<Tags>,
    /// What has been found; changes when the asking ends, so that the pictures are not drawn anew with every answer.
    pub(super) tags: RwSignal<Tags>,
    asked: RwSignal<usize>,
    all: RwSignal<usize>,
    running: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    handle: StoredValue<Option<AbortHandle>>,
}

impl Naming {
    /// Asks the newest indexes as soon as the list is complete, and again when it has been completed again.
    pub(super) fn follow(data: RepositoryData, manifests: Listing<ManifestRow>) -> Self {
        let this = Self {
            data,
            indexes: StoredValue::new(Vec::new()),
            found: StoredValue::new(Tags::new()),
            tags: RwSignal::new(Tags::new()),
            asked: RwSignal::new(0),
            all: RwSignal::new(0),
            running: RwSignal::new(false),
            failure: RwSignal::new(None),
            handle: StoredValue::new(None),
        };
        let whole = Memo::new(move |_| manifests.progress.with(|progress| *progress == Progress::Complete));
        Effect::new(move |_| {
            this.stop();
            if !whole.get() {
                return;
            }
            let indexes: Vec<(Digest, String)> = manifests.rows.with_untracked(|rows| {
                let tagged = rows.iter().filter(|row| row.kind == Kind::Index);
                tagged.filter_map(|row| Some((row.digest.parse().ok()?, row.tags.first()?.clone()))).collect()
            });
            this.all.set(indexes.len());
            this.indexes.set_value(indexes);
            this.found.set_value(Tags::new());
            this.asked.set(0);
            this.go(FIRST);
        });
        on_cleanup(move || {
            if let Some(handle) = this.handle.try_get_value().flatten() {
                handle.abort();
            }
        });
        this
    }

    /// Goes on until so many have been asked, or one cannot be.
    fn go(&self, until: usize) {
        let this = *self;
        let from = this.asked.get_untracked();
        let next: Vec<_> =
            this.indexes.with_value(|all| all.iter().take(until).skip(from).cloned().collect());
        this.failure.set(None);
        if next.is_empty() {
            return;
        }
        this.running.set(true);
        let (client, name) = (this.data.session().client, this.data.with_name(Clone::clone));
        let handle = run(async move {
            let questions = stream::iter(next).map(|(digest, tag)| {
                let (client, name) = (&client, &name);
                async move { (tag, client.manifests().attributes(name, &Reference::Digest(digest)).await) }
            });
            let mut answers = std::pin::pin!(questions.buffered(AT_ONCE));
            while let Some((tag, answer)) = answers.next().await {
                match answer {
                    Ok(answer) => this.found.update_value(|found| {
                        for one in answer.manifest.references {
                            found.entry(one.digest).or_insert_with(|| tag.clone());
                        }
                    }),
                    // An index that is gone by now names nothing.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => {
                        this.failure.set(Some(Failure::of(text::indexes_failed(name.as_str()), &error)));
                        break;
                    }
                }
                this.asked.update(|asked| *asked += 1);
            }
            this.end();
        });
        this.handle.set_value(Some(handle));
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
        self.tags.set(self.found.get_value());
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
