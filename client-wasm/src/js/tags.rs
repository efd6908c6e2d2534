//! `client.tags`.

use std::sync::Arc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::{promise, signal_of};
use super::answer;
use super::input::{self, Given};
use super::paged::{ItemIterator, Source};
use super::repositories::changes;
use crate::error::Error;
use crate::http::Pipeline;
use crate::operation::tags::{self as operation, TagListOptions};
use crate::operation::{List, Order};

/// The tags of a registry.
#[wasm_bindgen]
pub struct Tags(pub(super) Arc<Pipeline>);

/// The order that the options of a list ask for.
pub(super) fn order_of(operation: &'static str, given: &Given<'_>) -> Result<Option<Order>, Error> {
    match given.text("orderby")?.as_deref() {
        None | Some("none" | "") => Ok(None),
        Some("timeasc") => Ok(Some(Order::TimeAscending)),
        Some("timedesc") => Ok(Some(Order::TimeDescending)),
        Some(_) => {
            Err(Error::invalid_input(operation, "orderby must be \"timeasc\", \"timedesc\" or \"none\""))
        }
    }
}

#[wasm_bindgen]
impl Tags {
    /// Tag_GetList.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<TagAttributesBase>")]
    pub fn list(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "OrderedListOptions & { digest?: string }")]
        options: JsValue,
    ) -> ItemIterator {
        ItemIterator::new(Source {
            pipeline: self.0.clone(),
            list: list(&name, &options),
            member: "tags",
            name: Some("name"),
            lists_of_items: &[],
            only: None,
            otherwise: None,
            signal: signal_of(&options),
        })
    }

    /// Tag_GetAttributes.
    #[wasm_bindgen(js_name = "getAttributes", unchecked_return_type = "Promise<TagAttributes>")]
    pub fn get_attributes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let pipeline = self.0.clone();
        promise(&options, async move {
            let name = input::name("Tag_GetAttributes", "name", &name)?;
            let tag = input::name("Tag_GetAttributes", "reference", &reference)?;
            answer::fetch(&pipeline, &operation::attributes(&name, &tag), &[]).await
        })
    }

    /// Tag_UpdateAttributes: what the value leaves out stays. Resolves to the attributes as they are then.
    #[wasm_bindgen(js_name = "updateAttributes", unchecked_return_type = "Promise<TagAttributes>")]
    pub fn update_attributes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ChangeableAttributes")] value: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let pipeline = self.0.clone();
        promise(&options, async move {
            let name = input::name("Tag_UpdateAttributes", "name", &name)?;
            let tag = input::name("Tag_UpdateAttributes", "reference", &reference)?;
            let call = operation::update_attributes(&name, &tag, changes("Tag_UpdateAttributes", &value)?);
            answer::fetch(&pipeline, &call, &[]).await
        })
    }

    /// Tag_Delete: untags. The manifest stays.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let pipeline = self.0.clone();
        promise(&options, async move {
            let name = input::name("Tag_Delete", "name", &name)?;
            let tag = input::name("Tag_Delete", "reference", &reference)?;
            pipeline.delete(&operation::delete(&name, &tag), &operation::attributes(&name, &tag)).await?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

fn list(name: &JsValue, options: &JsValue) -> Result<List, Error> {
    let name = input::name(operation::LIST, "name", name)?;
    let given = Given::options(operation::LIST, options)?;
    let order = order_of(operation::LIST, &given)?;
    let digest = given.member("digest");
    let digest = digest.map(|digest| input::name(operation::LIST, "digest", &digest)).transpose()?;
    operation::list(&name, &TagListOptions { last: given.text("last")?, n: given.small("n")?, order, digest })
}
