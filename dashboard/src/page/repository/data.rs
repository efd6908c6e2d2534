//! What the screens of one repository know of it: its attributes, its tags and its manifests, each asked for at most once.

use std::collections::HashMap;

use acr_client_wasm::{ManifestListOptions, Order, RepositoryAttributes, RepositoryName, TagListOptions};
use leptos::prelude::*;

use super::rows::{ManifestRow, TagRow};
use crate::failure::Failure;
use crate::list::listing::{Listing, listing};
use crate::query::{Query, query};
use crate::session::{PAGE, Session};
use crate::text::repository as text;

/// The data of one repository. Cheap to copy; lives in the context of the repository's screen.
#[derive(Clone, Copy)]
pub(crate) struct RepositoryData {
    name: StoredValue<RepositoryName>,
    session: StoredValue<Session>,
    owner: StoredValue<Owner>,
    /// Its attributes.
    pub(crate) attributes: Query<RepositoryAttributes>,
    tags: StoredValue<Option<Listing<TagRow>>>,
    manifests: StoredValue<Option<(Listing<ManifestRow>, DigestIndex)>>,
}

impl RepositoryData {
    /// Starts with the attributes; lists follow when they are shown.
    pub(crate) fn new(session: &Session, name: RepositoryName) -> Self {
        let (client, seen) = (session.client.clone(), session.seen);
        let repository = name.clone();
        let first = StoredValue::new(true);
        let attributes = query(move || {
            let (client, repository) = (client.clone(), repository.clone());
            // The list of repositories has asked already; a refresh asks again.
            let known = seen.with_untracked(|seen| seen.get(repository.as_str()).cloned());
            let known = known.filter(|_| first.get_value());
            first.set_value(false);
            async move {
                if let Some(known) = known {
                    return Ok(known);
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
            tags: StoredValue::new(None),
            manifests: StoredValue::new(None),
        };
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

    /// Asks for everything again that has been asked for.
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

/// Where each digest is in the list of manifests, kept up while pages come.
#[derive(Clone, Copy)]
pub(crate) struct DigestIndex {
    list: Listing<ManifestRow>,
    places: StoredValue<HashMap<u64, u32>>,
    /// Changes when the index has grown.
    version: RwSignal<usize>,
}

impl DigestIndex {
    fn follow(list: Listing<ManifestRow>) -> Self {
        let this = Self { list, places: StoredValue::new(HashMap::new()), version: RwSignal::new(0) };
        Effect::new(move |before: Option<usize>| {
            let length = list.rows.with(|rows| {
                let from = before.filter(|before| *before <= rows.len() && *before > 0).unwrap_or(0);
                this.places.update_value(|places| {
                    if from == 0 {
                        places.clear();
                    }
                    let fresh = rows.iter().enumerate().skip(from);
                    places.extend(
                        fresh.filter_map(|(at, row)| Some((key(&row.digest), u32::try_from(at).ok()?))),
                    );
                });
                rows.len()
            });
            this.version.update(|version| *version = version.wrapping_add(1));
            length
        });
        this
    }

    /// Tracks that the index grows.
    pub(crate) fn track(&self) {
        self.version.track();
    }

    /// Looks at the manifest of a digest, tracked; `None` while it has not come.
    pub(crate) fn with<T>(&self, digest: &str, look: impl FnOnce(&ManifestRow) -> T) -> Option<T> {
        self.version.track();
        self.with_untracked(digest, look)
    }

    /// Looks at the manifest of a digest, untracked.
    pub(crate) fn with_untracked<T>(&self, digest: &str, look: impl FnOnce(&ManifestRow) -> T) -> Option<T> {
        let at = self.places.with_value(|places| places.get(&key(digest)).copied())?;
        self.list
            .rows
            .with_untracked(|rows| rows.get(at as usize).filter(|row| &*row.digest == digest).map(look))
    }
}

/// The first sixteen hexadecimal digits of a digest. Two digests that share them would only hide one of them from the join.
fn key(digest: &str) -> u64 {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    hex.bytes().take(16).fold(0, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}
