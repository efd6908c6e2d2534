//! Manifests: the list below `/acr/v1`; pull, push and removal below `/v2`.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use serde::Serialize;

use super::call::{Call, ReadError, read};
use crate::auth::{Access, ScopeOrder};
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, Reference, RepositoryName, TagName};
use crate::protocol::page::PageRequest;
use crate::registry::content::{Content, Platform};
use crate::registry::media_type::{DOCKER_V1_SIGNED, Kind};
use crate::registry::pull::Pulled;
use crate::registry::schema_1;
use crate::registry::view::{Envelope, ManifestView};
use crate::response::{CONTENT_DIGEST, Refusal, Response, bytes, empty, json, set, with_link};

const OCI_SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
/// A config larger than this is no image's: its platform is not read.
const CONFIG_LIMIT: u64 = 4 * 1024 * 1024;

#[derive(Serialize)]
struct Manifests {
    manifests: Option<Vec<ManifestView>>,
}

/// `Manifests_GetList`
pub(super) fn list(call: &Call<'_>, name: &RepositoryName) -> Result<Response, Refusal> {
    if !call.reads() {
        return Err(Refusal::MethodNotAllowed("GET"));
    }
    call.allow(vec![Access::repository(name, &["metadata_read"])])?;
    let page = PageRequest::parse(&call.query)?;
    let mut found = call.service.registry().manifests_page(name, &page)?;
    if !call.service.config.behaviour.config_media_type {
        found.rows.iter_mut().for_each(|row| row.config_media_type = None);
    }
    let link = found.next.map(|next| page.link(call.path, &next, ""));
    let content = Manifests { manifests: Some(found.rows).filter(|list| !list.is_empty()) };
    let envelope = Envelope { registry: call.registry_name(), image_name: name.as_str(), content };
    Ok(with_link(json(StatusCode::OK, &envelope), link))
}

/// `Manifests_Get`, `Manifests_Create`, `Manifests_Delete`
pub(super) async fn content(
    call: &Call<'_>,
    name: &RepositoryName,
    reference: &Reference,
    body: &mut Body,
) -> Result<Response, Refusal> {
    match call.method {
        Method::GET | Method::HEAD => pull(call, name, reference).await,
        Method::PUT => push(call, name, reference, body).await,
        Method::DELETE => delete(call, name, reference).await,
        _ => Err(Refusal::MethodNotAllowed("GET, PUT, DELETE")),
    }
}

async fn pull(call: &Call<'_>, name: &RepositoryName, reference: &Reference) -> Result<Response, Refusal> {
    call.allow(vec![Access::repository(name, &["pull"])])?;
    let accept = Accept::from_headers(call.headers);
    let wildcard_covers_artifacts = call.service.config.behaviour.wildcard_covers_artifacts;
    let pulled = call.service.registry().pull(name, reference, |content| {
        let wildcard = content.kind != Kind::Artifact || wildcard_covers_artifacts;
        accept.takes(&content.media_type, wildcard)
    })?;
    let pulled = match reference {
        Reference::Tag(tag) if !accept.names_docker(&pulled.content) => {
            converted(call, name, tag, &pulled).await.unwrap_or(pulled)
        }
        _ => pulled,
    };
    let etag = format!("\"{}\"", pulled.digest);
    let known =
        call.header(header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag));
    let mut response = if known {
        empty(StatusCode::NOT_MODIFIED)
    } else {
        bytes(StatusCode::OK, &pulled.content.media_type, pulled.content.bytes.clone())
    };
    set(response.headers_mut(), CONTENT_DIGEST, pulled.digest.as_str());
    set(response.headers_mut(), header::ETAG, &etag);
    Ok(response)
}

/// A Docker image as signed schema 1, where the service is to convert and the image can be.
async fn converted(call: &Call<'_>, name: &RepositoryName, tag: &TagName, pulled: &Pulled) -> Option<Pulled> {
    if !call.service.config.behaviour.schema_1_conversion || pulled.content.kind != Kind::DockerV2 {
        return None;
    }
    let digest = &pulled.content.image_config()?.digest;
    let blob = call.service.registry().config_of(name, &pulled.content).cloned()?;
    let config = call.service.reader(digest, &blob).bytes(blob.size, CONFIG_LIMIT).await.ok()??;
    let payload = schema_1::convert(&pulled.content, &config, name, tag.as_str())?;
    let signed = call.service.manifest_signer.sign(&payload, call.service.now())?;
    let content = Content::parse(DOCKER_V1_SIGNED, signed.into()).ok()?;
    add_empty_layer(call, name, &content).await?;
    Some(Pulled { digest: content.digest(None), content: content.into() })
}

/// Gives the repository the layer that stands for steps without one, where a converted image names it.
async fn add_empty_layer(call: &Call<'_>, name: &RepositoryName, content: &Content) -> Option<()> {
    let bytes = Bytes::from_static(&schema_1::EMPTY_LAYER_BYTES);
    let digest = Digest::of(&bytes);
    let is_named = content.blobs.iter().any(|blob| blob.digest == digest);
    if !is_named || call.service.registry().blob(name, &digest).ok()?.is_some() {
        return Some(());
    }
    let (size, now) = (bytes.len() as u64, call.service.now());
    let stored = call.service.store_bytes(&digest, bytes).ok()?;
    call.service.change(|registry| registry.add_blob(name, digest, size, stored, now)).await.ok()
}

async fn push(
    call: &Call<'_>,
    name: &RepositoryName,
    reference: &Reference,
    body: &mut Body,
) -> Result<Response, Refusal> {
    let actions_reversed = call.service.config.behaviour.push_before_pull;
    let order = ScopeOrder { actions_reversed, ..ScopeOrder::default() };
    call.allow_in_order(vec![Access::repository(name, &["pull", "push"])], order)?;
    let limit = call.service.config.max_manifest_size;
    let bytes = read(call, body, limit).await.map_err(|error| match error {
        ReadError::TooLarge => ApiError::manifest_too_large(limit),
        ReadError::Interrupted => ApiError::manifest_invalid(),
    })?;
    if call.service.config.data.is_none() && !call.service.memory.has_room_for(bytes.len() as u64) {
        return Err(ApiError::storage_full().into());
    }
    let content = Content::parse(call.header(header::CONTENT_TYPE).unwrap_or_default(), bytes)?;
    let platform = platform(call, name, &content).await?;
    let subject = content.subject.clone();
    let now = call.service.now();
    let digest = call
        .service
        .change(|registry| registry.put_manifest(name, reference, content, platform, now))
        .await?;
    let mut response = empty(StatusCode::CREATED);
    let headers = response.headers_mut();
    set(headers, CONTENT_DIGEST, digest.as_str());
    set(headers, header::LOCATION, &format!("/v2/{name}/manifests/{digest}"));
    if let Some(subject) = subject {
        set(headers, OCI_SUBJECT, subject.as_str());
    }
    Ok(response)
}

/// The platform that an image's config names.
async fn platform(call: &Call<'_>, name: &RepositoryName, content: &Content) -> Result<Platform, ApiError> {
    let Some(config) = content.image_config() else {
        return Ok(Platform::default());
    };
    let Some(blob) = call.service.registry().config_of(name, content).cloned() else {
        return Ok(Platform::default());
    };
    let reader = call.service.reader(&config.digest, &blob);
    let bytes = reader.bytes(blob.size, CONFIG_LIMIT).await.map_err(|_| ApiError::storage_failed())?;
    Ok(bytes.map(|bytes| Platform::from_config(&bytes)).unwrap_or_default())
}

async fn delete(call: &Call<'_>, name: &RepositoryName, reference: &Reference) -> Result<Response, Refusal> {
    call.allow(vec![Access::repository(name, &["delete"])])?;
    let Reference::Digest(digest) = reference else {
        return Err(ApiError::delete_by_tag().into());
    };
    let now = call.service.now();
    call.service.change(|registry| registry.delete_manifest(name, digest, now)).await?;
    Ok(empty(StatusCode::ACCEPTED))
}

/// The media types that a client accepts.
struct Accept(Vec<String>);

impl Accept {
    fn from_headers(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let types = values.flat_map(|value| value.split(',')).filter_map(|range| range.split(';').next());
        Self(types.map(|range| range.trim().to_ascii_lowercase()).filter(|range| !range.is_empty()).collect())
    }

    /// Whether a Docker image is accepted as it is: by its name, or by a client that names no type at all.
    fn names_docker(&self, content: &Content) -> bool {
        self.0.is_empty() || self.takes(&content.media_type, true)
    }

    /// Whether a type is accepted, by its name or, if those count, by a wildcard. A client that names none accepts all.
    fn takes(&self, media_type: &str, wildcards: bool) -> bool {
        let takes = |range: &String| {
            range == media_type || (wildcards && (range == "*/*" || range == "application/*"))
        };
        self.0.is_empty() || self.0.iter().any(takes)
    }
}
