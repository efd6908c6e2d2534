//! `client.repositories`.

use std::sync::Arc;

use bytes::Bytes;
use js_sys::{Array, JSON, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::{promise, signal_of};
use super::answer;
use super::input::{self, Given};
use super::paged::{ItemIterator, Source, object};
use crate::error::Error;
use crate::http::Pipeline;
use crate::operation::repositories::{self as operation, ListOptions};

/// The repositories of a registry.
#[wasm_bindgen]
pub struct Repositories(pub(super) Arc<Pipeline>);

#[wasm_bindgen]
impl Repositories {
    /// Repository_GetList: the names, in lexical order.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<string>")]
    pub fn list(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListOptions")] options: JsValue,
    ) -> ItemIterator {
        let list = || {
            let given = Given::options(operation::LIST, &options)?;
            operation::list(&ListOptions { last: given.text("last")?, n: given.small("n")? })
        };
        ItemIterator::new(Source {
            pipeline: self.0.clone(),
            list: list(),
            member: "repositories",
            name: None,
            lists_of_items: &[],
            only: None,
            otherwise: None,
            signal: signal_of(&options),
        })
    }

    /// Repository_GetAttributes.
    #[wasm_bindgen(js_name = "getAttributes", unchecked_return_type = "Promise<RepositoryAttributes>")]
    pub fn get_attributes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let pipeline = self.0.clone();
        promise(&options, async move {
            let name = input::name("Repository_GetAttributes", "name", &name)?;
            answer::fetch(&pipeline, &operation::attributes(&name), &[]).await
        })
    }

    /// Repository_UpdateAttributes: what the value leaves out stays. Resolves to the attributes as they are then.
    #[wasm_bindgen(js_name = "updateAttributes", unchecked_return_type = "Promise<RepositoryAttributes>")]
    pub fn update_attributes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ChangeableAttributes")] value: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let pipeline = self.0.clone();
        promise(&options, async move {
            let name = input::name("Repository_UpdateAttributes", "name", &name)?;
            let call = operation::update_attributes(&name, changes("Repository_UpdateAttributes", &value)?);
            answer::fetch(&pipeline, &call, &[]).await
        })
    }

    /// Repository_Delete: the repository with all its manifests and tags. Resolves to what went.
    #[wasm_bindgen(unchecked_return_type = "Promise<DeletedRepository>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let pipeline = self.0.clone();
        promise(&options, async move {
            let name = input::name("Repository_Delete", "name", &name)?;
            let call = operation::delete(&name);
            match pipeline.delete(&call, &operation::attributes(&name)).await? {
                Some(deleted) if !deleted.body.is_empty() => {
                    let deleted = answer::parse(call.operation, &deleted.body)?;
                    answer::fill(&deleted, &["manifestsDeleted", "tagsDeleted"]);
                    Ok(deleted)
                }
                // Gone, and the answer that said what went was lost.
                _ => Ok(object(&[
                    ("manifestsDeleted", Array::new().into()),
                    ("tagsDeleted", Array::new().into()),
                ])),
            }
        })
    }
}

/// Changes of attributes as they go out: as given, so that a switch this client does not know reaches the registry.
pub(super) fn changes(operation: &'static str, value: &JsValue) -> Result<Bytes, Error> {
    let refuse = || Error::invalid_input(operation, "the changed attributes must be an object");
    if !value.is_object() || Array::is_array(value) {
        return Err(refuse());
    }
    let json = JSON::stringify(value).map_err(|_| refuse())?;
    json.as_string().map(Bytes::from).ok_or_else(refuse)
}
