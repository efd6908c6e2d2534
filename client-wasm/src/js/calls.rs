//! What the JavaScript classes stand on: the operations by their names, with arguments that the classes have checked to be texts and
//! numbers. Names are parsed here, the operation is performed, and what the registry said is handed back. Nothing else lives here.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::answer;
use super::download::Download;
use super::error::to_js;
use super::given::{Given, number};
use super::list::{self, List};
use super::promise::promise;
use super::upload::OpenUpload;
use crate::auth::{ACCESS_TOKEN, REFRESH_TOKEN, secret_of};
use crate::client::{self, BlobDownload, ExchangeRequest, GrantType, Mount, RegistryClient, Upload};
use crate::error::Error;
use crate::http::{Answer, Call, Proof};
use crate::name::{Digest, MediaType, Reference, RepositoryName};
use crate::operation::{self, blobs, manifests, repositories, tags, tokens, uploads};

/// The operations of a client.
#[wasm_bindgen(skip_typescript)]
pub struct Calls(pub(super) RegistryClient);

#[wasm_bindgen]
impl Calls {
    /// Performs an operation. What is given, and what comes of it, is told where the operation is performed below. One door for all of
    /// them, since each would be half a kilobyte.
    pub fn call(&self, operation: &str, given: Array, stop: Option<Promise>) -> Promise {
        let given = Given::new(operation::spelled(operation), given);
        promise(stop, Box::pin(perform(self.0.clone(), given)))
    }

    /// Opens a list: of a repository, from behind an item, of so many items a page, from a continuation token on, of a digest, and in an
    /// order or, of referrers, of an artifact type.
    pub fn list(&self, operation: &str, given: Array) -> Result<List, JsValue> {
        let given = Given::new(operation::spelled(operation), given);
        let list = list::of(&given).map_err(|error| to_js(&error))?;
        Ok(List::new(self.0.pipeline.clone(), list, given.some(3).as_deref()))
    }
}

/// What is sent for an operation: a call, and for one that must not be repeated blindly what asks whether it arrived.
struct Sending {
    call: Call,
    probe: Option<(Call, Proof)>,
}

impl From<Call> for Sending {
    fn from(call: Call) -> Self {
        Self { call, probe: None }
    }
}

/// An operation: its call is made and sent, and the answer read. Waiting is the same for all of them, so one future serves them.
async fn perform(client: RegistryClient, given: Given) -> Result<JsValue, Error> {
    // The attributes of a manifest are by digest alone.
    let digest = match given.operation {
        manifests::GET_ATTRIBUTES | manifests::UPDATE_ATTRIBUTES => {
            client.manifests().resolve(&given.name(0)?, &given.name(1)?, given.operation).await?.into()
        }
        _ => None,
    };
    let Sending { call, probe } = match (digest, given.operation) {
        (Some(digest), manifests::GET_ATTRIBUTES) => {
            answer::parsed(manifests::attributes(&given.name(0)?, &digest)).into()
        }
        (Some(digest), _) => {
            let changes = given.text(2).into();
            answer::parsed(manifests::update_attributes(&given.name(0)?, &digest, changes)).into()
        }
        (None, tokens::EXCHANGE | tokens::ACCESS | tokens::LOGIN) => token(&client, &given)?.into(),
        (None, operation::CHECK_SUPPORT) => operation::check_support().into(),
        _ => sending(&given)?,
    };
    let answer = match probe {
        Some((probe, proof)) => client.pipeline.once(&call, &probe, &proof).await,
        None => client.pipeline.answer(&call).await.map(Some),
    };
    read(&client, &given, answer)
}

/// What is sent for an operation on a repository. Given its name and, by operation:
/// - attributes and deletions: a tag, a reference or a digest, and changes as JSON;
/// - Manifests_Get: reference and what to accept; Manifests_Create: reference, media type and bytes;
/// - blobs: digest, first and last byte; Blob_Mount: where from, and digest.
fn sending(given: &Given) -> Result<Sending, Error> {
    let name: RepositoryName = given.name(0)?;
    let changes = || given.text(2).into();
    let parsed = |call| Ok(answer::parsed(call).into());
    let deleting = |call, probe| Ok(Sending { call, probe: Some((probe, Proof::Gone)) });
    match given.operation {
        repositories::GET_ATTRIBUTES => parsed(repositories::attributes(&name)),
        repositories::UPDATE_ATTRIBUTES => parsed(repositories::update_attributes(&name, changes())),
        repositories::DELETE => deleting(repositories::delete(&name), repositories::attributes(&name)),
        tags::GET_ATTRIBUTES => parsed(tags::attributes(&name, &given.name(1)?)),
        tags::UPDATE_ATTRIBUTES => parsed(tags::update_attributes(&name, &given.name(1)?, changes())),
        tags::DELETE => {
            let tag = given.name(1)?;
            deleting(tags::delete(&name, &tag), tags::attributes(&name, &tag))
        }
        manifests::REFERRERS => parsed(manifests::referrers_by_tag(&name, &given.name(1)?)),
        manifests::GET => {
            let accept = given.some(2);
            let accept = accept.as_deref().unwrap_or(MediaType::ACCEPT_MANIFESTS);
            Ok(client::call_for_content(&name, &given.name(1)?, accept)?.into())
        }
        manifests::CREATE => {
            let (reference, bytes) = (given.name(1)?, given.bytes(3));
            let digest = Digest::of(&bytes);
            let media_type = MediaType::new(&given.text(2));
            let call = client::call_to_create(&name, &reference, &media_type, bytes, &digest)?;
            Ok(Sending { call, probe: Some((manifests::head(&name, &reference), Proof::Holds(digest))) })
        }
        manifests::DELETE => {
            let digest: Digest = given.name(1)?;
            deleting(manifests::delete(&name, &digest), manifests::head(&name, &Reference::Digest(digest)))
        }
        uploads::START => Ok(uploads::start(&name).into()),
        blobs::MOUNT => Ok(blobs::mount(&name, &given.name(1)?, &given.name(2)?).into()),
        _ => {
            let digest = given.name(1)?;
            let (start, end) = (given.whole(2), given.whole(3));
            let call = match given.operation {
                blobs::GET => BlobDownload::call(&name, &digest)?,
                blobs::GET_CHUNK => client::call_for_chunk(&name, &digest, start, end)?,
                blobs::CHECK_CHUNK => blobs::check_chunk(&name, &digest, start, end)?,
                blobs::DELETE => {
                    return deleting(blobs::delete(&name, &digest), blobs::check(&name, &digest));
                }
                _ => blobs::check(&name, &digest),
            };
            Ok(call.into())
        }
    }
}

/// A call of the token service. Given the service and then, RefreshTokens_GetFromExchange: grant type, tenant, access token and refresh
/// token; AccessTokens_Get: scope and refresh token; AccessTokens_GetFromLogin: user name, password, and scopes separated by spaces.
fn token(client: &RegistryClient, given: &Given) -> Result<Call, Error> {
    let (tokens, service) = (client.tokens(), given.some(0));
    let named = tokens.service(service.as_deref());
    match given.operation {
        tokens::ACCESS => Ok(tokens::access(named, &given.text(1), &given.text(2))),
        tokens::LOGIN => {
            let scopes: Vec<String> = given.text(3).split(' ').map(str::to_owned).collect();
            tokens::access_from_login(named, &scopes, &given.text(1), &given.text(2))
        }
        _ => tokens.call_to_exchange(&ExchangeRequest {
            grant_type: match given.text(1).as_str() {
                "access_token" => GrantType::AccessToken,
                "refresh_token" => GrantType::RefreshToken,
                _ => GrantType::AccessTokenRefreshToken,
            },
            service,
            tenant: given.some(2),
            access_token: given.some(3).map(Into::into),
            refresh_token: given.some(4).map(Into::into),
        }),
    }
}

/// What JavaScript gets of an answer; there is none where it was lost and the registry then showed that the operation was carried out.
/// - Manifests_Get: digest, media type and bytes; Manifests_Create: the digest;
/// - Blob_Get: a download; Blob_GetChunk: bytes; Blob_Check and Blob_CheckChunk: size and digest, or nothing where the blob is unknown;
/// - Blob_StartUpload and Blob_Mount: an upload, nothing where the blob was mounted;
/// - deletions: the body; those of the token service: the token; all others: the object, as the browser parsed it.
fn read(
    client: &RegistryClient,
    given: &Given,
    answer: Result<Option<Box<Answer>>, Error>,
) -> Result<JsValue, Error> {
    let operation = given.operation;
    let created = |answer| {
        let digest = client::created(answer, || Digest::of(&given.bytes(3)));
        Ok(JsValue::from_str(digest.as_str()))
    };
    let Some(answer) = answer.transpose() else {
        return if operation == manifests::CREATE { created(None) } else { Ok(JsValue::UNDEFINED) };
    };
    let answer = match operation {
        operation::CHECK_SUPPORT => return client::supported(answer).map(JsValue::from_bool),
        blobs::CHECK | blobs::CHECK_CHUNK => {
            let found = client::properties(operation, &given.name(1)?, answer)?;
            return Ok(found.map_or(JsValue::UNDEFINED, |found| {
                Array::of2(&number(found.size), &JsValue::from_str(found.digest.as_str())).into()
            }));
        }
        _ => answer?,
    };
    let pipeline = || client.pipeline.clone();
    match operation {
        repositories::DELETE | tags::DELETE | manifests::DELETE | blobs::DELETE => {
            Ok(JsValue::from_str(&String::from_utf8_lossy(&answer.body)))
        }
        manifests::CREATE => created(Some(&*answer)),
        manifests::GET => {
            let content = client::content_of(&given.name(1)?, *answer)?;
            let (digest, media_type) = (content.digest.as_str(), content.media_type.as_str());
            let bytes = Uint8Array::from(content.bytes.as_ref());
            Ok(Array::of3(&JsValue::from_str(digest), &JsValue::from_str(media_type), &bytes).into())
        }
        blobs::GET => {
            let download = BlobDownload::of(pipeline(), &given.name(0)?, &given.name(1)?, *answer);
            Ok(Download::new(download).into())
        }
        blobs::GET_CHUNK => {
            let bytes = client::chunk_of(given.whole(2), given.whole(3), *answer)?;
            Ok(Uint8Array::from(bytes.as_ref()).into())
        }
        uploads::START => {
            let upload = Upload::opened(pipeline(), &given.name(0)?, operation, &answer)?;
            Ok(OpenUpload::new(upload).into())
        }
        blobs::MOUNT => match Mount::of(pipeline(), &given.name(0)?, &answer)? {
            Mount::Mounted => Ok(JsValue::UNDEFINED),
            Mount::Upload(upload) => Ok(OpenUpload::new(upload).into()),
        },
        tokens::EXCHANGE | tokens::ACCESS | tokens::LOGIN => {
            let member = if operation == tokens::EXCHANGE { REFRESH_TOKEN } else { ACCESS_TOKEN };
            Ok(JsValue::from_str(secret_of(operation, &answer, member)?.expose()))
        }
        _ => answer::object(operation, *answer),
    }
}
