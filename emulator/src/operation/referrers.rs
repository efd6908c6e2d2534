//! Referrers (OCI distribution specification 1.1, "Listing Referrers").

use http::{HeaderName, StatusCode, header};
use serde::Serialize;

use super::call::Call;
use crate::auth::Access;
use crate::protocol::name::{Digest, RepositoryName};
use crate::protocol::page::PageRequest;
use crate::protocol::query::encode;
use crate::registry::media_type::OCI_INDEX;
use crate::registry::view::ReferrerView;
use crate::response::{Refusal, Response, json, set};

const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    schema_version: u8,
    media_type: &'static str,
    manifests: Vec<ReferrerView>,
}

/// `GET /v2/N/referrers/D`: a digest that nothing refers to has an empty list.
pub(super) fn list(call: &Call<'_>, name: &RepositoryName, subject: &Digest) -> Result<Response, Refusal> {
    if !call.reads() {
        return Err(Refusal::MethodNotAllowed("GET"));
    }
    call.allow(vec![Access::repository(name, &["pull"])])?;
    let page = PageRequest::parse(&call.query)?;
    let artifact_type = call.query.get("artifactType").filter(|text| !text.is_empty());
    let (manifests, more) = call.service.registry().referrers(name, subject, artifact_type, &page)?;
    let extra = artifact_type.map(|text| format!("&artifactType={}", encode(text))).unwrap_or_default();
    let link =
        manifests.last().filter(|_| more).map(|last| page.link(call.path, last.digest.as_str(), &extra));
    let mut response = json(StatusCode::OK, &Index { schema_version: 2, media_type: OCI_INDEX, manifests });
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, OCI_INDEX);
    if artifact_type.is_some() {
        set(headers, FILTERS_APPLIED, "artifactType");
    }
    if let Some(link) = link {
        set(headers, header::LINK, &link);
    }
    Ok(response)
}
