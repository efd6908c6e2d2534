//! Every recorded exchange goes through the client: its answer is decoded, nothing that it says is lost, and what is an error becomes
//! the right one. The recordings are those of the folders that `ACR_RECORDINGS` names, and always the project's own fixtures.

use std::path::PathBuf;

use acr_client_wasm::*;
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::replay::{Recording, Replay, fixtures, headers_of, load};
use crate::script::ENDPOINT;
use crate::world::World;

/// The names in a recorded URL, or others where those are placeholders.
struct Names {
    repository: RepositoryName,
    tag: TagName,
    digest: Digest,
}

fn names(url: &str) -> Names {
    let path = url.split('?').next().unwrap().split_once("://").unwrap().1.split_once('/').unwrap().1;
    let path = percent_encoding::percent_decode_str(path).decode_utf8().unwrap().into_owned();
    let rest = path.strip_prefix("acr/v1/").or_else(|| path.strip_prefix("v2/")).unwrap_or_default();
    let cut = ["/_tags", "/_manifests", "/manifests/", "/blobs/", "/referrers/"]
        .iter()
        .find_map(|part| rest.find(part))
        .unwrap_or(rest.len());
    let last = rest.rsplit('/').next().unwrap_or_default();
    Names {
        repository: rest.get(..cut).unwrap_or_default().parse().unwrap_or_else(|_| "alpine".parse().unwrap()),
        tag: last.parse().unwrap_or_else(|_| "latest".parse().unwrap()),
        digest: last.parse().unwrap_or_else(|_| Digest::of(b"")),
    }
}

/// Performs the recording's operation; gives what came of it as JSON, `Null` where the operation gives nothing that the body said.
async fn perform(recording: &Recording) -> Result<Value, Error> {
    let client = RegistryClient::builder(ENDPOINT)
        .transport(Replay(recording.clone()))
        .environment(World::default())
        .build()
        .unwrap();
    let Names { repository, tag, digest } = names(&recording.request.url);
    let (repository, tag, digest) = (&repository, &tag, &digest);
    let patch = &ChangeableAttributesPatch::default();
    Ok(match recording.op.split(' ').next().unwrap() {
        "Repository_GetList" => {
            page("repositories", client.repositories().list(ListOptions::default())).await?
        }
        "Repository_GetAttributes" => json(&client.repositories().attributes(repository).await?),
        "Repository_UpdateAttributes" => {
            json(&client.repositories().update_attributes(repository, patch).await?)
        }
        "Repository_Delete" => json(&client.repositories().delete(repository).await?),
        "Tag_GetList" => page("tags", client.tags().list(repository, TagListOptions::default())).await?,
        "Tag_GetAttributes" => json(&client.tags().attributes(repository, tag).await?),
        "Tag_UpdateAttributes" => json(&client.tags().update_attributes(repository, tag, patch).await?),
        "Tag_Delete" => json(&client.tags().delete(repository, tag).await?),
        manifests if manifests.starts_with("Manifests_") || manifests == "Referrers_GetList" => {
            manifest(&client, manifests, repository, tag, digest).await?
        }
        "V2Support_Check" | "any" => json(&client.check_support().await?),
        "Blob_Get" => {
            client.blobs().get_bytes(repository, digest, 1 << 20).await?;
            Value::Null
        }
        "Blob_GetChunk" => chunk(&client, recording, repository, digest).await?,
        "Blob_Check" => json(&client.blobs().check(repository, digest).await?.map(|found| found.size)),
        "Blob_CheckChunk" => json(&client.blobs().check_chunk(repository, digest, 0, 9).await?),
        "Blob_Delete" => json(&client.blobs().delete(repository, digest).await?),
        "Blob_Mount" => {
            client.blobs().mount(repository, &"alpine".parse().unwrap(), digest).await?;
            Value::Null
        }
        upload @ ("Blob_StartUpload" | "Blob_GetStatus" | "Blob_Upload" | "Blob_EndUpload"
        | "Blob_CancelUpload") => uploaded(&client, recording, upload, repository).await?,
        token => tokens(&client, token).await?,
    })
}

/// The operations on manifests.
async fn manifest(
    client: &RegistryClient,
    operation: &str,
    repository: &RepositoryName,
    tag: &TagName,
    digest: &Digest,
) -> Result<Value, Error> {
    let reference = &Reference::Tag(tag.clone());
    let by_digest = &Reference::Digest(digest.clone());
    Ok(match operation {
        "Manifests_GetList" => {
            page("manifests", client.manifests().list(repository, ManifestListOptions::default())).await?
        }
        "Manifests_GetAttributes" => json(&client.manifests().attributes(repository, by_digest).await?),
        "Manifests_UpdateAttributes" => json(
            &client
                .manifests()
                .update_attributes(repository, by_digest, &ManifestChangeableAttributesPatch::default())
                .await?,
        ),
        "Manifests_Get" => json(&client.manifests().get(repository, reference).await?.manifest),
        "Manifests_Create" => {
            let media_type = MediaType::new(MediaType::OCI_INDEX);
            json(
                &client
                    .manifests()
                    .create(repository, reference, &media_type, Bytes::from_static(b"{}"))
                    .await
                    .map(|_| ())?,
            )
        }
        "Manifests_Delete" => json(&client.manifests().delete(repository, digest).await?),
        "Referrers_GetList" => {
            page("manifests", client.manifests().referrers(repository, digest, None)).await?
        }
        other => panic!("{other} is no operation on manifests"),
    })
}

async fn chunk(
    client: &RegistryClient,
    recording: &Recording,
    repository: &RepositoryName,
    digest: &Digest,
) -> Result<Value, Error> {
    let headers = headers_of(&recording.response.headers);
    let range = headers
        .get("content-range")
        .unwrap()
        .strip_prefix("bytes ")
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let (start, end) = range.split_once('-').unwrap();
    let bytes =
        client.blobs().get_chunk(repository, digest, start.parse().unwrap(), end.parse().unwrap()).await?;
    assert_eq!(bytes, recording.response.bytes());
    assert!(!bytes.is_empty());
    Ok(Value::Null)
}

async fn uploaded(
    client: &RegistryClient,
    recording: &Recording,
    operation: &str,
    repository: &RepositoryName,
) -> Result<Value, Error> {
    let mut upload = client.blobs().start_upload(repository).await?;
    let range = recording.response.headers.get("Range").and_then(Value::as_str);
    let held = range
        .and_then(|range| range.strip_prefix("0-")?.parse::<usize>().ok())
        .map_or(0, |last| if last == 0 { 0 } else { last + 1 });
    match operation {
        "Blob_GetStatus" => assert_eq!(upload.status().await?, held as u64),
        "Blob_Upload" => assert_eq!(upload.append(Bytes::from(vec![0; held.max(1)])).await?, held as u64),
        "Blob_EndUpload" => {
            let stored = recording.response.headers.get("Docker-Content-Digest").and_then(Value::as_str);
            let digest = stored.map_or_else(|| Digest::of(b""), |stored| stored.parse().unwrap());
            assert_eq!(upload.end(&digest, Bytes::new()).await?, digest);
        }
        "Blob_CancelUpload" => upload.cancel().await?,
        _ => {}
    }
    Ok(Value::Null)
}

async fn tokens(client: &RegistryClient, operation: &str) -> Result<Value, Error> {
    let scope = "registry:catalog:*";
    let tokens = client.tokens();
    let token = match operation {
        "RefreshTokens_GetFromExchange" => {
            let request = ExchangeRequest {
                grant_type: GrantType::AccessToken,
                service: None,
                tenant: None,
                access_token: Some("entra".into()),
                refresh_token: None,
            };
            tokens.exchange(&request).await?.refresh_token
        }
        "AccessTokens_Get" => tokens.get(None, scope, &"refresh".into()).await?.access_token,
        "AccessTokens_GetFromLogin" => {
            tokens.get_from_login(None, &[scope.into()], "user", &"password".into()).await?.access_token
        }
        other => panic!("no such operation: {other}"),
    };
    assert!(!token.expose().is_empty());
    Ok(Value::Null)
}

async fn page<T: Serialize>(key: &str, mut pager: Pager<T>) -> Result<Value, Error> {
    let page = pager.next_page().await?.unwrap();
    Ok(serde_json::json!({ key: page.items }))
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// Everything the registry said is in what the client understood. The list's own envelope is the client's to leave out.
fn assert_kept(said: &Value, understood: &Value, at: &str) {
    match (said, understood) {
        (Value::Object(said), Value::Object(understood)) => {
            for (key, value) in said.iter().filter(|(key, value)| !value.is_null() && !is_envelope(at, key)) {
                let kept = understood.get(key).unwrap_or_else(|| panic!("{at}.{key} got lost"));
                assert_kept(value, kept, &format!("{at}.{key}"));
            }
        }
        (Value::Array(said), Value::Array(understood)) => {
            assert_eq!(said.len(), understood.len(), "{at}");
            for (index, (said, understood)) in said.iter().zip(understood).enumerate() {
                assert_kept(said, understood, &format!("{at}[{index}]"));
            }
        }
        _ => assert_eq!(said, understood, "{at}"),
    }
}

fn is_envelope(at: &str, key: &str) -> bool {
    at.ends_with(" list") && matches!(key, "registry" | "imageName" | "schemaVersion" | "mediaType")
}

fn expected_kind(recording: &Recording) -> Option<ErrorKind> {
    let code = |code: &str| recording.response.body.contains(code);
    match recording.response.status {
        200..=299 => None,
        404 if recording.op == "Blob_Check" => None,
        307 => Some(ErrorKind::Protocol),
        400 if code("DIGEST_INVALID") => Some(ErrorKind::DigestMismatch),
        400 | 416 => Some(ErrorKind::InvalidInput),
        401 => Some(ErrorKind::Unauthorized),
        403 => Some(ErrorKind::Forbidden),
        404 => Some(ErrorKind::NotFound),
        405 if code("REGISTRY_DISALLOWED_OPERATION") => Some(ErrorKind::Locked),
        405 => Some(ErrorKind::InvalidInput),
        429 => Some(ErrorKind::RateLimited),
        status => panic!("no recording had the status {status} when this was written"),
    }
}

async fn replay(name: &str, recording: &Recording) {
    let outcome = perform(recording).await;
    match (outcome, expected_kind(recording)) {
        (Ok(Value::Null), None) => {}
        (Ok(understood), None) => {
            if let Ok(said @ Value::Object(_)) = serde_json::from_str::<Value>(&recording.response.body)
                && understood.is_object()
            {
                let list = if recording.op.ends_with("GetList") { " list" } else { "" };
                assert_kept(&said, &understood, &format!("{name}{list}"));
            }
        }
        (Err(error), Some(kind)) => {
            assert_eq!(
                (error.kind(), error.status()),
                (kind, Some(recording.response.status)),
                "{name}: {error}"
            );
            if let Some(code) = serde_json::from_str::<Value>(&recording.response.body)
                .ok()
                .and_then(|body| Some(body["errors"][0]["code"].as_str()?.to_owned()))
            {
                assert_eq!(error.errors()[0].code, code, "{name}");
            }
        }
        (outcome, expected) => panic!("{name}: {outcome:?}, expected {expected:?}"),
    }
}

#[tokio::test]
async fn every_fixture_goes_through_the_client() {
    for (name, recording) in load(&fixtures()) {
        replay(&name, &recording).await;
    }
}

#[tokio::test]
async fn every_recording_goes_through_the_client() {
    let folders: Vec<PathBuf> = match std::env::var_os("ACR_RECORDINGS") {
        Some(folders) => std::env::split_paths(&folders).collect(),
        None => vec![fixtures()],
    };
    let recordings: Vec<_> = folders.iter().flat_map(|folder| load(folder)).collect();
    assert!(recordings.len() >= 50, "{folders:?} hold only {} recordings", recordings.len());
    for (name, mut recording) in recordings {
        if recording.op == "-" {
            // No operation: an answer of the front, which any deletion may meet.
            recording.op = "Manifests_Delete".into();
        }
        if recording.op == "any" && recording.request.url.contains("/manifests/") {
            recording.op = "Manifests_Get".into();
        }
        replay(&name, &recording).await;
    }
}
