//! Referrers (OCI distribution specification 1.1, "Listing Referrers").

use http::{HeaderName, StatusCode, header};
use serde::Serialize;

use super::call::Call;
use crate::auth::Access;
use crate::protocol::name::{Digest, RepositoryName};
use crate::protocol::page::{Order, PageRequest};
use crate::protocol::query::encode;
use crate::registry::media_type::OCI_INDEX;
use crate::registry::view::ReferrerView;
use crate::response::{Refusal, Response, json, set, with_link};

const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    schema_version: u8,
    media_type: &'static str,
    manifests: Vec<ReferrerView>,
}

/// `GET /v2/N/referrers/D`: newest first. A digest that nothing refers to, and a repository that is not
/// there, have an empty list.
pub(super) fn list(call: &Call<'_>, name: &RepositoryName, subject: &Digest) -> Result<Response, Refusal> {
    if !call.reads() {
        return Err(Refusal::MethodNotAllowed("GET"));
    }
    call.allow(vec![Access::repository(name, &["pull"])])?;
    let mut page = PageRequest::parse(&call.query)?;
    page.order = Order::TimeDescending;
    let artifact_type = call.query.get("artifactType").filter(|text| !text.is_empty());
    let found = call.service.registry().referrers(name, subject, artifact_type, &page)?;
    let extra = artifact_type.map(|text| format!("&artifactType={}", encode(text))).unwrap_or_default();
    let link = found.next.map(|next| page.link(call.path, &next, &extra));
    let index = Index { schema_version: 2, media_type: OCI_INDEX, manifests: found.rows };
    let mut response = json(StatusCode::OK, &index);
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, OCI_INDEX);
    if artifact_type.is_some() {
        set(headers, FILTERS_APPLIED, "artifactType");
    }
    Ok(with_link(response, link))
}
