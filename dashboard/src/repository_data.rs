//! What the screens of one repository know of it: its attributes, its tags and its manifests, each asked for at most once.

use std::time::Duration;

use acr_client_wasm::{ManifestListOptions, Order, RepositoryAttributes, RepositoryName, TagListOptions};
use leptos::prelude::*;

use crate::action::survey::Known;

use crate::failure::{Failure, FailureKind};
use crate::list::digest_index::DigestIndex;
use crate::list::listing::{Listing, PAGE, Progress, listing};
use crate::list::rows::{ManifestRow, TagRow};
use crate::query::{Load, Query, query};
use crate::session::Session;
use crate::text::repository as text;

/// The data of one repository. Cheap to copy; lives in the context of the repository's screen.
#[derive(Clone, Copy)]
pub(crate) struct RepositoryData {
    name: StoredValue<RepositoryName>,
    session: StoredValue<Session>,
    owner: StoredValue<Owner>,
    /// Its attributes, once they are wanted.
    pub(crate) attributes: Query<RepositoryAttributes>,
    wanted: RwSignal<bool>,
    tags: StoredValue<Option<Listing<TagRow>>>,
    manifests: StoredValue<Option<(Listing<ManifestRow>, DigestIndex)>>,
}

/// How long after both lists are complete the attributes of the repository are requested, which no row needs.
const AFTER_LISTS: Duration = Duration::from_secs(1);

/// How much is in a repository and when it changed last; `None` where that is not known yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) tags: Option<u64>,
    pub(crate) manifests: Option<u64>,
    /// In milliseconds since the Unix epoch.
    pub(crate) updated: Option<i64>,
}

impl RepositoryData {
    /// Starts with what the screen opens with: both lists where it is the tags, whose rows are made of both, else the attributes. Lists
    /// that are complete contain most of what the attributes say, so these follow after the lists.
    pub(crate) fn new(session: &Session, name: RepositoryName, opens_with_tags: bool) -> Self {
        let (client, seen) = (session.client.clone(), session.seen);
        let repository = name.clone();
        let known = seen.with_untracked(|seen| seen.contains_key(name.as_str()));
        let wanted = RwSignal::new(known || !opens_with_tags);
        let first = StoredValue::new(true);
        let attributes = query(move || {
            let (client, repository, wanted) = (client.clone(), repository.clone(), wanted.get());
            // The list of repositories has asked already; a refresh asks again.
            let known = seen.with_untracked(|seen| seen.get(repository.as_str()).cloned());
            let known = known.filter(|_| first.get_value());
            first.set_value(false);
            async move {
                if let Some(known) = known {
                    return Ok(known);
                }
                if !wanted {
                    // This query runs again when they are.
                    return std::future::pending().await;
                }
                let answer = client.repositories().attributes(&repository).await;
                let answer =
                    answer.map_err(|error| Failure::of(text::open_failed(repository.as_str()), &error))?;
                let _ = seen.try_update(|seen| seen.insert(repository.as_str().to_owned(), answer.clone()));
                Ok(answer)
            }
        });
        let this = Self {
            name: StoredValue::new(name),
            session: StoredValue::new(session.clone()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            attributes,
            wanted,
            tags: StoredValue::new(None),
            manifests: StoredValue::new(None),
        };
        if !wanted.get_untracked() {
            this.want_attributes_after_lists();
        }
        let changed = session.changed;
        Effect::new(move |before: Option<u32>| {
            let now = changed.get();
            if before.is_some_and(|before| before != now) {
                this.refresh();
            }
            now
        });
        this
    }

    /// Requests the attributes some time after both lists are complete; at once where a list has more than its first page,
    /// or not at all.
    fn want_attributes_after_lists(&self) {
        fn is_enough<T: Send + Sync + 'static>(list: Listing<T>) -> bool {
            let rows = list.rows.with(Vec::len);
            list.progress.with(|progress| match progress {
                Progress::Complete => true,
                Progress::Loading => rows < PAGE as usize,
                Progress::Stopped => false,
                Progress::Partial(_) => rows == 0,
            })
        }
        let (this, tags, (manifests, _)) = (*self, self.tags(), self.manifests());
        Effect::new(move |_| {
            if !(is_enough(tags) && is_enough(manifests)) {
                this.want_attributes();
            } else if complete(tags).and(complete(manifests)).is_some()
                && let Ok(timer) = set_timeout_with_handle(move || this.want_attributes(), AFTER_LISTS)
            {
                on_cleanup(move || timer.clear());
            }
        });
    }

    /// Asks for the attributes unless they are there or on their way.
    pub(crate) fn want_attributes(&self) {
        if self.wanted.try_get_untracked() == Some(false) {
            self.wanted.set(true);
        }
    }

    /// The totals as far as they are known, tracked: from the attributes, else from complete lists.
    pub(crate) fn totals(&self) -> Totals {
        let from_attributes = self.attributes.with_ready(|one| Totals {
            tags: Some(one.tag_count),
            manifests: Some(one.manifest_count),
            updated: one.last_update_time.unix_millis(),
        });
        let lists = || Some((complete(self.tags.get_value()?)?, complete(self.manifests.get_value()?.0)?));
        if let (None, Some((tags, manifests))) = (from_attributes, lists()) {
            let count = |rows: usize| u64::try_from(rows).ok();
            let newest = tags.rows.with(|rows| rows.iter().filter_map(|row| row.updated).max());
            return Totals {
                tags: count(tags.rows.with(Vec::len)),
                manifests: count(manifests.rows.with(Vec::len)),
                updated: manifests
                    .rows
                    .with(|rows| rows.iter().filter_map(|row| row.updated).max())
                    .max(newest),
            };
        }
        from_attributes.unwrap_or_default()
    }

    /// Whether the registry has answered that there is such a repository, tracked.
    pub(crate) fn is_there(&self) -> bool {
        let listed = self.tags.get_value().is_some_and(|tags| tags.started.get());
        self.attributes.with_ready(|_| ()).is_some() || listed && self.failed().is_none()
    }

    /// Why there is no repository to show, tracked. Where its attributes have not been requested, its tags decide. Attributes that fail
    /// take no list away, unless the repository is gone.
    pub(crate) fn failed(&self) -> Option<Failure> {
        if self.wanted.get() {
            let listed = self.tags.get_value().is_some_and(|tags| tags.started.get());
            return match self.attributes.get() {
                Load::Failed(failure) if !listed || failure.kind == FailureKind::NotFound => Some(failure),
                _ => None,
            };
        }
        let tags = self.tags.get_value()?;
        let missing = tags.progress.with(|progress| match progress {
            Progress::Partial(failure) if failure.kind == FailureKind::NotFound => Some(failure.clone()),
            _ => None,
        });
        let failure =
            missing.or_else(|| tags.failed().filter(|failure| failure.kind != FailureKind::Other))?;
        Some(Failure { what: self.with_name(|name| text::open_failed(name.as_str())), ..failure })
    }

    /// Whether anything that has been asked for is being loaded, tracked.
    pub(crate) fn busy(&self) -> bool {
        let attributes = self.wanted.get() && self.attributes.busy();
        let tags = self.tags.get_value().is_some_and(|tags| tags.busy());
        let manifests = self.manifests.get_value().is_some_and(|(manifests, _)| manifests.busy());
        attributes || tags || manifests
    }

    /// Looks at the repository's name.
    pub(crate) fn with_name<T>(&self, look: impl FnOnce(&RepositoryName) -> T) -> T {
        self.name.with_value(look)
    }

    /// The session this belongs to.
    pub(crate) fn session(&self) -> Session {
        self.session.get_value()
    }

    /// The tags, newest first.
    pub(crate) fn tags(&self) -> Listing<TagRow> {
        if let Some(tags) = self.tags.get_value() {
            return tags;
        }
        let (client, name) = (self.session().client, self.name.get_value());
        let what = text::tags_failed(name.as_str());
        let open = move || {
            let options = TagListOptions {
                n: Some(PAGE),
                order: Some(Order::TimeDescending),
                ..TagListOptions::default()
            };
            client.tags().list(&name, options)
        };
        let tags = self.owner.with_value(|owner| owner.with(|| listing(open, TagRow::from, what)));
        self.tags.set_value(Some(tags));
        tags
    }

    /// The manifests, newest first, and where each digest is among them.
    pub(crate) fn manifests(&self) -> (Listing<ManifestRow>, DigestIndex) {
        if let Some(manifests) = self.manifests.get_value() {
            return manifests;
        }
        let (client, name) = (self.session().client, self.name.get_value());
        let what = text::manifests_failed(name.as_str());
        let open = move || {
            let options = ManifestListOptions {
                n: Some(PAGE),
                order: Some(Order::TimeDescending),
                ..ManifestListOptions::default()
            };
            client.manifests().list(&name, options)
        };
        let made = self.owner.with_value(|owner| {
            owner.with(|| {
                let list = listing(open, ManifestRow::from, what);
                (list, DigestIndex::follow(list))
            })
        });
        self.manifests.set_value(Some(made));
        made
    }

    /// What a survey of the repository does not have to ask for again.
    pub(crate) fn known(&self) -> Known {
        let frozen = untrack(|| {
            self.attributes.with_ready(|one| !one.changeable_attributes.write_enabled).unwrap_or(false)
        });
        Known { manifests: Some(self.manifests().0), frozen }
    }

    /// Asks again for everything that has been asked for.
    pub(crate) fn refresh(&self) {
        self.attributes.refresh();
        if let Some(tags) = self.tags.get_value() {
            tags.refresh();
        }
        if let Some((manifests, _)) = self.manifests.get_value() {
            manifests.refresh();
        }
    }
}

/// The list, if all of it is here, tracked.
fn complete<T: Send + Sync + 'static>(list: Listing<T>) -> Option<Listing<T>> {
    list.progress.with(|progress| *progress == Progress::Complete).then_some(list)
}
