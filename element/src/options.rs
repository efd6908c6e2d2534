//! What the glue hands over, read member by member.

use std::rc::Rc;
use std::sync::Arc;

use acr_client_wasm::{FetchTransport, Transport};
use acr_dashboard::embed::{LoadMicrosoft, MicrosoftApplication, Options, StartWorker};
use wasm_bindgen::{JsError, JsValue};

use crate::credential;
use crate::value::{flag, function, text};

/// The options of an element; what is absent has its default.
pub(crate) fn read(given: &JsValue) -> Result<Options, JsError> {
    let emit = function(given, "emit").ok_or_else(|| JsError::new("emit must be a function"))?;
    let emit = move |name: &str, detail: &str, cancelable: bool| {
        let detail = js_sys::JSON::parse(detail).unwrap_or(JsValue::NULL);
        // A glue that throws has stopped nothing.
        let answer = emit.call3(&JsValue::UNDEFINED, &name.into(), &detail, &cancelable.into());
        answer.map_or(true, |answer| !matches!(answer.as_bool(), Some(false)))
    };
    Ok(Options {
        endpoint: text(given, "endpoint"),
        login_server: text(given, "loginServer"),
        route: text(given, "route"),
        host_routing: flag(given, "hostRouting"),
        links: text(given, "links"),
        theme: text(given, "theme"),
        density: text(given, "density"),
        read_only: flag(given, "readOnly"),
        credential: function(given, "getCredential").map(credential::asking),
        transport: function(given, "fetch")
            .map(|fetch| Arc::new(FetchTransport::calling(fetch)) as Arc<dyn Transport>),
        microsoft: microsoft(given),
        start_worker: function(given, "startWorker")
            .map(|start| Rc::new(move || start.call0(&JsValue::UNDEFINED)) as StartWorker),
        load_microsoft: function(given, "loadMicrosoft")
            .map(|load| Rc::new(move || load.call0(&JsValue::UNDEFINED)) as LoadMicrosoft),
        emit: Rc::new(emit),
    })
}

/// The application that signs users in with Microsoft, where the page names one.
fn microsoft(given: &JsValue) -> Option<MicrosoftApplication> {
    let client_id = text(given, "entraClientId");
    (!client_id.is_empty()).then(|| MicrosoftApplication {
        client_id,
        authority: text(given, "entraAuthority"),
        scope: text(given, "entraScope"),
        redirect_uri: text(given, "entraRedirectUri"),
    })
}
