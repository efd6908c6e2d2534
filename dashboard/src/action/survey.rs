//! Finds out what depends on the manifests of a plan: from the analysis where that has read the repository as it is, else by a bounded
//! number of requests at a time, with progress, which can be stopped and resumed. `impact.rs` turns the findings into sentences.

use acr_artifact::{Description, Kind, platform};
use acr_client_wasm::{
    Error, ManifestListOptions, Order, Reference, RegistryClient, RepositoryName, TagListOptions,
};
use futures_util::StreamExt;
use futures_util::future::{AbortHandle, LocalBoxFuture};
use futures_util::stream;
use leptos::prelude::*;

use super::dependents::GraphSlot;
use super::impact::{Child, Evidence, Line};
use super::plan::{Action, Plan};
use crate::failure::Failure;
use crate::list::listing::PAGE;
use crate::list::listing::{Listing, Progress};
use crate::list::rows::ManifestRow;
use crate::query::run;
use crate::text::impact as text;

/// How many pages of the list of manifests are read where the screen has not read them.
const PAGES: usize = 20;
/// How many indexes are read before a person is asked whether to go on: a fiftieth of a minute's budget of reads.
const INDEXES: usize = 100;
/// How many digests' referrers are asked for before that: a fifth of the smallest budget for them.
const REFERRERS: usize = 50;
/// Of how many digests the tags are asked for one by one; of more, the list of manifests has them.
const TAGS: usize = 8;
/// How many requests are in flight at once.
const AT_ONCE: usize = 4;

/// A plan being looked into. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Survey {
    /// What is known so far, once looking has paused.
    pub(crate) lines: RwSignal<Vec<Line>>,
    pub(crate) busy: RwSignal<bool>,
    /// How many answers have come, and how many are wanted.
    pub(crate) progress: RwSignal<(usize, usize)>,
    /// Whether there is more to look at.
    pub(crate) more: RwSignal<bool>,
    action: Action,
    repository: StoredValue<RepositoryName>,
    client: StoredValue<RegistryClient>,
    graph: GraphSlot,
    evidence: StoredValue<Evidence>,
    rows: StoredValue<Rows>,
    handle: StoredValue<Option<AbortHandle>>,
}

/// What the screen has already read of the repository.
#[derive(Clone, Copy, Default)]
pub(crate) struct Known {
    /// Its manifests, where the screen lists them.
    pub(crate) manifests: Option<Listing<ManifestRow>>,
    /// Whether the repository is write-locked, which forbids every change in it.
    pub(crate) frozen: bool,
}

/// Where the repository's manifests are.
enum Rows {
    /// In the list on the screen.
    Listed(Listing<ManifestRow>),
    /// Read for this plan alone, with the token of the next page.
    Own(Vec<ManifestRow>, Option<String>),
}

impl Rows {
    fn with<T>(&self, look: impl FnOnce(&[ManifestRow]) -> T) -> T {
        match self {
            Self::Listed(list) => list.rows.with_untracked(|rows| look(rows)),
            Self::Own(rows, _) => look(rows),
        }
    }
}

/// One question.
enum Question {
    /// What does this index refer to?
    Children(String),
    /// What refers to this digest?
    Referrers(String),
    /// Which tags are on this digest?
    Tags(String),
}

/// Its answer.
enum Answer {
    Children(Vec<Child>),
    Referrers(Vec<(String, String)>),
    Tags(Vec<String>),
}

impl Survey {
    /// Looks into nothing yet.
    pub(crate) fn new(client: RegistryClient, graph: GraphSlot, plan: &Plan, known: Known) -> Self {
        let (open, _) = plan.parts();
        let gone = open.iter().filter_map(|target| Some(target.digest.as_ref()?.to_string())).collect();
        let chosen = plan.targets.iter().filter_map(|target| match &target.reference {
            Reference::Tag(tag) => Some(tag.to_string()),
            Reference::Digest(_) => None,
        });
        let Known { manifests, frozen } = known;
        let rows = match manifests.filter(|list| list.progress.with_untracked(|it| *it == Progress::Complete))
        {
            Some(list) => Rows::Listed(list),
            None => Rows::Own(Vec::new(), None),
        };
        let complete = matches!(rows, Rows::Listed(_));
        let evidence = Evidence { gone, chosen: chosen.collect(), complete, frozen, ..Evidence::default() };
        Self {
            lines: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            progress: RwSignal::new((0, 0)),
            more: RwSignal::new(false),
            action: plan.action,
            repository: StoredValue::new(plan.repository.clone()),
            client: StoredValue::new(client),
            graph,
            evidence: StoredValue::new(evidence),
            rows: StoredValue::new(rows),
            handle: StoredValue::new(None),
        }
    }

    /// Starts the survey, or continues it.
    pub(crate) fn go(&self) {
        let this = *self;
        if this.is_answered() {
            return this.pause();
        }
        this.busy.set(true);
        this.evidence.update_value(|evidence| evidence.failure = None);
        let (client, name) = (this.client.get_value(), this.repository.get_value());
        let handle = run(async move {
            let failed = match this.list(&client, &name).await {
                Ok(()) if this.is_answered() => Ok(()),
                Ok(()) => this.ask_all(&client, &name).await,
                failed => failed,
            };
            if let Err(error) = failed {
                let why = Failure::of(text::FAILED, &error).sentence();
                this.evidence.update_value(|evidence| evidence.failure = Some(why));
            }
            this.pause();
        });
        self.handle.set_value(Some(handle));
    }

    /// Answers every question from what an analysis has read, where that knows the repository as it is listed; false elsewhere.
    fn is_answered(&self) -> bool {
        if !self.evidence.with_value(|evidence| evidence.complete) {
            return false;
        }
        let known = self.rows.with_value(|rows| {
            rows.with(|rows| {
                let known = self.repository.with_value(|name| self.graph.dependents(name.as_str(), rows))?;
                self.evidence.update_value(|evidence| evidence.learn(known, rows));
                Some(())
            })
        });
        known.is_some()
    }

    /// Stops; what has been found is shown.
    pub(crate) fn stop(&self) {
        if let Some(handle) = self.handle.try_get_value().flatten() {
            handle.abort();
        }
        if self.busy.try_get_untracked() == Some(true) {
            self.evidence.update_value(|evidence| evidence.failure = Some(text::STOPPED.to_owned()));
            self.pause();
        }
    }

    /// Reports what has been found so far.
    fn pause(&self) {
        let (lines, more) = self.rows.with_value(|rows| {
            rows.with(|rows| {
                self.evidence.with_value(|evidence| match self.action {
                    Action::Delete => {
                        let left = !evidence.complete
                            || !evidence.unread(rows).is_empty()
                            || !evidence.unasked().is_empty();
                        (evidence.of_delete(rows), left)
                    }
                    _ => (evidence.of_untag(rows), evidence.failure.is_some()),
                })
            })
        });
        self.lines.set(lines);
        self.more.set(more);
        self.busy.set(false);
    }

    /// Reads the list of manifests where the screen has not loaded all of it.
    async fn list(&self, client: &RegistryClient, name: &RepositoryName) -> Result<(), Error> {
        if self.evidence.with_value(|evidence| evidence.complete) || self.action == Action::Untag {
            return Ok(());
        }
        let options = ManifestListOptions {
            n: Some(PAGE),
            order: Some(Order::TimeDescending),
            ..ManifestListOptions::default()
        };
        let mut pager = client.manifests().list(name, options);
        if let Some(token) =
            self.rows.with_value(|rows| if let Rows::Own(_, next) = rows { next.clone() } else { None })
        {
            pager = pager.resume(&token);
        }
        for page in 0..PAGES {
            self.progress.set((page, page + 1));
            let Some(page) = pager.next_page().await? else {
                self.evidence.update_value(|evidence| evidence.complete = true);
                break;
            };
            // Some registries say in the list what an index refers to.
            let listed = page.items.iter().filter(|item| !item.references.is_empty());
            let listed: Vec<_> =
                listed.map(|item| (item.digest.clone(), children(&item.references))).collect();
            self.evidence.update_value(|evidence| {
                evidence.children.extend(listed);
                evidence.complete = page.continuation_token.is_none();
            });
            self.rows.update_value(|rows| {
                if let Rows::Own(rows, next) = rows {
                    rows.extend(page.items.into_iter().map(ManifestRow::from));
                    *next = page.continuation_token;
                }
            });
            if self.evidence.with_value(|evidence| evidence.complete) {
                break;
            }
        }
        Ok(())
    }

    /// Asks what has not been asked, as far as one go may.
    async fn ask_all(&self, client: &RegistryClient, name: &RepositoryName) -> Result<(), Error> {
        let questions = self.questions();
        self.progress.set((0, questions.len()));
        let asked = stream::iter(questions).map(|question| async move {
            let answer = ask(client, name, &question).await;
            (question, answer)
        });
        let mut answers = Box::pin(asked.buffer_unordered(AT_ONCE));
        while let Some((question, answer)) = answers.next().await {
            let answer = answer?;
            self.evidence.update_value(|evidence| match (question, answer) {
                (Question::Children(index), Answer::Children(all)) => {
                    drop(evidence.children.insert(index, all))
                }
                (Question::Referrers(digest), Answer::Referrers(all)) => {
                    drop(evidence.referrers.insert(digest, all));
                }
                (Question::Tags(digest), Answer::Tags(all)) => drop(evidence.tags.insert(digest, all)),
                _ => {}
            });
            self.progress.update(|(done, _)| *done += 1);
        }
        Ok(())
    }

    fn questions(&self) -> Vec<Question> {
        self.evidence.with_value(|evidence| {
            let tags = evidence.gone.iter().filter(|digest| !evidence.tags.contains_key(*digest));
            let few = evidence.gone.len() <= TAGS;
            let mut all: Vec<_> = tags.filter(|_| few).cloned().map(Question::Tags).collect();
            if self.action == Action::Delete {
                all.extend(evidence.unasked().into_iter().take(REFERRERS).map(Question::Referrers));
                let unread = self.rows.with_value(|rows| rows.with(|rows| evidence.unread(rows)));
                all.extend(unread.into_iter().take(INDEXES).map(Question::Children));
            }
            all
        })
    }
}

/// Boxed, so that the three kinds are one future.
fn ask<'a>(
    client: &'a RegistryClient,
    name: &'a RepositoryName,
    question: &'a Question,
) -> LocalBoxFuture<'a, Result<Answer, Error>> {
    Box::pin(async move {
        match question {
            Question::Children(digest) => {
                let answer = client.manifests().attributes(name, &Reference::Digest(digest.parse()?)).await;
                match answer {
                    Ok(answer) => Ok(Answer::Children(children(&answer.manifest.references))),
                    // Gone meanwhile: it refers to nothing any more.
                    Err(error) if error.kind() == acr_client_wasm::ErrorKind::NotFound => {
                        Ok(Answer::Children(Vec::new()))
                    }
                    Err(error) => Err(error),
                }
            }
            Question::Referrers(digest) => {
                let digest = digest.parse()?;
                let page = match client.manifests().referrers(name, &digest, None).next_page().await {
                    Ok(page) => page.map(|page| page.items).unwrap_or_default(),
                    // A registry without the referrers API has cosign's tags, which the list contains.
                    Err(error) if error.kind() == acr_client_wasm::ErrorKind::NotFound => Vec::new(),
                    Err(error) => return Err(error),
                };
                let all = page.into_iter().map(|one| {
                    let description = Description::of_descriptor(&one);
                    // The registry lists an image's config type where a manifest states no artifact type, so this is hardly an image.
                    let is_open = description.is_provisional && description.kind == Kind::Image;
                    let title = if is_open { Kind::Artifact.name().to_owned() } else { description.title() };
                    (one.digest, title)
                });
                Ok(Answer::Referrers(all.collect()))
            }
            Question::Tags(digest) => {
                let mut options = TagListOptions::default();
                (options.digest, options.n) = (Some(digest.parse()?), Some(PAGE));
                let page = client.tags().list(name, options).next_page().await?;
                let tags = page.map(|page| page.items).unwrap_or_default();
                Ok(Answer::Tags(tags.into_iter().map(|tag| tag.name).collect()))
            }
        }
    })
}

fn children(references: &[acr_client_wasm::ManifestReference]) -> Vec<Child> {
    let child = |one: &acr_client_wasm::ManifestReference| {
        let (os, architecture) =
            (one.os.as_deref().unwrap_or_default(), one.architecture.as_deref().unwrap_or_default());
        let platform = match platform::name(os, architecture, None, None) {
            // BuildKit lists its attestations with this platform.
            none if none.is_empty() && os == "unknown" => Kind::Attestation.name().to_owned(),
            name => name,
        };
        Child { digest: one.digest.clone(), platform }
    };
    references.iter().map(child).collect()
}
