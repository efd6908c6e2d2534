//! `client.manifests`.

use bytes::Bytes;
use js_sys::{Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::{promise, respond};
use super::convert::{bytes, member, name, object_json, to_js};
use super::document;
use super::list::{ItemIterator, List};
use super::options::Options;
use super::tags::order_of;
use crate::client::{self, Pager};
use crate::error::Error;
use crate::name::{Digest, MediaType, Reference, RepositoryName};
use crate::operation::manifests::{self as operation, ManifestContent, ManifestListOptions};
use crate::operation::{Answer, LastItem};

/// `client.manifests`: the manifests of a registry.
#[wasm_bindgen]
pub struct Manifests(client::Manifests);

impl Manifests {
    pub(super) fn new(manifests: client::Manifests) -> Self {
        Self(manifests)
    }
}

#[wasm_bindgen]
impl Manifests {
    /// Manifests_GetList: the manifests of a repository.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<ManifestAttributesBase>")]
    pub fn list(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "OrderedListOptions")] options: JsValue,
    ) -> ItemIterator {
        let (manifests, read) = (self.0.clone(), Options::of(operation::LIST, &options));
        let open = move |page_size: Option<u32>| {
            let repository: RepositoryName = name(operation::LIST, "name", &repository)?;
            let options = read.clone()?;
            let list = ManifestListOptions {
                last: options.string("last")?,
                n: page_size.or(options.integer("n")?),
                order: order_of(&options)?,
            };
            let pages = manifests.pages(&repository, &list);
            let decode = |answer: &Answer| document::items(answer, "manifests", document::ATTRIBUTES);
            Ok(Pager::new(pages, decode, last_item))
        };
        List::new(operation::LIST, options, open).into()
    }

    /// Manifests_GetAttributes: size, platform, tags and locks of a manifest. A tag is resolved to its digest first.
    #[wasm_bindgen(js_name = "getAttributes", unchecked_return_type = "Promise<ManifestAttributes>")]
    pub fn get_attributes(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let manifests = self.0.clone();
        promise(&options, async move {
            let repository = name(operation::GET_ATTRIBUTES, "name", &repository)?;
            let reference = name(operation::GET_ATTRIBUTES, "reference", &reference)?;
            attributes(&*manifests.attributes_answer(&repository, &reference).await?)
        })
    }

    /// Manifests_UpdateAttributes: what `value` leaves out stays. A tag is resolved to its digest first. Resolves to the attributes after
    /// the change.
    #[wasm_bindgen(js_name = "updateAttributes", unchecked_return_type = "Promise<ManifestAttributes>")]
    pub fn update_attributes(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ManifestChangeableAttributes")] value: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let manifests = self.0.clone();
        promise(&options, async move {
            let repository = name(operation::UPDATE_ATTRIBUTES, "name", &repository)?;
            let reference = name(operation::UPDATE_ATTRIBUTES, "reference", &reference)?;
            let patch = object_json(operation::UPDATE_ATTRIBUTES, "value", &value)?;
            attributes(&*manifests.update_answer(&repository, &reference, patch.into()).await?)
        })
    }

    /// Manifests_Get: a manifest of any kind; an index is not resolved to one of its platforms. The digest is verified against the bytes.
    #[wasm_bindgen(unchecked_return_type = "Promise<ManifestResult>")]
    pub fn get(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions & { accept?: string }")] options: JsValue,
    ) -> Promise {
        let names = names(operation::GET, &repository, &reference);
        let request = names.and_then(|(repository, reference)| {
            let accept = Options::of(operation::GET, &options)?.string("accept")?;
            let accept = accept.as_deref().unwrap_or(MediaType::ACCEPT_MANIFESTS);
            Ok((self.0.content_request(&repository, &reference, accept)?, reference))
        });
        let (request, reference) = request.map_or_else(|error| (Err(error), None), |(a, b)| (Ok(a), Some(b)));
        respond(&options, request, move |answer| match (answer, reference) {
            (Some(answer), Some(reference)) => content(&operation::read_content(&reference, *answer)?),
            _ => Ok(JsValue::UNDEFINED),
        })
    }

    /// Manifests_Create: a string or bytes are sent unchanged, an object is serialised. Without `mediaType` the manifest's own is used,
    /// else the one of its form.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ digest: string }>")]
    pub fn create(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array | ManifestWrapper")] payload: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions & { mediaType?: string }")]
        options: JsValue,
    ) -> Promise {
        let names = names(operation::CREATE, &repository, &reference);
        let prepared = names.and_then(|(repository, reference)| {
            let payload = payload_of(&payload)?;
            let media_type = match Options::of(operation::CREATE, &options)?.string("mediaType")? {
                Some(media_type) => MediaType::new(&media_type),
                None => operation::media_type_of(&payload)?,
            };
            let digest = operation::digest_of(&reference, &payload);
            let request = self.0.create_request(&repository, &reference, &media_type, payload, &digest)?;
            Ok((request, digest))
        });
        let (request, digest) = prepared.map_or_else(|error| (Err(error), None), |(a, b)| (Ok(a), Some(b)));
        respond(&options, request, |answer| {
            let digest = digest.map(|sent| operation::created(answer.as_deref(), || sent));
            Ok(digest.map_or(JsValue::UNDEFINED, |digest| to_js(&Created { digest: digest.as_str() })))
        })
    }

    /// Manifests_Delete: the manifest with every tag on it. By digest only: a tag is refused before anything is sent.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request = name(operation::DELETE, "name", &repository).and_then(|repository| {
            Ok(self.0.delete_request(&repository, &name(operation::DELETE, "digest", &digest)?))
        });
        respond(&options, request, |_| Ok(JsValue::UNDEFINED))
    }

    /// The manifests that refer to a manifest (OCI distribution specification, "Listing Referrers"). If the registry has no referrers API,
    /// the tag `sha256-…` is read.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<Descriptor>")]
    pub fn referrers(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions & { artifactType?: string }")]
        options: JsValue,
    ) -> ItemIterator {
        let manifests = self.0.clone();
        let read = Options::of(operation::REFERRERS, &options);
        let open = move |_: Option<u32>| {
            let repository: RepositoryName = name(operation::REFERRERS, "name", &repository)?;
            let digest: Digest = name(operation::REFERRERS, "digest", &digest)?;
            let artifact_type = read.clone()?.string("artifactType")?;
            let pages = manifests.referrer_pages(&repository, &digest, artifact_type.as_deref());
            // A registry may ignore the filter, so the answer is filtered as well.
            let decode = move |answer: &Answer| {
                let mut items = document::items(answer, "manifests", &[])?;
                items.retain(|item| {
                    artifact_type.is_none() || member(item, "artifactType").as_string() == artifact_type
                });
                Ok(items)
            };
            Ok(Pager::new(pages, decode, last_item))
        };
        List::new(operation::REFERRERS, options, open).into()
    }
}

#[derive(Serialize)]
struct Created<'a> {
    digest: &'a str,
}

fn names(
    operation: &'static str,
    repository: &JsValue,
    reference: &JsValue,
) -> Result<(RepositoryName, Reference), Error> {
    Ok((name(operation, "name", repository)?, name(operation, "reference", reference)?))
}

fn last_item(manifest: &JsValue) -> Option<LastItem> {
    document::last_item(manifest, "digest")
}

fn attributes(answer: &Answer) -> Result<JsValue, Error> {
    let attributes = document::object(answer)?;
    document::fill(&member(&attributes, "manifest"), document::ATTRIBUTES);
    Ok(attributes)
}

/// The manifest's bytes, and the same parsed.
fn content(content: &ManifestContent) -> Result<JsValue, Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct ManifestResult<'a> {
        digest: &'a str,
        media_type: &'a str,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        bytes: Uint8Array,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        manifest: JsValue,
    }
    let manifest = document::parse(operation::GET, &content.bytes)?;
    document::fill(&manifest, document::CONTENT);
    Ok(to_js(&ManifestResult {
        digest: content.digest.as_str(),
        media_type: content.media_type.as_str(),
        bytes: Uint8Array::from(content.bytes.as_ref()),
        manifest,
    }))
}

/// What is sent: text and bytes as they are, an object as JSON.
fn payload_of(payload: &JsValue) -> Result<Bytes, Error> {
    if let Some(text) = payload.as_string() {
        return Ok(text.into());
    }
    match bytes(payload) {
        Some(bytes) => Ok(bytes.into()),
        None => object_json(operation::CREATE, "payload", payload).map(Bytes::from),
    }
}
