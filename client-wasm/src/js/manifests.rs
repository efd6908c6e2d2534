//! `client.manifests`.

use bytes::Bytes;
use js_sys::{JSON, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use super::abort::{promise, signal_of};
use super::answer;
use super::input::{self, Given};
use super::paged::{ItemIterator, Source, object};
use super::repositories::changes;
use super::tags::order_of;
use crate::client::RegistryClient;
use crate::error::Error;
use crate::name::{Digest, MediaType, Reference, RepositoryName};
use crate::operation::manifests::{self as operation, ManifestListOptions};
use crate::operation::{List, tags};

/// The manifests of a registry.
#[wasm_bindgen]
pub struct Manifests(pub(super) RegistryClient);

/// Lists inside a manifest's attributes that the registry may give as `null`.
const LISTS: &[&str] = &["tags", "references"];

#[wasm_bindgen]
impl Manifests {
    /// Manifests_GetList.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<ManifestAttributesBase>")]
    pub fn list(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "OrderedListOptions")] options: JsValue,
    ) -> ItemIterator {
        ItemIterator::new(Source {
            pipeline: self.0.pipeline.clone(),
            list: list(&name, &options),
            member: "manifests",
            name: Some("digest"),
            lists_of_items: LISTS,
            only: None,
            otherwise: None,
            signal: signal_of(&options),
        })
    }

    /// Manifests_GetAttributes. A tag is resolved to its digest first.
    #[wasm_bindgen(js_name = "getAttributes", unchecked_return_type = "Promise<ManifestAttributes>")]
    pub fn get_attributes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let (name, digest) = resolve(&client, "Manifests_GetAttributes", &name, &reference).await?;
            answer::fetch_wrapped(&client.pipeline, &operation::attributes(&name, &digest), "manifest", LISTS)
                .await
        })
    }

    /// Manifests_UpdateAttributes: what the value leaves out stays. A tag is resolved to its digest first. Resolves to the attributes as
    /// they are then.
    #[wasm_bindgen(js_name = "updateAttributes", unchecked_return_type = "Promise<ManifestAttributes>")]
    pub fn update_attributes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ManifestChangeableAttributes")] value: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let body = changes("Manifests_UpdateAttributes", &value)?;
            let (name, digest) = resolve(&client, "Manifests_UpdateAttributes", &name, &reference).await?;
            let call = operation::update_attributes(&name, &digest, body);
            answer::fetch_wrapped(&client.pipeline, &call, "manifest", LISTS).await
        })
    }

    /// Manifests_Get. The digest is verified against the bytes.
    #[wasm_bindgen(unchecked_return_type = "Promise<ManifestResult>")]
    pub fn get(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions & { accept?: string }")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options.clone(), async move {
            let name = input::name(operation::GET, "name", &name)?;
            let reference = input::name(operation::GET, "reference", &reference)?;
            let accept = Given::options(operation::GET, &options)?.text("accept")?;
            let accept = accept.as_deref().unwrap_or(MediaType::ACCEPT_MANIFESTS);
            let content = client.manifests().content(&name, &reference, accept).await?;
            let manifest = answer::parse(operation::GET, &content.bytes)?;
            answer::fill(&manifest, &["manifests", "layers", "fsLayers", "history", "signatures"]);
            Ok(object(&[
                ("digest", JsValue::from_str(content.digest.as_str())),
                ("mediaType", JsValue::from_str(content.media_type.as_str())),
                ("bytes", Uint8Array::from(content.bytes.as_ref()).into()),
                ("manifest", manifest),
            ]))
        })
    }

    /// Manifests_Create. A string or bytes go out unchanged; an object is serialised. The media type is the one given, else the one the
    /// manifest names, else the OCI one of its form.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ digest: string }>")]
    pub fn create(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array | ManifestWrapper")] payload: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions & { mediaType?: string }")]
        options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options.clone(), async move {
            let name = input::name(operation::CREATE, "name", &name)?;
            let reference = input::name(operation::CREATE, "reference", &reference)?;
            let media_type = Given::options(operation::CREATE, &options)?.text("mediaType")?;
            let bytes = payload_bytes(&payload)?;
            let media_type = match media_type {
                Some(media_type) => media_type,
                None => media_type_of(&bytes)?,
            };
            let media_type = MediaType::new(&media_type);
            let digest = client.manifests().create(&name, &reference, &media_type, bytes).await?;
            Ok(object(&[("digest", JsValue::from_str(digest.as_str()))]))
        })
    }

    /// Manifests_Delete: the manifest with every tag on it. By digest alone: a tag is refused before anything is sent.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let name = input::name("Manifests_Delete", "name", &name)?;
            let digest = input::name("Manifests_Delete", "digest", &digest)?;
            client.manifests().delete(&name, &digest).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// GET /v2/N/referrers/D: what refers to a manifest; the tag `sha256-…` is read where the registry has no referrers API.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<Descriptor>")]
    pub fn referrers(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions & { artifactType?: string }")]
        options: JsValue,
    ) -> ItemIterator {
        let wanted = referrers_wanted(&name, &digest, &options);
        let otherwise =
            wanted.as_ref().ok().map(|(name, digest, _)| operation::referrers_by_tag(name, digest));
        let only = wanted.as_ref().ok().and_then(|(.., artifact_type)| artifact_type.clone());
        ItemIterator::new(Source {
            pipeline: self.0.pipeline.clone(),
            list: wanted.map(|(name, digest, only)| operation::referrers(&name, &digest, only.as_deref())),
            member: "manifests",
            name: Some("digest"),
            lists_of_items: &[],
            only: only.map(|artifact_type| ("artifactType", artifact_type)),
            otherwise,
            signal: signal_of(&options),
        })
    }
}

fn list(name: &JsValue, options: &JsValue) -> Result<List, Error> {
    let name = input::name(operation::LIST, "name", name)?;
    let given = Given::options(operation::LIST, options)?;
    let order = order_of(operation::LIST, &given)?;
    operation::list(&name, &ManifestListOptions { last: given.text("last")?, n: given.small("n")?, order })
}

fn referrers_wanted(
    name: &JsValue,
    digest: &JsValue,
    options: &JsValue,
) -> Result<(RepositoryName, Digest, Option<String>), Error> {
    let name = input::name(operation::REFERRERS, "name", name)?;
    let digest = input::name(operation::REFERRERS, "digest", digest)?;
    Ok((name, digest, Given::options(operation::REFERRERS, options)?.text("artifactType")?))
}

/// The digest that a reference names: its own, or that of the tag.
async fn resolve(
    client: &RegistryClient,
    operation: &'static str,
    name: &JsValue,
    reference: &JsValue,
) -> Result<(RepositoryName, Digest), Error> {
    let name: RepositoryName = input::name(operation, "name", name)?;
    let tag = match input::name(operation, "reference", reference)? {
        Reference::Digest(digest) => return Ok((name, digest)),
        Reference::Tag(tag) => tag,
    };
    let attributes = answer::fetch(&client.pipeline, &tags::attributes(&name, &tag), &[])
        .await
        .map_err(|error| error.in_operation(operation))?;
    let member = |object: &JsValue, name: &str| Reflect::get(object, &JsValue::from_str(name)).ok();
    let digest = member(&attributes, "tag")
        .and_then(|tag| member(&tag, "digest"))
        .and_then(|digest| digest.as_string());
    let digest = digest.and_then(|digest| digest.parse().ok());
    let digest = digest
        .ok_or_else(|| Error::protocol(operation, "the registry gave the tag a digest that is none"))?;
    Ok((name, digest))
}

fn payload_bytes(payload: &JsValue) -> Result<Bytes, Error> {
    let refuse =
        || Error::invalid_input(operation::CREATE, "payload must be a string, a Uint8Array or an object");
    if let Some(text) = payload.as_string() {
        return Ok(Bytes::from(text));
    }
    if let Some(bytes) = payload.dyn_ref::<Uint8Array>() {
        return Ok(Bytes::from(bytes.to_vec()));
    }
    if !payload.is_object() {
        return Err(refuse());
    }
    let json = JSON::stringify(payload).map_err(|_| refuse())?;
    json.as_string().map(Bytes::from).ok_or_else(refuse)
}

/// The media type that a manifest names, else the OCI one of its form.
fn media_type_of(bytes: &[u8]) -> Result<String, Error> {
    let refuse =
        || Error::invalid_input(operation::CREATE, "payload is no manifest: it is not a JSON object");
    let manifest = answer::parse(operation::CREATE, bytes).map_err(|_| refuse())?;
    if !manifest.is_object() {
        return Err(refuse());
    }
    let member = |name: &str| Reflect::get(&manifest, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let form =
        if member("manifests").is_undefined() { MediaType::OCI_MANIFEST } else { MediaType::OCI_INDEX };
    Ok(member("mediaType").as_string().unwrap_or_else(|| form.to_owned()))
}
