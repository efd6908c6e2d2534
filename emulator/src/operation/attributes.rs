//! The attributes of a repository, a tag and a manifest: read and changed in the same way.

use axum::body::Body;
use http::{Method, StatusCode};
use serde::Serialize;

use super::call::{Call, read_small};
use crate::auth::Access;
use crate::protocol::name::RepositoryName;
use crate::registry::attributes::{Patch, Subject};
use crate::registry::view::{Envelope, ManifestView, TagView};
use crate::response::{Refusal, Response, json};

#[derive(Serialize)]
struct OneTag {
    tag: TagView,
}

#[derive(Serialize)]
struct OneManifest {
    manifest: ManifestView,
}

/// `Repository_GetAttributes`, `Tag_GetAttributes`, `Manifests_GetAttributes` and the three `…_UpdateAttributes`
pub(super) async fn of(
    call: &Call<'_>,
    name: &RepositoryName,
    subject: Subject<'_>,
    body: &mut Body,
) -> Result<Response, Refusal> {
    match call.method {
        Method::GET | Method::HEAD => call.allow(vec![Access::repository(name, &["metadata_read"])])?,
        Method::PATCH => {
            call.allow(vec![Access::repository(name, &["metadata_write"])])?;
            let patch = Patch::parse(&read_small(call, body).await?)?;
            call.service.change(|registry| registry.patch(name, subject, patch)).await?;
        }
        _ if matches!(subject, Subject::Manifest(_)) => return Err(Refusal::MethodNotAllowed("GET, PATCH")),
        _ => return Err(Refusal::MethodNotAllowed("GET, PATCH, DELETE")),
    }
    let registry = call.service.registry();
    match subject {
        Subject::Repository => answer(call, name, registry.repository_view(name)?),
        Subject::Tag(tag) => answer(call, name, OneTag { tag: registry.tag_view(name, tag)? }),
        Subject::Manifest(digest) => {
            let mut manifest = registry.manifest_view(name, digest)?;
            if !call.service.config.behaviour.config_media_type {
                manifest.config_media_type = None;
            }
            answer(call, name, OneManifest { manifest })
        }
    }
}

fn answer(call: &Call<'_>, name: &RepositoryName, content: impl Serialize) -> Result<Response, Refusal> {
    let envelope = Envelope { registry: call.registry_name(), image_name: name.as_str(), content };
    Ok(json(StatusCode::OK, &envelope))
}
