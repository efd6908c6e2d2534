//! What manifests need that came after a plan was made: nothing else tells that an index was pushed over an image that the plan deletes.

use std::collections::HashSet;

use acr_client_wasm::{Error, ErrorKind, ManifestListOptions, Order, RegistryClient, RepositoryName};

use super::task::{Answer, answer};
use crate::build::signature_subject;
use crate::instant::Instant;
use crate::scan::Task;

/// Rows a page: few manifests are new.
const PAGE: u32 = 100;

/// The digests that a repository's manifests need which were last updated at a moment or later: the manifests of an index, the subject of a
/// referrer, and what a tag of cosign's scheme names. What is `known` is passed over: what is to be deleted itself, and what an earlier look
/// has read. What is read is added to it.
///
/// # Errors
/// Those of Manifests_GetList and Manifests_Get, but for 404.
pub async fn needed_since(
    client: &RegistryClient,
    repository: &str,
    from: Option<Instant>,
    known: &mut HashSet<String>,
) -> Result<HashSet<String>, Error> {
    let name = repository.parse::<RepositoryName>()?;
    let options =
        ManifestListOptions { n: Some(PAGE), order: Some(Order::TimeDescending), ..Default::default() };
    let mut pages = client.manifests().list(&name, options);
    let mut needed = HashSet::new();
    loop {
        let page = match pages.next_page().await {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(needed),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(needed),
            Err(error) => return Err(error),
        };
        for row in page.items {
            let updated = Instant::of_timestamp(&row.last_update_time);
            if updated.zip(from).is_some_and(|(updated, from)| updated < from) {
                return Ok(needed);
            }
            if known.contains(&row.digest) {
                continue;
            }
            needed.extend(row.tags.iter().filter_map(|tag| signature_subject(tag)));
            let task = Task::Content { repository: repository.to_owned(), digest: row.digest.clone() };
            match answer(client, &task).await {
                Ok(Answer::Content(content)) => {
                    needed.extend(content.children.into_iter().map(|child| child.digest));
                    needed.extend(content.subject);
                }
                // What refers to others can be read.
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Decode) => {}
                Err(error) => return Err(error),
            }
            known.insert(row.digest);
        }
    }
}
