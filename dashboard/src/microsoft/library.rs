//! The module that signs in: `microsoft/src/microsoft.js`, which `boot.js` loads on demand. Typed imports, and futures over them.

use std::sync::Arc;

use acr_client_wasm::{EntraTokenSource, Error, Secret};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use js_sys::{Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::refusal::Cause;
use crate::config::MicrosoftConfig;
use crate::surface::document::base_path;
use crate::surface::{Kind, Surface};

/// The file that Microsoft redirects to, below the page's base address.
const REDIRECT_PAGE: &str = "redirect.html";

#[wasm_bindgen]
extern "C" {
    /// Loads the module. The function is missing where the page is not the dashboard's own.
    #[wasm_bindgen(js_namespace = acrDashboard, js_name = loadMicrosoft, catch)]
    fn load_microsoft() -> Result<Promise, JsValue>;

    /// The module.
    type Module;

    #[wasm_bindgen(method, catch)]
    fn finish(this: &Module, application: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn token(this: &Module, application: &JsValue, scope: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn redirect(
        this: &Module,
        application: &JsValue,
        scope: &str,
        prompt: Option<&str>,
        login_hint: Option<&str>,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn popup(
        this: &Module,
        application: &JsValue,
        scope: &str,
        prompt: Option<&str>,
        login_hint: Option<&str>,
        on_closed: &Closure<dyn Fn()>,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn forget(this: &Module, application: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = signOut)]
    fn sign_out(this: &Module, application: &JsValue) -> Result<Promise, JsValue>;
}

/// What Microsoft shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// What is needed.
    WhereNeeded,
    /// The choice of an account.
    SelectAccount,
    /// Nothing: it answers at once, or refuses.
    Never,
}

impl Prompt {
    fn as_str(self) -> Option<&'static str> {
        match self {
            Self::WhereNeeded => None,
            Self::SelectAccount => Some("select_account"),
            Self::Never => Some("none"),
        }
    }
}

/// A sign-in that has succeeded.
pub(crate) struct SignedIn {
    pub(crate) username: String,
    /// By how many milliseconds Microsoft's clock was ahead of this computer's when it last issued a token.
    pub(crate) clock_offset: Option<i64>,
    /// The id of the tenant that issued the token.
    pub(crate) tenant: Option<String>,
    token: Secret,
}

/// The library, for one application.
#[derive(Clone)]
pub(crate) struct Library {
    config: MicrosoftConfig,
    surface: Surface,
}

impl Library {
    pub(crate) fn new(config: MicrosoftConfig, surface: Surface) -> Self {
        Self { config, surface }
    }

    /// The address that Microsoft redirects to.
    pub(crate) fn redirect_uri(&self) -> String {
        if !self.config.redirect_uri.is_empty() {
            return self.config.redirect_uri.clone();
        }
        let origin = window().location().origin().unwrap_or_default();
        format!("{origin}{}{REDIRECT_PAGE}", base_path())
    }

    /// The outcome of the redirect that the page was opened by; `None` where it was not.
    pub(crate) async fn finish(&self) -> Result<Option<SignedIn>, Cause> {
        let answer = self.call(|module, application| module.finish(application)).await?;
        Ok(signed_in(&answer))
    }

    /// A token of the account that is signed in, renewed where it is about to end.
    pub(crate) async fn token(&self, scope: &str) -> Result<SignedIn, Cause> {
        let answer = self.call(|module, application| module.token(application, scope)).await?;
        signed_in(&answer).ok_or(Cause::Ended)
    }

    /// Leaves for Microsoft. The page is gone when this succeeds.
    pub(crate) async fn redirect(&self, prompt: Prompt, login_hint: Option<&str>) -> Result<(), Cause> {
        let scope = &self.config.scope;
        self.call(|module, application| module.redirect(application, scope, prompt.as_str(), login_hint))
            .await?;
        Ok(())
    }

    /// Signs in in a window of its own. `on_closed` is called where the browser reports it as closed: the sign-in may
    /// still succeed.
    pub(crate) async fn popup(
        &self,
        prompt: Prompt,
        login_hint: Option<&str>,
        on_closed: impl Fn() + 'static,
    ) -> Result<SignedIn, Cause> {
        let scope = &self.config.scope;
        let on_closed = Closure::<dyn Fn()>::new(on_closed);
        let call = |module: &Module, application: &JsValue| {
            module.popup(application, scope, prompt.as_str(), login_hint, &on_closed)
        };
        signed_in(&self.call(call).await?).ok_or(Cause::Cancelled)
    }

    /// Forgets the account and its tokens.
    pub(crate) async fn forget(&self) -> Result<(), Cause> {
        self.call(|module, application| module.forget(application)).await.map(drop)
    }

    /// The same, and leaves for Microsoft to end its session. Where this fails, the account is forgotten and Microsoft's session goes on.
    pub(crate) async fn sign_out(&self) -> Result<(), Cause> {
        self.call(|module, application| module.sign_out(application)).await.map(drop)
    }

    /// Where the registry's client gets tokens of a scope from.
    pub(crate) fn source(&self, scope: &str) -> Arc<dyn EntraTokenSource> {
        Arc::new(Source { library: self.clone(), scope: scope.to_owned() })
    }

    async fn call(
        &self,
        call: impl FnOnce(&Module, &JsValue) -> Result<Promise, JsValue>,
    ) -> Result<JsValue, Cause> {
        let loading = match self.surface.load_microsoft() {
            Some(load) => load().map(|module| Promise::resolve(&module)),
            None => load_microsoft(),
        };
        let loading = loading.map_err(|_| Cause::PartMissing)?;
        let module: Module = JsFuture::from(loading).await.map_err(|_| Cause::PartMissing)?.unchecked_into();
        let application = Object::new();
        for (name, value) in [
            ("clientId", self.config.client_id.as_str().into()),
            ("authority", self.config.authority.as_str().into()),
            ("redirectUri", self.redirect_uri().into()),
            // The gateway's policy lists the pages that may frame it.
            ("hasKnownAncestors", JsValue::from_bool(self.surface.kind() == Kind::Frame)),
        ] {
            let _ = Reflect::set(&application, &name.into(), &value);
        }
        let promise = call(&module, &application).map_err(|error| cause(&error))?;
        JsFuture::from(promise).await.map_err(|error| cause(&error))
    }
}

/// The registry's client asks for a token whenever its own refresh token has ended.
struct Source {
    library: Library,
    scope: String,
}

impl EntraTokenSource for Source {
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>> {
        async move {
            let answer = self.library.token(&self.scope).await;
            answer.map(|signed_in| signed_in.token).map_err(|_| Error::no_token(NO_TOKEN.to_owned()))
        }
        .boxed_local()
    }
}

const NO_TOKEN: &str = "Microsoft issued no token without a new sign-in";

fn signed_in(answer: &JsValue) -> Option<SignedIn> {
    let token = field(answer, "token").as_string().filter(|token| !token.is_empty())?;
    let clock_offset = field(answer, "clockOffset").as_f64();
    Some(SignedIn {
        username: field(answer, "username").as_string().unwrap_or_default(),
        #[allow(
            clippy::cast_possible_truncation,
            reason = "milliseconds since 1970 fit for longer than there are clocks"
        )]
        clock_offset: clock_offset.map(|milliseconds| milliseconds as i64),
        tenant: field(answer, "tenant").as_string(),
        token: Secret::new(token),
    })
}

fn cause(error: &JsValue) -> Cause {
    let text = |name: &str| field(error, name).as_string().unwrap_or_default();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an HTTP status has three digits"
    )]
    let status = field(error, "status").as_f64().map(|status| status as u16);
    Cause::of(&text("code"), &text("message"), status)
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
