//! `client.repositories`.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::respond;
use super::convert::{name, object_json};
use super::document;
use super::list::{ItemIterator, List};
use super::options::Options;
use crate::client::{self, Pager};
use crate::operation::LastItem;
use crate::operation::repositories::{self as operation, ListOptions};

/// `client.repositories`: the repositories of a registry.
#[wasm_bindgen]
pub struct Repositories(client::Repositories);

impl Repositories {
    pub(super) fn new(repositories: client::Repositories) -> Self {
        Self(repositories)
    }
}

#[wasm_bindgen]
impl Repositories {
    /// Repository_GetList: the names, in lexical order.
    #[wasm_bindgen(unchecked_return_type = "PagedAsyncIterableIterator<string>")]
    pub fn list(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListOptions")] options: JsValue,
    ) -> ItemIterator {
        let (repositories, read) = (self.0.clone(), Options::of(operation::LIST, &options));
        let open = move |page_size: Option<u32>| {
            let options = read.clone()?;
            let (last, n) = (options.string("last")?, options.integer("n")?);
            let pages = repositories.pages(&ListOptions { last, n: page_size.or(n) });
            Ok(Pager::new(pages, |answer| document::items(answer, "repositories", &[]), last_name))
        };
        List::new(operation::LIST, options, open).into()
    }

    /// Repository_GetAttributes: counts, times and locks of a repository.
    #[wasm_bindgen(js_name = "getAttributes", unchecked_return_type = "Promise<RepositoryAttributes>")]
    pub fn get_attributes(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request = name(operation::GET_ATTRIBUTES, "name", &repository)
            .map(|repository| self.0.attributes_request(&repository));
        respond(&options, request, document::object_of)
    }

    /// Repository_UpdateAttributes: what `value` leaves out stays. Resolves to the attributes after the change.
    #[wasm_bindgen(js_name = "updateAttributes", unchecked_return_type = "Promise<RepositoryAttributes>")]
    pub fn update_attributes(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "ChangeableAttributes")] value: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request = name(operation::UPDATE_ATTRIBUTES, "name", &repository).and_then(|repository| {
            let patch = object_json(operation::UPDATE_ATTRIBUTES, "value", &value)?;
            Ok(self.0.update_request(&repository, patch.into()))
        });
        respond(&options, request, document::object_of)
    }

    /// Repository_Delete: the repository with all its manifests and tags. Resolves to what was deleted.
    #[wasm_bindgen(unchecked_return_type = "Promise<DeletedRepository>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request =
            name(operation::DELETE, "name", &repository).map(|repository| self.0.delete_request(&repository));
        respond(&options, request, |answer| {
            let deleted = match answer {
                Some(answer) if !answer.body.is_empty() => document::object(&answer)?,
                _ => js_sys::Object::new().into(),
            };
            document::make_lists(&deleted, &["manifestsDeleted", "tagsDeleted"]);
            Ok(deleted)
        })
    }
}

fn last_name(name: &JsValue) -> Option<LastItem> {
    name.as_string().as_deref().map(LastItem::named)
}
