//! Uploads: start, pieces, status, completion, cancelling, and mounts.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, StatusCode, header};
use tokio::sync::{Mutex, OwnedMutexGuard};
use uuid::Uuid;

use super::call::Call;
use crate::auth::{Access, ScopeOrder};
use crate::config::MountMode;
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, RepositoryName};
use crate::protocol::range;
use crate::protocol::time::Time;
use crate::registry::Registry;
use crate::response::{CONTENT_DIGEST, JSON, Refusal, Response, UPLOAD_UUID, empty, set};
use crate::upload::{AppendError, Upload, UploadState};

/// `Blob_StartUpload`, `Blob_Mount`, and an upload in one POST.
pub(super) async fn start(
    call: &Call<'_>,
    name: &RepositoryName,
    body: &mut Body,
) -> Result<Response, Refusal> {
    if call.method != Method::POST {
        return Err(Refusal::MethodNotAllowed("POST"));
    }
    let mut needed = vec![Access::repository(name, &["pull", "push"])];
    let mount = mount_source(call);
    if let Some((from, _)) = &mount {
        needed.push(Access::repository(from, &["pull"]));
    }
    let accesses_reversed = call.service.config.behaviour.push_before_pull;
    call.allow_in_order(needed, ScopeOrder { accesses_reversed, ..ScopeOrder::default() })?;
    call.service.registry().check_writable(name)?;
    if let Some((from, digest)) = mount.filter(|_| call.service.config.mount == MountMode::Real) {
        let now = call.service.now();
        if call.service.change(|registry| registry.mount_blob(&from, name, &digest, now)).await? {
            return Ok(created(name, &digest));
        }
    }
    let (id, now) = (Uuid::new_v4(), call.service.now());
    call.service.uploads.start(name, id, call.service.upload_store(&id), now);
    if call.query.get("digest").is_some() {
        let session = Session::open(call, name, id)?;
        let done = session.complete(call, body).await;
        call.service.uploads.close(&id);
        return done;
    }
    Ok(progress(call, StatusCode::ACCEPTED, name, &Step { id, size: 0, started: now.to_string() }))
}

fn mount_source(call: &Call<'_>) -> Option<(RepositoryName, Digest)> {
    let from = RepositoryName::parse(call.query.get("from")?)?;
    Some((from, Digest::parse(call.query.get("mount")?)?))
}

/// `Blob_GetStatus`, `Blob_Upload`, `Blob_EndUpload`, `Blob_CancelUpload`
pub(super) async fn session(
    call: &Call<'_>,
    name: &RepositoryName,
    id: &str,
    body: &mut Body,
) -> Result<Response, Refusal> {
    let actions: &[&str] = match call.method {
        Method::DELETE => &["delete"],
        Method::GET | Method::HEAD => &["pull"],
        Method::PATCH | Method::PUT => &["pull", "push"],
        _ => return Err(Refusal::MethodNotAllowed("GET, PATCH, PUT, DELETE")),
    };
    call.allow(vec![Access::repository(name, actions)])?;
    let state = call.query.get("_state").unwrap_or_default();
    let state = UploadState::open(&call.service.signer, state).filter(|state| state.is_for(name, id));
    let id = Uuid::try_parse(id).map_err(|_| ApiError::upload_unknown())?;
    if find(call, name, &id).is_none() {
        return Err(ApiError::upload_unknown().into());
    }
    let state = state.ok_or_else(|| state_unknown(call))?;
    if call.method == Method::DELETE {
        return cancel(call, name, id);
    }
    let mut session = Session::open(call, name, id)?;
    if call.method != Method::GET && call.method != Method::HEAD {
        call.service.registry().check_writable(name)?;
        if state.offset != session.upload.size {
            return Ok(already_further(call, name, &session.step()));
        }
    }
    match call.method {
        Method::PATCH => {
            session.append(call, body).await?;
            call.service.uploads.touch(&id, call.service.now());
            Ok(progress(call, StatusCode::ACCEPTED, name, &session.step()))
        }
        Method::PUT => session.complete(call, body).await,
        _ => Ok(progress(call, StatusCode::NO_CONTENT, name, &session.step())),
    }
}

/// The answer to a piece that goes on from an earlier `_state`, such as one that was accepted and is sent again: no error,
/// but how far the upload has come.
fn already_further(call: &Call<'_>, name: &RepositoryName, step: &Step) -> Response {
    let mut response = progress(call, StatusCode::RANGE_NOT_SATISFIABLE, name, step);
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, JSON);
    headers.insert(header::CONTENT_LENGTH, 0.into());
    response
}

/// The answer to a `_state` that is not the newest of its upload session.
fn state_unknown(call: &Call<'_>) -> ApiError {
    let range = call.header(header::CONTENT_RANGE).unwrap_or_default();
    ApiError::range_invalid(range, "the upload does not continue from this state")
}

fn find(call: &Call<'_>, name: &RepositoryName, id: &Uuid) -> Option<Arc<Mutex<Upload>>> {
    let service = call.service;
    service.uploads.get(name, id, service.now(), service.config.upload_lifetime)
}

fn cancel(call: &Call<'_>, name: &RepositoryName, id: Uuid) -> Result<Response, Refusal> {
    if find(call, name, &id).is_none() || !call.service.uploads.close(&id) {
        return Err(ApiError::upload_unknown().into());
    }
    let mut response = empty(StatusCode::NO_CONTENT);
    set(response.headers_mut(), UPLOAD_UUID, &id.to_string());
    Ok(response)
}

/// An upload, locked for this request.
struct Session<'a> {
    name: &'a RepositoryName,
    upload: OwnedMutexGuard<Upload>,
}

/// How far an upload has come.
struct Step {
    id: Uuid,
    size: u64,
    started: String,
}

impl<'a> Session<'a> {
    fn open(call: &Call<'_>, name: &'a RepositoryName, id: Uuid) -> Result<Self, ApiError> {
        let found = find(call, name, &id).ok_or_else(ApiError::upload_unknown)?;
        // Two requests at once on one session: the later one has a state that is out of date either way.
        let upload = found.try_lock_owned().map_err(|_| state_unknown(call))?;
        Ok(Self { name, upload })
    }

    fn step(&self) -> Step {
        let started: Time = self.upload.started;
        Step { id: self.upload.id, size: self.upload.size, started: started.to_seconds_string() }
    }

    /// Appends a piece, completely or not at all.
    async fn append(&mut self, call: &Call<'_>, body: &mut Body) -> Result<(), ApiError> {
        let size = self.upload.size;
        let announced = call.header(header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
        let range_text = call.header(header::CONTENT_RANGE);
        let expected = match range_text {
            None => None,
            Some(text) => {
                let refuse = |reason: &str| ApiError::range_invalid(text, reason);
                let (first, last) = range::upload_range(text)
                    .ok_or_else(|| refuse("the Content-Range header format is invalid"))?;
                if first != size {
                    let reason = format!("out of order chunk: content range should start at {size}");
                    return Err(refuse(&reason));
                }
                let length = (last - first).saturating_add(1);
                if announced.is_some_and(|announced| announced != length) {
                    return Err(refuse("the Content-Range does not match the Content-Length"));
                }
                Some(length)
            }
        };
        let limit = call.service.config.max_blob_size;
        if announced.is_some_and(|announced| size.saturating_add(announced) > limit) {
            return Err(ApiError::blob_too_large(limit));
        }
        let body = std::mem::take(body);
        self.upload.append(body, expected, limit).await.map_err(|error| match error {
            AppendError::TooLarge => ApiError::blob_too_large(limit),
            AppendError::WrongLength => ApiError::range_invalid(
                range_text.unwrap_or_default(),
                "the Content-Range does not match the body",
            ),
            AppendError::Interrupted => ApiError::upload_interrupted(),
            AppendError::Full => ApiError::storage_full(),
            AppendError::Storage(error) => {
                tracing::error!(%error, "an upload could not be written");
                ApiError::storage_failed()
            }
        })
    }

    /// Appends the last piece, if any, and makes the upload a blob. A refusal leaves it as it was.
    async fn complete(mut self, call: &Call<'_>, body: &mut Body) -> Result<Response, Refusal> {
        let claimed = call.query.get("digest").filter(|text| !text.is_empty());
        let claimed = claimed.ok_or_else(|| ApiError::digest_unparsable("digest missing"))?;
        let digest =
            Digest::parse(claimed).ok_or_else(|| ApiError::digest_unparsable("digest parsing failed"))?;
        let before = self.upload.mark();
        self.append(call, body).await?;
        if self.upload.digest(&digest).await.map_err(|_| ApiError::storage_failed())? != digest {
            self.upload.rewind(before);
            return Err(ApiError::digest_mismatch(&digest).into());
        }
        self.upload.sync().await.map_err(|_| ApiError::storage_failed())?;
        let (service, name, upload) = (call.service, self.name, &mut *self.upload);
        let now = service.now();
        let take_in = |registry: &mut Registry| {
            registry.check_writable(name)?;
            let content = service.adopt(&digest, &mut upload.store).map_err(|error| {
                tracing::error!(%error, "an upload could not be moved to its digest");
                ApiError::storage_failed()
            })?;
            // From here on the session has no bytes of its own.
            service.uploads.close(&upload.id);
            registry.add_blob(name, digest.clone(), upload.size, content, now)
        };
        service.change(take_in).await?;
        service.sync_blob(&digest).await.map_err(|_| ApiError::storage_failed())?;
        Ok(created(name, &digest))
    }
}

/// The answer to a step of an upload: where to go on, and how far it has come.
fn progress(call: &Call<'_>, status: StatusCode, name: &RepositoryName, step: &Step) -> Response {
    let Step { id, size, started } = step;
    let state = UploadState::new(name, id, *size, started).seal(&call.service.signer);
    let mut response = empty(status);
    let headers = response.headers_mut();
    let location = format!("/v2/{name}/blobs/uploads/{id}?_nouploadcache=false&_state={state}");
    set(headers, header::LOCATION, &location);
    set(headers, header::RANGE, &format!("0-{}", size.saturating_sub(1)));
    set(headers, UPLOAD_UUID, &id.to_string());
    response
}

fn created(name: &RepositoryName, digest: &Digest) -> Response {
    let mut response = empty(StatusCode::CREATED);
    set(response.headers_mut(), CONTENT_DIGEST, digest.as_str());
    set(response.headers_mut(), header::LOCATION, &format!("/v2/{name}/blobs/{digest}"));
    response
}
