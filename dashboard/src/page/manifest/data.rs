//! What the tabs of one manifest know of it, each part asked for when a tab first shows it.
//!
//! Opening a manifest takes the manifest and its attributes, and the tag's attributes where a tag was asked for.

use std::sync::Arc;

use acr_artifact::{Description, Traits, config::ReadConfig};
use acr_client_wasm::{
    Digest, ErrorKind, Manifest, ManifestAttributesBase, ManifestContent, ManifestListOptions,
    ManifestResult, MediaType, Order, Reference, RepositoryName, TagAttributesBase,
};
use leptos::prelude::*;

use super::candidate::{Candidate, PARAMETER};
use crate::clock::now;
use crate::failure::{Failure, FailureKind};
use crate::list::listing::PAGE;
use crate::list::rows::ManifestRow;
use crate::query::{Load, Query, query};
use crate::route::Route;
use crate::session::Session;
use crate::text::manifest as text;

/// A config blob above this many bytes is not shown.
const CONFIG_LIMIT: u64 = 4 * 1024 * 1024;

/// The place of an image in an index.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// The reference of the index.
    pub(crate) index: Reference,
    /// The name of the platform among those of the index.
    pub(crate) platform: String,
}

/// The data of one manifest. Cheap to copy; lives in the context of the manifest's screen.
#[derive(Clone, Copy)]
pub(crate) struct ManifestData {
    repository: StoredValue<RepositoryName>,
    reference: StoredValue<Reference>,
    session: StoredValue<Session>,
    /// Of an image of an index that is shown on the index's screen.
    part: StoredValue<Option<Part>>,
    /// The manifest itself.
    pub(crate) content: Query<Arc<ManifestResult>>,
    /// What the registry says of it.
    pub(crate) attributes: Query<ManifestAttributesBase>,
    /// What the registry says of the tag; `None` where a digest was asked for.
    pub(crate) tag: Query<Option<TagAttributesBase>>,
    /// When the manifest came last, in milliseconds since the Unix epoch.
    pub(crate) loaded_at: RwSignal<i64>,
}

impl ManifestData {
    /// Starts with the manifest and the attributes.
    pub(crate) fn new(session: &Session, repository: RepositoryName, reference: Reference) -> Self {
        let name = match &reference {
            Reference::Tag(tag) => format!("{repository}:{tag}"),
            Reference::Digest(digest) => format!("{repository}@{}", digest.short()),
        };
        let loaded_at = RwSignal::new(0);
        let content = {
            let (client, repository, reference, name) =
                (session.client.clone(), repository.clone(), reference.clone(), name.clone());
            query(move || {
                let (client, repository, reference) = (client.clone(), repository.clone(), reference.clone());
                let what = text::open_failed(&name);
                async move {
                    let answer = client.manifests().get(&repository, &reference).await;
                    if answer.is_ok() {
                        let _ = loaded_at.try_set(now());
                    }
                    answer.map(Arc::new).map_err(|error| match error.kind() {
                        ErrorKind::Decode => Failure {
                            kind: FailureKind::Unreadable,
                            ..Failure::local(what, text::NOT_PARSED, text::FETCH_RAW)
                        },
                        _ => Failure::of(what, &error),
                    })
                }
            })
        };
        let attributes = attributes_query(session, &repository, &name, content);
        let tag = {
            let (client, repository, reference) =
                (session.client.clone(), repository.clone(), reference.clone());
            query(move || {
                let (client, repository, reference) = (client.clone(), repository.clone(), reference.clone());
                let what = text::attributes_failed(&name);
                async move {
                    let Reference::Tag(tag) = reference else { return Ok(None) };
                    let answer = client.tags().attributes(&repository, &tag).await;
                    answer.map(|answer| Some(answer.tag)).map_err(|error| Failure::of(what, &error))
                }
            })
        };
        Self {
            repository: StoredValue::new(repository),
            reference: StoredValue::new(reference),
            session: StoredValue::new(session.clone()),
            part: StoredValue::new(None),
            content,
            attributes,
            tag,
            loaded_at,
        }
    }

    /// The session this belongs to.
    pub(crate) fn session(&self) -> Session {
        self.session.get_value()
    }

    /// The repository it is in.
    pub(crate) fn repository(&self) -> RepositoryName {
        self.repository.get_value()
    }

    /// What was asked for.
    pub(crate) fn reference(&self) -> Reference {
        self.reference.get_value()
    }

    /// Repository and reference as the heading has them.
    pub(crate) fn name(&self) -> String {
        let repository = self.repository();
        match self.reference() {
            Reference::Tag(tag) => format!("{repository}:{tag}"),
            Reference::Digest(digest) => format!("{repository}@{}", digest.short()),
        }
    }

    /// The digest, once it is known.
    pub(crate) fn digest(&self) -> Option<Digest> {
        self.content.with_ready(|content| content.digest.clone())
    }

    /// The data of an image of this index. Lives as long as the current reactive owner.
    pub(crate) fn child(&self, candidate: Candidate) -> Self {
        // The outermost index is the one whose screen this is.
        let part = self.part().unwrap_or_else(|| Part { index: self.reference(), platform: candidate.name });
        let child = Self::new(&self.session(), self.repository(), Reference::Digest(candidate.digest));
        child.part.set_value(Some(part));
        child
    }

    /// Which part of an index this is; `None` on a screen of its own.
    pub(crate) fn part(&self) -> Option<Part> {
        self.part.get_value()
    }

    /// The route to the screen that shows this.
    pub(crate) fn route(&self, registry: &str) -> Route {
        let route = |reference| Route::manifest(registry, &self.repository(), reference);
        match self.part() {
            None => route(self.reference()),
            Some(part) => route(part.index).with(PARAMETER, &part.platform),
        }
    }

    /// What it is.
    pub(crate) fn description(&self) -> Arc<Description> {
        let descriptions = self.session().descriptions;
        let description = untrack(|| self.content.with_ready(|content| descriptions.add(content)));
        description.unwrap_or_else(|| Arc::new(Description::new(&Traits::default())))
    }

    /// Reads the config of an image: of its blob, or of a manifest of schema 1 what stands in its place. None for other kinds, which have
    /// configs of their own.
    ///
    /// # Errors
    /// A failure that says why, where an image's config is invalid.
    pub(crate) fn image_config(&self, blob: Option<&[u8]>) -> Result<Option<ReadConfig>, Failure> {
        let schema1 = untrack(|| {
            let schema1 = self.content.with_ready(|content| match &content.manifest {
                Manifest::V1(manifest) => Some(ReadConfig::from_schema1(manifest)),
                _ => None,
            });
            schema1.flatten()
        });
        match blob {
            Some(blob) => image_config(&self.description(), blob),
            None => Ok(schema1),
        }
    }

    /// Asks for the config blob's bytes.
    pub(crate) fn config(&self) -> Query<Option<Arc<[u8]>>> {
        let this = *self;
        query(move || {
            let config = this.content.with_ready(|content| content.manifest.config().cloned()).flatten();
            let (client, repository) = (this.session().client, this.repository());
            async move {
                let Some(config) = config else { return Ok(None) };
                let what = text::config_failed(&config.digest);
                let digest: Digest = config.digest.parse().map_err(|error: acr_client_wasm::NameError| {
                    Failure::local(what.clone(), error.to_string(), text::CONFIG_REMEDY)
                })?;
                let answer = client.blobs().get_bytes(&repository, &digest, CONFIG_LIMIT).await;
                answer.map(|bytes| Some(Arc::from(&*bytes))).map_err(|error| Failure::of(what, &error))
            }
        })
    }

    /// Asks for the manifest's bytes, where they do not parse.
    pub(crate) fn unread(&self) -> Query<ManifestContent> {
        let this = *self;
        query(move || {
            let (client, name, reference) = (this.session().client, this.repository(), this.reference());
            async move {
                let answer = client.manifests().content(&name, &reference, MediaType::ACCEPT_MANIFESTS).await;
                answer.map_err(|error| Failure::of(text::open_failed(name.as_str()), &error))
            }
        })
    }

    /// Asks for the repository's newest manifests, which hold what an index says nothing of: its children's sizes.
    pub(crate) fn siblings(&self) -> Query<Arc<[ManifestRow]>> {
        let this = *self;
        query(move || {
            let (client, repository) = (this.session().client, this.repository());
            async move {
                let options = ManifestListOptions {
                    n: Some(PAGE),
                    order: Some(Order::TimeDescending),
                    ..ManifestListOptions::default()
                };
                let page = client.manifests().list(&repository, options).next_page().await;
                let page =
                    page.map_err(|error| Failure::of(text::siblings_failed(repository.as_str()), &error))?;
                Ok(page
                    .map(|page| page.items.into_iter().map(ManifestRow::from).collect())
                    .unwrap_or_default())
            }
        })
    }

    /// Whether something is being asked for, tracked.
    pub(crate) fn busy(&self) -> bool {
        self.content.busy() || self.attributes.busy() || self.tag.busy()
    }

    /// Asks again for what did not come.
    pub(crate) fn resume(&self) {
        let failed = untrack(|| {
            (matches!(self.attributes.get(), Load::Failed(_)), matches!(self.tag.get(), Load::Failed(_)))
        });
        if failed.0 {
            self.attributes.refresh();
        }
        if failed.1 {
            self.tag.refresh();
        }
    }

    /// Asks for everything again.
    pub(crate) fn refresh(&self) {
        self.content.refresh();
        self.tag.refresh();
    }
}

/// Reads the blob of an image's config; none for other kinds.
///
/// # Errors
/// A failure that says why, where an image's config is invalid.
fn image_config(description: &Description, blob: &[u8]) -> Result<Option<ReadConfig>, Failure> {
    if !description.is_runnable {
        return Ok(None);
    }
    let config = ReadConfig::from_slice(blob);
    config.map(Some).map_err(|error| {
        Failure::local(text::CONFIG_UNREADABLE, error.to_string(), text::CONFIG_UNREADABLE_REMEDY)
    })
}

/// The attributes: by digest, so that no tag has to be resolved a second time; at once where the digest was asked for.
fn attributes_query(
    session: &Session,
    repository: &RepositoryName,
    name: &str,
    content: Query<Arc<ManifestResult>>,
) -> Query<ManifestAttributesBase> {
    let (client, repository, what) =
        (session.client.clone(), repository.clone(), text::attributes_failed(name));
    query(move || {
        let state = content.get();
        let (client, repository, what) = (client.clone(), repository.clone(), what.clone());
        async move {
            let digest = match state {
                Load::Ready(content) => content.digest.clone(),
                Load::Failed(failure) => return Err(failure),
                // This query runs again when the manifest has come.
                Load::Loading => return std::future::pending().await,
            };
            let answer = client.manifests().attributes(&repository, &Reference::Digest(digest)).await;
            answer.map(|answer| answer.manifest).map_err(|error| Failure::of(what, &error))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::rows::tests::description;

    #[test]
    fn only_an_image_must_have_a_config_that_is_one() {
        let failure = image_config(&description("image"), b"not json").expect_err("no JSON");
        assert_eq!(failure.why, "The config is not JSON.");
        assert_eq!(
            image_config(&description("application/vnd.cncf.helm.config.v1+json"), b"not json"),
            Ok(None)
        );
        let read =
            image_config(&description("image"), br#"{"os":"linux","architecture":7}"#).unwrap().unwrap();
        assert_eq!((read.config.os.as_str(), read.unread), ("linux", vec!["architecture".to_owned()]));
    }
}
