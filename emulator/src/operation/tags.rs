//! Tags: lists and removal.

use http::{HeaderName, StatusCode};
use serde::Serialize;

use super::call::Call;
use crate::auth::Access;
use crate::protocol::name::{RepositoryName, TagName};
use crate::protocol::page::{Order, PageRequest};
use crate::registry::view::{Envelope, TagView};
use crate::response::{Refusal, Response, TagRemoved, empty, json, set, with_link};

const DELETED_DIGEST: HeaderName = HeaderName::from_static("x-ms-int-docker-content-digest");

#[derive(Serialize)]
struct Tags {
    tags: Option<Vec<TagView>>,
}

#[derive(Serialize)]
struct V2Tags<'a> {
    name: &'a str,
    tags: Option<Vec<TagName>>,
}

/// `Tag_GetList`
pub(super) fn list(call: &Call<'_>, name: &RepositoryName) -> Result<Response, Refusal> {
    if !call.reads() {
        return Err(Refusal::MethodNotAllowed("GET"));
    }
    call.allow(vec![Access::repository(name, &["metadata_read"])])?;
    let page = PageRequest::parse(&call.query)?;
    let digest = call.query.get("digest").filter(|digest| !digest.is_empty());
    let found = call.service.registry().tags_page(name, &page, digest)?;
    // The service forgets the filter: a client has to repeat it.
    let link = found.next.map(|next| page.link(call.path, &next, ""));
    let content = Tags { tags: Some(found.rows).filter(|tags| !tags.is_empty()) };
    let envelope = Envelope { registry: call.registry_name(), image_name: name.as_str(), content };
    Ok(with_link(json(StatusCode::OK, &envelope), link))
}

/// `/v2/N/tags/list`
pub(super) fn list_v2(call: &Call<'_>, name: &RepositoryName) -> Result<Response, Refusal> {
    if !call.reads() {
        return Err(Refusal::MethodNotAllowed("GET"));
    }
    call.allow(vec![Access::repository(name, &["metadata_read"])])?;
    let mut page = PageRequest::parse(&call.query)?;
    page.order = Order::Lexical;
    let found = call.service.registry().tags_page(name, &page, None)?;
    let link = found.next.map(|next| page.link(call.path, &next, ""));
    let names: Vec<TagName> = found.rows.into_iter().map(|tag| tag.name).collect();
    let content = V2Tags { name: name.as_str(), tags: Some(names).filter(|names| !names.is_empty()) };
    Ok(with_link(json(StatusCode::OK, &content), link))
}

/// `Tag_Delete`
pub(super) async fn delete(
    call: &Call<'_>,
    name: &RepositoryName,
    tag: &TagName,
) -> Result<Response, Refusal> {
    call.allow(vec![Access::repository(name, &["delete"])])?;
    let now = call.service.now();
    let digest = call.service.change(|registry| registry.delete_tag(name, tag, now)).await?;
    let mut response = empty(StatusCode::ACCEPTED);
    set(response.headers_mut(), DELETED_DIGEST, digest.as_str());
    response.extensions_mut().insert(TagRemoved);
    Ok(response)
}
