//! `/v2/`, the catalogs, and a repository's attributes and removal.

use axum::body::Body;
use http::{Method, StatusCode, header};
use serde::Serialize;

use super::{Call, read_small};
use crate::auth::Access;
use crate::error::Refusal;
use crate::name::{Digest, RepositoryName, TagName};
use crate::page::PageRequest;
use crate::registry::attributes::Patch;
use crate::registry::view::Envelope;
use crate::response::{Response, bytes, json, set};

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
    let (repositories, more) = call.service.registry().catalog(&page);
    let link = repositories.last().filter(|_| more).map(|last| page.link(call.path, last.as_str(), ""));
    let mut response = json(StatusCode::OK, &Catalog { repositories });
    if let Some(link) = link {
        set(response.headers_mut(), header::LINK, &link);
    }
    Ok(response)
}

/// `Repository_GetAttributes`, `Repository_UpdateAttributes`, `Repository_Delete`
pub(super) async fn attributes(
    call: &Call<'_>,
    name: &RepositoryName,
    body: &mut Body,
) -> Result<Response, Refusal> {
    match call.method {
        Method::GET | Method::HEAD => call.allow(vec![Access::repository(name, &["metadata_read"])])?,
        Method::PATCH => {
            call.allow(vec![Access::repository(name, &["metadata_write"])])?;
            let patch = Patch::parse(&read_small(call, body).await?)?;
            call.service.change(|registry| registry.patch_repository(name, patch)).await?;
        }
        Method::DELETE => return delete(call, name).await,
        _ => return Err(Refusal::MethodNotAllowed("GET, PATCH, DELETE")),
    }
    let content = call.service.registry().repository_view(name)?;
    Ok(json(StatusCode::OK, &Envelope { registry: call.registry_name(), image_name: name.as_str(), content }))
}

async fn delete(call: &Call<'_>, name: &RepositoryName) -> Result<Response, Refusal> {
    call.allow(vec![Access::repository(name, &["delete"])])?;
    let (manifests, tags) = call.service.change(|registry| registry.delete_repository(name)).await?;
    let deleted = Deleted {
        manifests_deleted: Some(manifests).filter(|list| !list.is_empty()),
        tags_deleted: Some(tags).filter(|list| !list.is_empty()),
    };
    Ok(json(StatusCode::ACCEPTED, &deleted))
}
