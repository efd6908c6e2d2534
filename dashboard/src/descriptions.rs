//! What manifests are, where a list states too little. The registry's lists state no artifact type, so the documents of the rows on the
//! screen are fetched: a few at a time, and each digest once a session.

use std::collections::HashMap;
use std::sync::Arc;

use acr_artifact::Description;
use acr_client_wasm::{Digest, ManifestResult, Reference, RegistryClient, RepositoryName};
use futures_util::future::{AbortHandle, join_all};
use leptos::prelude::*;

use crate::query::run;

/// How many documents are fetched at once.
const AT_ONCE: usize = 4;
/// How many descriptions are kept. Beyond that all are forgotten, and what is on the screen is fetched again.
const KEPT: usize = 10_000;

/// The descriptions of a session. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Descriptions {
    client: StoredValue<RegistryClient>,
    known: RwSignal<HashMap<String, Arc<Description>>>,
    queue: StoredValue<Vec<Wanted>>,
    running: StoredValue<Option<AbortHandle>>,
}

/// A document that is on its way or waits for its turn.
#[derive(Clone)]
struct Wanted {
    repository: RepositoryName,
    digest: Digest,
    /// How many rows wait for it.
    rows: usize,
    asked: bool,
}

impl Descriptions {
    /// None yet. They live in the current reactive owner.
    pub(crate) fn new(client: RegistryClient) -> Self {
        let this = Self {
            client: StoredValue::new(client),
            known: RwSignal::new(HashMap::new()),
            queue: StoredValue::new(Vec::new()),
            running: StoredValue::new(None),
        };
        on_cleanup(move || {
            if let Some(running) = this.running.try_get_value().flatten() {
                running.abort();
            }
        });
        this
    }

    /// What a manifest is: by its document where that has been read, else by its row. Tracked.
    pub(crate) fn of(&self, digest: &str, listed: Option<Arc<Description>>) -> Option<Arc<Description>> {
        self.known.try_with(|known| known.get(digest).cloned()).flatten().or(listed)
    }

    /// What the document showed, if it has been read, untracked.
    pub(crate) fn read(&self, digest: &str) -> Option<Arc<Description>> {
        self.known.try_with_untracked(|known| known.get(digest).cloned()).flatten()
    }

    /// Tracks that further documents have been read.
    pub(crate) fn track(&self) {
        let _ = self.known.try_with(|_| ());
    }

    /// Whether the document of a manifest is on its way or waits for its turn. Tracked.
    pub(crate) fn is_waiting(&self, digest: &str) -> bool {
        self.track();
        self.queue.try_with_value(|queue| queue.iter().any(|one| one.digest.as_str() == digest)) == Some(true)
    }

    /// Keeps what a document shows that was fetched for another reason.
    pub(crate) fn add(&self, document: &ManifestResult) -> Arc<Description> {
        let description = Arc::new(Description::of_manifest(&document.manifest, &document.media_type));
        let digest = document.digest.to_string();
        if self.read(&digest).is_none_or(|known| known != description) {
            self.keep(vec![(digest, description.clone())]);
        }
        description
    }

    /// Fetches the document of a manifest unless it has been read. It is given up if the current reactive owner, usually a row, goes before
    /// its turn has come.
    pub(crate) fn look_up(&self, repository: &RepositoryName, digest: &str) {
        let this = *self;
        let Ok(digest) = digest.parse::<Digest>() else { return };
        if self.read(digest.as_str()).is_some() {
            return;
        }
        self.want(repository.clone(), digest.clone());
        on_cleanup(move || this.give_up(&digest));
        if this.running.with_value(Option::is_none) {
            // Begins after the current task, when all rows of a screen have asked.
            let handle = run(async move { this.fetch_all().await });
            let _ = this.running.try_set_value(Some(handle));
        }
    }

    fn want(&self, repository: RepositoryName, digest: Digest) {
        self.queue.update_value(|queue| match queue.iter_mut().find(|one| one.digest == digest) {
            Some(same) => same.rows += 1,
            None => queue.push(Wanted { repository, digest, rows: 1, asked: false }),
        });
    }

    fn give_up(&self, digest: &Digest) {
        let _ = self.queue.try_update_value(|queue| {
            if let Some(one) = queue.iter_mut().find(|one| one.digest == *digest) {
                one.rows = one.rows.saturating_sub(1);
            }
            queue.retain(|one| one.rows > 0 || one.asked);
        });
    }

    /// Fetches what is wanted until nothing is.
    async fn fetch_all(self) {
        let Some(client) = self.client.try_get_value() else { return };
        loop {
            let next = self.queue.try_update_value(|queue| {
                let next = queue.iter_mut().filter(|one| !one.asked).take(AT_ONCE);
                next.map(|one| {
                    one.asked = true;
                    one.clone()
                })
                .collect::<Vec<_>>()
            });
            let Some(next) = next.filter(|next| !next.is_empty()) else { break };
            let client = &client;
            let answers = join_all(next.iter().map(|one| async move {
                let reference = Reference::Digest(one.digest.clone());
                // A row whose document cannot be read still shows what the list says.
                let document = client.manifests().get(&one.repository, &reference).await.ok()?;
                let description = Description::of_manifest(&document.manifest, &document.media_type);
                Some((one.digest.to_string(), Arc::new(description)))
            }));
            let answers = answers.await;
            let _ = self.queue.try_update_value(|queue| queue.retain(|one| !one.asked));
            self.keep(answers.into_iter().flatten().collect());
        }
        let _ = self.running.try_set_value(None);
    }

    fn keep(&self, new: Vec<(String, Arc<Description>)>) {
        // Failures change nothing, but end the waiting.
        let _ = self.known.try_update(|known| {
            if known.len() + new.len() > KEPT {
                known.clear();
            }
            known.extend(new);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};

    use acr_artifact::Kind;
    use acr_client_wasm::{Body, Headers, Request, Response, Transport, TransportError};
    use futures_util::future::LocalBoxFuture;

    use super::*;
    use crate::action::run::tests::Still;

    const SBOM: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "artifactType":"application/spdx+json","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:0","size":2},
        "layers":[]}"#;

    /// Answers every manifest with an SBOM, and counts the requests for manifests.
    #[derive(Clone, Default)]
    struct Sboms(Arc<Mutex<usize>>);

    impl Transport for Sboms {
        fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
            let is_manifest = request.url.contains("/manifests/");
            if is_manifest {
                *self.0.lock().unwrap() += 1;
            }
            let body = if is_manifest { SBOM } else { r#"{"access_token":"t"}"# };
            let mut headers = Headers::new();
            headers.set("content-type", "application/vnd.oci.image.manifest.v1+json");
            let (status, body) = (200_u16.try_into().unwrap(), Body::from_bytes(body));
            Box::pin(async move { Ok(Response { status, headers, body }) })
        }
    }

    fn descriptions(transport: Sboms) -> Descriptions {
        let builder = RegistryClient::builder("https://gateway.example").transport(transport);
        Descriptions::new(builder.environment(Still).build().unwrap())
    }

    fn finish(future: impl Future<Output = ()>) {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        let done = (0..1000).any(|_| matches!(future.as_mut().poll(&mut context), Poll::Ready(())));
        assert!(done, "it does not end");
    }

    /// The digest of [`SBOM`].
    fn digest() -> Digest {
        Digest::of(SBOM.as_bytes())
    }

    #[test]
    fn rows_that_show_the_same_manifest_cost_one_request_and_one_that_has_gone_costs_none() {
        let (owner, transport) = (Owner::new(), Sboms::default());
        owner.with(|| {
            let all = descriptions(transport.clone());
            let repository: RepositoryName = "app".parse().unwrap();
            let gone: Digest = format!("sha256:{}", "1".repeat(64)).parse().unwrap();
            all.want(repository.clone(), digest());
            all.want(repository.clone(), digest());
            all.want(repository, gone.clone());
            all.give_up(&gone);
            all.give_up(&digest());
            finish(all.fetch_all());
            assert_eq!(*transport.0.lock().unwrap(), 1);
            let read = all.read(digest().as_str()).unwrap();
            assert_eq!((read.kind, read.is_provisional), (Kind::Sbom, false));
            assert_eq!(all.read(gone.as_str()), None);
        });
    }
}
