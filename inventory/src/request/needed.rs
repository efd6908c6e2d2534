//! What manifests need that came after a plan was made: nothing else tells that an index was pushed over an image that the plan deletes.

use std::collections::HashSet;

use acr_client_wasm::{Error, ErrorKind, ManifestListOptions, Order, RegistryClient, RepositoryName};

use super::task::{Answer, answer};
use crate::build::signature_subject;
use crate::instant::Instant;
use crate::scan::Task;

/// Rows a page: few manifests are new.
const PAGE: u32 = 100;

/// What was found in looks through a repository. Each manifest is read once, also where a look has broken off.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// The digests of the manifests that need not be read any more.
    passed: HashSet<String>,
    needed: HashSet<String>,
}

impl Needs {
    /// Nothing yet. What the manifests with these digests need was known when the plan was made.
    #[must_use]
    pub fn apart_from(known: HashSet<String>) -> Self {
        Self { passed: known, needed: HashSet::new() }
    }

    /// Looks through a repository. The digests that its manifests need which were last updated at a moment or later: the manifests of an index,
    /// the subject of a referrer, and what a tag of cosign's scheme names.
    ///
    /// # Errors
    /// Those of Manifests_GetList and Manifests_Get, but for 404. What was found until then is not lost.
    pub async fn look(
        &mut self,
        client: &RegistryClient,
        repository: &str,
        from: Option<Instant>,
    ) -> Result<&HashSet<String>, Error> {
        let name = repository.parse::<RepositoryName>()?;
        let options =
            ManifestListOptions { n: Some(PAGE), order: Some(Order::TimeDescending), ..Default::default() };
        let mut pages = client.manifests().list(&name, options);
        loop {
            let page = match pages.next_page().await {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(&self.needed),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(&self.needed),
                Err(error) => return Err(error),
            };
            for row in page.items {
                let updated = Instant::of_timestamp(&row.last_update_time);
                if updated.zip(from).is_some_and(|(updated, from)| updated < from) {
                    return Ok(&self.needed);
                }
                if !self.passed.contains(&row.digest) {
                    self.needed.extend(row.tags.iter().filter_map(|tag| signature_subject(tag)));
                    self.read(client, repository, &row.digest).await?;
                    self.passed.insert(row.digest);
                }
            }
        }
    }

    /// Reads what a manifest needs.
    async fn read(&mut self, client: &RegistryClient, repository: &str, digest: &str) -> Result<(), Error> {
        let task = Task::Content { repository: repository.to_owned(), digest: digest.to_owned() };
        match answer(client, &task).await {
            Ok(Answer::Content(content)) => {
                self.needed.extend(content.children.into_iter().map(|child| child.digest));
                self.needed.extend(content.subject);
                Ok(())
            }
            // What refers to others can be read.
            Ok(_) => Ok(()),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Decode) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
