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
use super::upload::{self, OpenUpload};
use crate::client::{ExchangeRequest, GrantType, Mount, RegistryClient};
use crate::error::Error;
use crate::http::Call;
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

async fn perform(client: RegistryClient, given: Given) -> Result<JsValue, Error> {
    match given.operation {
        operation::CHECK_SUPPORT => client.check_support().await.map(JsValue::from_bool),
        repositories::DELETE | tags::DELETE | manifests::DELETE | blobs::DELETE => {
            remove(&client, &given).await
        }
        manifests::GET => manifest(&client, &given).await,
        manifests::CREATE => create(&client, &given).await,
        blobs::GET | blobs::GET_CHUNK | blobs::CHECK | blobs::CHECK_CHUNK => blob(&client, &given).await,
        uploads::START | blobs::MOUNT => open(&client, &given).await,
        uploads::APPEND => upload::whole(&client, &given).await,
        tokens::EXCHANGE | tokens::ACCESS | tokens::LOGIN => token(&client, &given).await,
        _ => object(&client, &given).await,
    }
}

/// An operation that is answered with one JSON object, which passes through as the browser parses it. Given repository, reference and
/// changes.
async fn object(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let name: RepositoryName = given.name(0)?;
    let call = match given.operation {
        repositories::GET_ATTRIBUTES => repositories::attributes(&name),
        repositories::UPDATE_ATTRIBUTES => repositories::update_attributes(&name, given.text(2).into()),
        tags::GET_ATTRIBUTES => tags::attributes(&name, &given.name(1)?),
        tags::UPDATE_ATTRIBUTES => tags::update_attributes(&name, &given.name(1)?, given.text(2).into()),
        manifests::REFERRERS => manifests::referrers_by_tag(&name, &given.name(1)?),
        _ => {
            let reference: Reference = given.name(1)?;
            let digest = client.manifests().resolve(&name, &reference, given.operation).await?;
            match given.operation {
                manifests::UPDATE_ATTRIBUTES => {
                    manifests::update_attributes(&name, &digest, given.text(2).into())
                }
                _ => manifests::attributes(&name, &digest),
            }
        }
    };
    answer::object(given.operation, *client.pipeline.answer(&answer::parsed(call)).await?)
}

/// An operation that deletes. Given repository and reference. Gives the body of the answer, nothing where no answer came and what was to
/// go is gone.
async fn remove(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let (call, probe) = deletion(given)?;
    let answer = client.pipeline.delete(&call, &probe).await?;
    let body = answer.map(|answer| JsValue::from_str(&String::from_utf8_lossy(&answer.body)));
    Ok(body.unwrap_or(JsValue::UNDEFINED))
}

/// The call that deletes, and the one that asks whether what was to go is still there.
fn deletion(given: &Given) -> Result<(Call, Call), Error> {
    let name: RepositoryName = given.name(0)?;
    Ok(match given.operation {
        repositories::DELETE => (repositories::delete(&name), repositories::attributes(&name)),
        tags::DELETE => {
            let tag = given.name(1)?;
            (tags::delete(&name, &tag), tags::attributes(&name, &tag))
        }
        manifests::DELETE => {
            let digest: Digest = given.name(1)?;
            (manifests::delete(&name, &digest), manifests::head(&name, &Reference::Digest(digest)))
        }
        _ => {
            let digest = given.name(1)?;
            (blobs::delete(&name, &digest), blobs::check(&name, &digest))
        }
    })
}

/// Manifests_Get. Given repository, reference and what to accept. Gives digest, media type and bytes.
async fn manifest(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let accept = given.some(2);
    let accept = accept.as_deref().unwrap_or(MediaType::ACCEPT_MANIFESTS);
    let content = client.manifests().content(&given.name(0)?, &given.name(1)?, accept).await?;
    Ok(Array::of3(
        &JsValue::from_str(content.digest.as_str()),
        &JsValue::from_str(content.media_type.as_str()),
        &Uint8Array::from(content.bytes.as_ref()),
    )
    .into())
}

/// Manifests_Create. Given repository, reference, media type and bytes. Gives the digest.
async fn create(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let media_type = MediaType::new(&given.text(2));
    let digest =
        client.manifests().create(&given.name(0)?, &given.name(1)?, &media_type, given.bytes(3)).await?;
    Ok(JsValue::from_str(digest.as_str()))
}

/// Given repository, digest, first and last byte. Blob_Get gives a download, Blob_GetChunk bytes, Blob_Check and Blob_CheckChunk size and
/// digest, or nothing where the blob is unknown.
async fn blob(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let (name, digest) = (given.name(0)?, given.name(1)?);
    let (blobs, start, end) = (client.blobs(), given.whole(2), given.whole(3));
    let call = match given.operation {
        blobs::GET => return Ok(Download::new(blobs.get(&name, &digest).await?).into()),
        blobs::GET_CHUNK => {
            let bytes = blobs.get_chunk(&name, &digest, start, end).await?;
            return Ok(Uint8Array::from(bytes.as_ref()).into());
        }
        blobs::CHECK_CHUNK => blobs::check_chunk(&name, &digest, start, end)?,
        _ => blobs::check(&name, &digest),
    };
    let Some(found) = blobs.properties(&call, &digest).await? else { return Ok(JsValue::UNDEFINED) };
    Ok(Array::of2(&number(found.size), &JsValue::from_str(found.digest.as_str())).into())
}

/// Blob_StartUpload, given a repository; Blob_Mount, given where to, where from, and a digest. Gives an upload, nothing where the blob
/// was mounted.
async fn open(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let name = given.name(0)?;
    let upload = if given.operation == uploads::START {
        client.blobs().start_upload(&name).await?
    } else {
        match client.blobs().mount(&name, &given.name(1)?, &given.name(2)?).await? {
            Mount::Mounted => return Ok(JsValue::UNDEFINED),
            Mount::Upload(upload) => upload,
        }
    };
    Ok(OpenUpload::new(upload).into())
}

/// An operation of the token service. Given the service and then, RefreshTokens_GetFromExchange: grant type, tenant, access token and
/// refresh token; AccessTokens_Get: scope and refresh token; AccessTokens_GetFromLogin: user name, password, and scopes separated by
/// spaces. Gives the token.
async fn token(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let (tokens, service) = (client.tokens(), given.some(0));
    let token = match given.operation {
        tokens::ACCESS => {
            tokens.get(service.as_deref(), &given.text(1), &given.text(2).into()).await?.access_token
        }
        tokens::LOGIN => {
            let scopes: Vec<String> = given.text(3).split(' ').map(str::to_owned).collect();
            let password = given.text(2).into();
            tokens.get_from_login(service.as_deref(), &scopes, &given.text(1), &password).await?.access_token
        }
        _ => {
            let request = ExchangeRequest {
                grant_type: match given.text(1).as_str() {
                    "access_token" => GrantType::AccessToken,
                    "refresh_token" => GrantType::RefreshToken,
                    _ => GrantType::AccessTokenRefreshToken,
                },
                service,
                tenant: given.some(2),
                access_token: given.some(3).map(Into::into),
                refresh_token: given.some(4).map(Into::into),
            };
            tokens.exchange(&request).await?.refresh_token
        }
    };
    Ok(JsValue::from_str(token.expose()))
}
