//! `client.tags`.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::respond;
use super::convert::{name, object_json};
use super::document;
use super::list::{ItemIterator, List};
use super::options::Options;
use crate::client::{self, Pager};
use crate::error::Error;
use crate::name::{RepositoryName, TagName};
use crate::operation::Order;
use crate::operation::tags::{self as operation, TagListOptions};

/// `client.tags`: the tags of a registry.
#[wasm_bindgen]
pub struct Tags(client::Tags);

impl Tags {
    pub(super) fn new(tags: client::Tags) -> Self {
        Self(tags)
    }
}

/// The option `orderby` of a list.
pub(super) fn order_of(options: &Options) -> Result<Option<Order>, Error> {
    match options.string("orderby")?.as_deref() {
        None | Some("none") => Ok(None),
        Some("timeasc") => Ok(Some(Order::TimeAscending)),
        Some("timedesc") => Ok(Some(Order::TimeDescending)),
        Some(_) => Err(options.invalid(&["orderby must be \"timeasc\", \"timedesc\" or \"none\""])),
    }
}

fn names(
    operation: &'static str,
    repository: &JsValue,
    reference: &JsValue,
) -> Result<(RepositoryName, TagName), Error> {
    Ok((name(operation, "name", repository)?, name(operation, "reference", reference)?))
}

fn list_options(options: &Options, page_size: Option<u32>) -> Result<TagListOptions, Error> {
    let digest = options.value("digest").map(|digest| name(operation::LIST, "digest", &digest));
    Ok(TagListOptions {
        last: options.string("last")?,
        n: page_size.or(options.integer("n")?),
        order: order_of(options)?,
        digest: digest.transpose()?,
    })
}

#[wasm_bindgen]
impl Tags {
    /// Tag_GetList: the tags of a repository; with `digest`, only the tags on that manifest.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<TagAttributesBase>")]
    pub fn list(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "OrderedListOptions & { digest?: string }")]
        options: JsValue,
    ) -> ItemIterator {
        let (tags, read) = (self.0.clone(), Options::of(operation::LIST, &options));
        let open = move |page_size: Option<u32>| {
            let repository: RepositoryName = name(operation::LIST, "name", &repository)?;
            let pages = tags.pages(&repository, &list_options(&read.clone()?, page_size)?);
            let last_item = |tag: &JsValue| document::last_item(tag, "name");
            Ok(Pager::new(pages, |answer| document::items(answer, "tags", &[]), last_item))
        };
        List::new(operation::LIST, options, open).into()
    }

    /// Tag_GetAttributes: digest, times and locks of a tag.
    #[wasm_bindgen(js_name = "getAttributes", unchecked_return_type = "Promise<TagAttributes>")]
    pub fn get_attributes(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request = names(operation::GET_ATTRIBUTES, &repository, &reference)
            .map(|(repository, tag)| self.0.attributes_request(&repository, &tag));
        respond(&options, request, document::object_of)
    }

    /// Tag_UpdateAttributes: what `value` leaves out stays. Resolves to the attributes after the change.
    #[wasm_bindgen(js_name = "updateAttributes", unchecked_return_type = "Promise<TagAttributes>")]
    pub fn update_attributes(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ChangeableAttributes")] value: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let names = names(operation::UPDATE_ATTRIBUTES, &repository, &reference);
        let request = names.and_then(|(repository, tag)| {
            let patch = object_json(operation::UPDATE_ATTRIBUTES, "value", &value)?;
            Ok(self.0.update_request(&repository, &tag, patch.into()))
        });
        respond(&options, request, document::object_of)
    }

    /// Tag_Delete: removes the tag; the manifest stays.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] reference: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request = names(operation::DELETE, &repository, &reference)
            .map(|(repository, tag)| self.0.delete_request(&repository, &tag));
        respond(&options, request, |_| Ok(JsValue::UNDEFINED))
    }
}
