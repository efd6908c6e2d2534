//! `/v2/`, the catalogs, and the removal of a repository.

use http::StatusCode;
use serde::Serialize;

use super::call::Call;
use crate::auth::Access;
use crate::protocol::name::{Digest, RepositoryName, TagName};
use crate::protocol::page::PageRequest;
use crate::response::{Refusal, Response, TagRemoved, bytes, json, with_link};

#[derive(Serialize)]
struct Catalog {
    repositories: Vec<RepositoryName>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deleted {
    manifests_deleted: Option<Vec<Digest>>,
    tags_deleted: Option<Vec<TagName>>,
}

/// `V2Support_Check`
pub(super) fn support(call: &Call<'_>) -> Result<Response, Refusal> {
    if !call.reads() {
        return Err(Refusal::MethodNotAllowed("GET"));
    }
    call.allow(Vec::new())?;
    Ok(bytes(StatusCode::OK, "application/json; charset=utf-8", "{}"))
}

/// `Repository_GetList`, and `/v2/_catalog`, which answers the same.
pub(super) fn catalog(call: &Call<'_>) -> Result<Response, Refusal> {
    if !call.reads() {
        return Err(Refusal::MethodNotAllowed("GET"));
    }
    call.allow(vec![Access::catalog()])?;
    let page = PageRequest::parse(&call.query)?;
    let found = call.service.registry().catalog(&page);
    let link = found.next.map(|next| page.link(call.path, &next, ""));
    Ok(with_link(json(StatusCode::OK, &Catalog { repositories: found.rows }), link))
}

/// `Repository_Delete`
pub(super) async fn delete(call: &Call<'_>, name: &RepositoryName) -> Result<Response, Refusal> {
    call.allow(vec![Access::repository(name, &["delete"])])?;
    let (manifests, tags) = call.service.change(|registry| registry.delete_repository(name)).await?;
    let removed_tag = !tags.is_empty();
    let deleted = Deleted {
        manifests_deleted: Some(manifests).filter(|list| !list.is_empty()),
        tags_deleted: Some(tags).filter(|list| !list.is_empty()),
    };
    let mut response = json(StatusCode::ACCEPTED, &deleted);
    if removed_tag {
        response.extensions_mut().insert(TagRemoved);
    }
    Ok(response)
}
