//! From a route to its operation.

use axum::body::Body;
use http::{Method, StatusCode};

use super::call::Call;
use super::{attributes, blobs, manifests, referrers, repositories, tags, tokens, uploads};
use crate::protocol::route::Route;
use crate::registry::attributes::Subject;
use crate::response::{Refusal, Response, bytes};

/// Answers a request. What is left of `body` was not needed.
pub(crate) async fn answer(call: &Call<'_>, route: &Route, body: &mut Body) -> Result<Response, Refusal> {
    let deletes = call.method == Method::DELETE;
    match route {
        Route::Unknown => Err(Refusal::UnknownRoute),
        Route::Malformed => Err(Refusal::PageNotFound),
        Route::Health => Ok(bytes(StatusCode::OK, "text/plain; charset=utf-8", "ok\n")),
        Route::Support => repositories::support(call),
        Route::Exchange => tokens::exchange(call, body).await,
        Route::Token => tokens::token(call, body).await,
        Route::Catalog => repositories::catalog(call),
        Route::V2Catalog => repositories::catalog(call),
        Route::Repository(name) if deletes => repositories::delete(call, name).await,
        Route::Repository(name) => attributes::of(call, name, Subject::Repository, body).await,
        Route::Tags(name) => tags::list(call, name),
        Route::V2Tags(name) => tags::list_v2(call, name),
        Route::Tag(name, tag) if deletes => tags::delete(call, name, tag).await,
        Route::Tag(name, tag) => attributes::of(call, name, Subject::Tag(tag), body).await,
        Route::Manifests(name) => manifests::list(call, name),
        Route::ManifestAttributes(name, digest) => {
            attributes::of(call, name, Subject::Manifest(digest), body).await
        }
        Route::Manifest(name, reference) => manifests::content(call, name, reference, body).await,
        Route::Blob(name, digest) => blobs::blob(call, name, digest).await,
        Route::Uploads(name) => uploads::start(call, name, body).await,
        Route::Upload(name, id) => uploads::session(call, name, id, body).await,
        Route::Referrers(name, digest) => referrers::list(call, name, digest),
    }
}
